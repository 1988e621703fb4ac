import { Readable } from 'node:stream'
import { expect } from 'chai'
import { LedgerError } from '../../node/core/errors.ts'
import { encodeDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import type { DerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import type { Attachment, CopyMaker, Source } from '../../node/derived/copyMaker.ts'
import { UseDocuments } from '../../node/uses/useDocuments.ts'
import { codeOf } from '../support/codes.ts'
import { MARK } from './support/samples.ts'

const COPY: DerivedCopy = {
  v: 1,
  kind: 'derivedCopy',
  of: { kind: 'material', id: 'm-1' },
  mark: { ...MARK, use: 'use-1' },
  fields: {},
  material: { digests: [`sha-256:${'1'.repeat(64)}`], size: 5, mediaType: 'image/png' },
}

function scene(copy: DerivedCopy, refused?: LedgerError) {
  const asked: string[] = []
  const orders: { source: Source; attachments: readonly Attachment[] }[] = []
  const maker: CopyMaker = {
    async make(source, _, attachments) {
      orders.push({ source, attachments })
      const body = Readable.from([])
      return { form: 'marked', mediaType: 'application/pdf', fileName: 'use-1.pdf', body }
    },
    async close() {},
  }
  const documents = new UseDocuments({
    maker,
    uses: {
      async openCopy() {
        asked.push('copy')
        if (refused) throw refused
        return Readable.from([encodeDerivedCopy(copy)])
      },
      async openContent() {
        asked.push('content')
        return Readable.from([Buffer.from('bytes')])
      },
      async evidence() {
        asked.push('evidence')
        return Buffer.from('{}')
      },
    },
  })
  return { documents, asked, orders }
}

describe('the document of a use', () => {
  it('is made of the original, the derived copy byte for byte, and the evidence', async () => {
    const { documents, orders } = scene(COPY)
    expect(await documents.open('use-1')).to.include({ form: 'marked', fileName: 'use-1.pdf' })
    const [{ source, attachments } = { source: undefined, attachments: [] }] = orders
    expect(source).to.include({ size: 5, mediaType: 'image/png' })
    const files = attachments.map(({ fileName, bytes }) => [fileName, Buffer.from(bytes)])
    expect(files).to.deep.equal([
      ['copy.json', Buffer.from(encodeDerivedCopy(COPY))],
      ['evidence.json', Buffer.from('{}')],
    ])
  })

  it('is not made once the copy is void, whose original nobody opens', async () => {
    const { documents, asked, orders } = scene(
      COPY,
      new LedgerError('forbidden', 'DERIVED_COPY_EXPIRED'),
    )
    expect(await codeOf(documents.open('use-1'))).to.equal('DERIVED_COPY_EXPIRED')
    expect({ asked, orders }).to.deep.equal({ asked: ['copy'], orders: [] })
  })

  it('is not there where only fields were released', async () => {
    const { material: _, ...fieldsOnly } = COPY
    const { documents, asked } = scene(fieldsOnly)
    expect(await codeOf(documents.open('use-1'))).to.equal('USE_WITHOUT_CONTENT')
    expect(asked).to.deep.equal(['copy'])
  })
})
