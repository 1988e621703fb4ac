import { PDFDocument } from '@cantoo/pdf-lib'
import { expect } from 'chai'
import fc from 'fast-check'
import { composeCopy } from '../../node/derived/composeCopy.ts'
import type { MarkableType } from '../../node/derived/composeCopy.ts'
import { attachmentsOf } from '../../node/derived/names.ts'
import { appendFiles, readAttachments } from '../../node/derived/pdf/attachments.ts'
import { orientationOf } from '../../node/derived/pdf/orientation.ts'
import { makeJpeg, makePng } from './support/pictures.ts'
import { contentOf, readMarks } from './support/readMark.ts'
import { FILES, MARK } from './support/samples.ts'

/** With its files, as it is handed out. */
const compose = async (bytes: Uint8Array, mediaType: MarkableType) => {
  const { because, bytes: drawn } = await composeCopy({ bytes, mediaType, mark: MARK })
  const inside = because && { mediaType, bytes }
  return { because, bytes: appendFiles(drawn, attachmentsOf(FILES, inside)) }
}

async function onlyPage(bytes: Uint8Array) {
  const [page, ...others] = (await PDFDocument.load(bytes)).getPages()
  if (page === undefined || others.length > 0) throw new TypeError('one page')
  return page
}

describe('a marked picture', () => {
  it('stands on one page in full, the mark below and across it', async () => {
    for (const { bytes, because } of [
      await compose(makeJpeg(), 'image/jpeg'),
      await compose(makePng(200, 100), 'image/png'),
    ]) {
      expect(because).to.equal(undefined)
      const page = await onlyPage(bytes)
      expect(page.getWidth()).to.equal(842)
      expect(page.getHeight()).to.be.within(440, 520)
      const content = contentOf(page)
      const [band = NaN] = content.match(/(?<=^1 0 0 1 0 )[\d.]+(?= cm)/m)?.map(Number) ?? []
      expect(content).to.include('842 0 0 421 0 0 cm')
      expect(band + 421).to.be.closeTo(page.getHeight(), 0.001)
      expect(content).to.match(/OnceLedgerMark-\d+ Do\n?$/)
      const names = (await readAttachments(bytes)).map(({ fileName }) => fileName)
      expect(names).to.deep.equal(['copy.json', 'evidence.json'])
    }
  })

  it('has the words of the mark from edge to edge, however wide it is', async () => {
    for (const [width, height, least] of [
      [6000, 400, 6],
      [200, 200, 3],
    ] as const) {
      const { bytes } = await compose(makePng(width, height), 'image/png')
      const [read] = await readMarks(bytes)
      // Light and dark.
      expect(read?.text.match(/^仅供/gm)).to.have.length.above(2 * least - 1)
      expect(read?.isDrawn).to.equal(true)
    }
  })

  // Rows and columns of each orientation, compared by eye with what other programs show.
  const upright = [
    [1, '842 0 0 421 0 0'],
    [2, '-842 0 0 421 842 0'],
    [3, '-842 0 0 -421 842 421'],
    [4, '842 0 0 -421 0 421'],
    [5, '0 -842 -421 0 421 842'],
    [6, '0 -842 421 0 0 842'],
    [7, '0 842 421 0 0 0'],
    [8, '0 842 -421 0 421 0'],
  ] as const
  for (const [orientation, matrix] of upright)
    it(`is upright where the camera was held in orientation ${orientation}`, async () => {
      for (const order of ['big', 'little'] as const) {
        const { bytes } = await compose(makeJpeg(orientation, order), 'image/jpeg')
        expect(contentOf(await onlyPage(bytes))).to.include(`${matrix} cm`)
      }
    })

  it('is upright where the camera says nonsense', () => {
    expect(orientationOf(makeJpeg(9))).to.equal(1)
    expect(orientationOf(makeJpeg(0))).to.equal(1)
    const bytes = makeJpeg(6)
    for (let length = 0; length < 40; length++)
      expect(orientationOf(bytes.subarray(0, length))).to.be.oneOf([1, 6])
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        const head = bytes.subarray(0, 12)
        expect(orientationOf(Buffer.concat([head, noise]))).to.be.within(1, 8)
      }),
    )
  })
})

describe('a picture in a cover', () => {
  const damaged: Readonly<Record<string, readonly [Uint8Array, MarkableType]>> = {
    'an empty JPEG': [Buffer.of(), 'image/jpeg'],
    'a JPEG that was cut off': [makeJpeg().subarray(0, -2), 'image/jpeg'],
    'a JPEG without a picture': [Buffer.from('ffd8ffd9', 'hex'), 'image/jpeg'],
    'a PNG that calls itself JPEG': [makePng(2, 2), 'image/jpeg'],
    'an empty PNG': [Buffer.of(), 'image/png'],
    'a PNG that was cut off': [makePng(20, 20).subarray(0, -12), 'image/png'],
    'a PNG without an area': [makePng(0, 0), 'image/png'],
  }
  for (const [what, [bytes, mediaType]] of Object.entries(damaged))
    it(`is ${what}, untouched`, async () => {
      const composed = await compose(bytes, mediaType)
      expect(composed.because).to.equal('damaged')
      const original = (await readAttachments(composed.bytes)).at(-1)
      expect(original?.mediaType).to.equal(mediaType)
      expect(Buffer.from(original?.bytes ?? []).equals(bytes)).to.equal(true)
    })

  it('is a PNG that claims more than is decoded', async () => {
    const bytes = makePng(2, 2, { width: 100_000, height: 100_000 })
    expect((await compose(bytes, 'image/png')).because).to.equal('heavy')
  })
})
