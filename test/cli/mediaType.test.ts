import { expect } from 'chai'
import { mediaTypeOf } from '../../api/cli/mediaType.ts'

describe('the media type of a file', () => {
  it('follows from its name', () => {
    expect(mediaTypeOf('folder/lease.pdf')).to.equal('application/pdf')
    expect(mediaTypeOf('照片.JPG')).to.equal('image/jpeg')
  })

  it('is that of the layout of electronic certificates, also in capitals', () => {
    expect(mediaTypeOf('licence.ofd')).to.equal('application/ofd')
    expect(mediaTypeOf('LICENCE.OFD')).to.equal('application/ofd')
  })

  it('is unknown where the name tells nothing', () => {
    for (const name of ['lease', 'lease.', '.ofd.d/lease', 'lease.unheard-of'])
      expect(mediaTypeOf(name)).to.equal('application/octet-stream')
  })
})
