import { Readable } from 'node:stream'
import { expect } from 'chai'
import { LedgerError } from '../../node/core/errors.ts'
import type { DrawnDocument, UseReleased } from '../../node/core/statements/use.ts'
import { encodeDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import type { DerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import type { CopyFiles, CopyMaker, Source } from '../../node/derived/copyMaker.ts'
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

const DRAWN: DrawnDocument = { digests: [`sha-256:${'2'.repeat(64)}`], size: 9 }
const RECEIPT = { kind: 'use.released', document: DRAWN } as unknown as UseReleased

function scene(copy: DerivedCopy, refused?: LedgerError) {
  const asked: string[] = []
  const orders: { source: Source; files: CopyFiles; drawn: DrawnDocument | undefined }[] = []
  const maker: Pick<CopyMaker, 'make'> = {
    async make(source, _, files, drawn) {
      orders.push({ source, files, drawn })
      const body = Readable.from([])
      return { form: 'marked', mediaType: 'application/pdf', fileName: 'use-1.pdf', body }
    },
  }
  const documents = new UseDocuments({
    maker,
    uses: {
      async openCopy() {
        asked.push('copy')
        if (refused) throw refused
        return Readable.from([encodeDerivedCopy(copy)])
      },
      async get(id) {
        return { id, index: 1, at: '', statement: RECEIPT }
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
  it('is made of the original, the derived copy byte for byte, and the evidence, as it was drawn for its receipt', async () => {
    const { documents, orders } = scene(COPY)
    expect(await documents.open('use-1')).to.include({ form: 'marked', fileName: 'use-1.pdf' })
    const [order] = orders
    expect(order?.source).to.include({ size: 5, mediaType: 'image/png' })
    expect(order?.drawn).to.equal(DRAWN)
    expect(Buffer.from(order?.files.copy ?? [])).to.deep.equal(Buffer.from(encodeDerivedCopy(COPY)))
    expect(Buffer.from(order?.files.evidence ?? [])).to.deep.equal(Buffer.from('{}'))
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
