import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { once } from 'node:events'
import { createDeflate, deflateSync } from 'node:zlib'
import { PDFDocument, StandardFonts, degrees, rgb } from '@cantoo/pdf-lib'
import type { CopyFiles, Mark } from '../../../node/derived/copyMaker.ts'
import type { Attachment } from '../../../node/derived/pdf/attachments.ts'

export const MARK: Mark = {
  maker: 'qingpu.onceledger.example/log',
  at: Date.parse('2023-08-05T10:00:00+08:00') / 1000,
  department: `0x${'5a'.repeat(20)}`,
  departmentName: '青浦区市场监督管理局',
  officer: '龘䶮',
  cause: '企业设立登记（含分支机构），核验住所使用权“房屋租赁合同”—原件',
  case: '202308050000123',
  matter: 'SPDJ-0001',
  expires: Date.parse('2023-09-01T00:00:00+08:00') / 1000,
  use: `use-${'Ab0_-'.repeat(8)}xyz`,
}

export const COPY: Attachment = {
  fileName: 'copy.json',
  mediaType: 'application/vnd.onceledger.derived-copy+json',
  bytes: Buffer.from('{"kind":"derivedCopy"}'),
}

export const EVIDENCE: Attachment = {
  fileName: 'evidence.json',
  mediaType: 'application/vnd.onceledger.evidence+json',
  bytes: Buffer.from('{"v":1}'),
}

export const FILES: CopyFiles = { copy: COPY.bytes, evidence: EVIDENCE.bytes }

interface Page {
  readonly size?: readonly [width: number, height: number]
  readonly turned?: number
  readonly crop?: readonly [x: number, y: number, width: number, height: number]
}

/** A document with some text on each page, the same bytes for the same pages. */
export async function makePdf(
  pages: readonly Page[] = [{}],
  change: (document: PDFDocument) => unknown = () => {},
): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false })
  const font = await document.embedFont(StandardFonts.Helvetica)
  for (const [index, { size: [width, height] = [595, 842], turned = 0, crop }] of pages.entries()) {
    const page = document.addPage([width, height])
    page.setRotation(degrees(turned))
    if (crop) page.setCropBox(...crop)
    page.drawRectangle({ x: 0, y: 0, width, height, color: rgb(0.97, 0.97, 1) })
    for (let y = 20; y < height; y += 24)
      page.drawText(`Page ${index + 1}: tenant, landlord and rent ${y}`, {
        x: 20,
        y,
        size: 10,
        font,
      })
  }
  await change(document)
  return document.save()
}

/** Objects numbered from 1, the first of them the catalog, and a cross-reference table: a PDF as text. */
export function writePdf(objects: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  const length = () => parts.reduce((sum, part) => sum + part.length, 0)
  const offsets = objects.map((object, index) => {
    const offset = length()
    parts.push(Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n'))
    return offset
  })
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  const size = objects.length + 1
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${length()}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

export const ONE_PAGE = [
  '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>',
  '<</Length 1>>stream\nq\nendstream',
]

/** A signature field, signed over everything but the signature itself, as ISO 32000-2 §12.8.1 has it. */
export function signPdf() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const hole = `<${'0'.repeat(128)}>`
  const draft = writePdf([
    '<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[5 0 R]>>>>',
    ...ONE_PAGE,
    '<</FT/Sig/T(s)/V 6 0 R>>',
    `<</Type/Sig/Filter/Once/ByteRange[0 ${'#'.repeat(10)} ${'#'.repeat(10)} ${'#'.repeat(10)}]/Contents${hole}>>`,
  ]).toString('latin1')
  const from = draft.indexOf(hole)
  const to = from + hole.length
  const numbers = [from, to, draft.length - to].map((number) => String(number).padEnd(10))
  const text = draft.replace(/(?:#{10} ?){3}/, numbers.join(' '))
  const signed = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  const signature = sign(null, signed(Buffer.from(text, 'latin1')), privateKey).toString('hex')
  return {
    bytes: Buffer.from(text.replace(hole, `<${signature}>`), 'latin1'),
    holds: (bytes: Buffer) => {
      const contents = Buffer.from(bytes.toString('latin1', from + 1, to - 1), 'hex')
      return verify(null, signed(bytes), publicKey, contents)
    },
  }
}

/** An object stream that unpacks, twice over, to any number of zeros. */
export async function makeBomb(mebibytes: number): Promise<Buffer> {
  const deflate = createDeflate({ level: 1 })
  const packed: Buffer[] = []
  deflate.on('data', (piece: Buffer) => packed.push(piece))
  const zeros = Buffer.alloc(2 ** 20)
  for (let index = 0; index < mebibytes; index++)
    if (!deflate.write(zeros)) await once(deflate, 'drain')
  deflate.end()
  await once(deflate, 'end')
  const twice = deflateSync(Buffer.concat(packed))
  return writePdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    ...ONE_PAGE,
    Buffer.concat([
      Buffer.from(
        `<</Type/ObjStm/N 1/First 10/Filter[/FlateDecode/FlateDecode]/Length ${twice.length}>>stream\n`,
      ),
      twice,
      Buffer.from('\nendstream'),
    ]),
  ])
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
