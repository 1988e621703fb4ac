import { expect } from 'chai'
import { unpackCopy } from '../../node/derived/unpackCopy.ts'
import { readMarks } from '../derived/support/readMark.ts'
import { makePdf } from '../derived/support/samples.ts'
import { holdsSignature, SIGNED_PDF } from '../derived/support/signedPdf.ts'
import type { Counter } from './support/counter.ts'

const ARTICLES = { version: '2026年修订', adoptedAt: '2026-03-01' }

/** PDFs that nothing may be drawn on, or can be. */
export function badDocuments(get: () => Counter): void {
  let c: Counter
  before(() => {
    c = get()
  })

  /** Handed in, released, and fetched as the department gets it: what lies in the cover. */
  async function travelled(content: Uint8Array): Promise<Buffer> {
    const id = await c.handIn('ARTICLES', { fields: ARTICLES }, content)
    const { uses } = c.market.client
    const use = await c.use(await c.askFor(id))
    const { mediaType, bytes } = await uses.document(use)
    expect(mediaType).to.equal('application/pdf')
    const document = await new Response(bytes).bytes()
    const [cover, ...others] = await readMarks(document)
    expect(others).to.deep.equal([])
    expect(cover?.text).to.include('仅供 杨浦区市场监督管理局（示例）')
    const { copy, original } = (await unpackCopy(document)) ?? {}
    // As the receipt of the use has it.
    expect(Buffer.from(copy ?? []).toString()).to.equal(await uses.copy(use))
    const { bytes: kept } = await c.bureau.client.content(id)
    expect(Buffer.from(await new Response(kept).bytes()).equals(content)).to.equal(true)
    return Buffer.from(original ?? [])
  }

  it('travels in a cover, byte for byte, where it is signed, and its signature holds', async () => {
    expect(holdsSignature(SIGNED_PDF)).to.equal(true)
    const original = await travelled(SIGNED_PDF)
    expect(original.equals(SIGNED_PDF)).to.equal(true)
    expect(holdsSignature(original)).to.equal(true)
    // Were anything added to it, as marks are, the signature would not cover it.
    expect(holdsSignature(Buffer.concat([original, Buffer.from('\n')]))).to.equal(false)
    original.writeUInt8(original.readUInt8(100) ^ 1, 100)
    expect(holdsSignature(original)).to.equal(false)
  })

  it('travels in a cover, byte for byte, where it is encrypted', async () => {
    const encrypted = await makePdf([{}], (document) =>
      document.encrypt({ userPassword: 'secret', ownerPassword: 'owner' }),
    )
    expect((await travelled(encrypted)).equals(encrypted)).to.equal(true)
  })

  it('travels in a cover, byte for byte, where it is damaged', async () => {
    const whole = Buffer.from(await makePdf([{}, {}]))
    const broken = Buffer.from(whole).fill(0, whole.length >> 2, whole.length >> 1)
    for (const damaged of [whole.subarray(0, whole.length >> 1), broken, Buffer.from('no PDF')])
      expect((await travelled(damaged)).equals(damaged)).to.equal(true)
  })
}
