import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { PDFDocument } from '@cantoo/pdf-lib'
import { expect } from 'chai'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { archive } from '../../node/derived/archive.ts'
import { composeCopy } from '../../node/derived/composeCopy.ts'
import { attachmentsOf } from '../../node/derived/names.ts'
import { appendFiles } from '../../node/derived/pdf/attachments.ts'
import type { Attachment } from '../../node/derived/pdf/attachments.ts'
import { unpackCopy } from '../../node/derived/unpackCopy.ts'
import { codeOf } from '../support/codes.ts'
import { COPY, EVIDENCE, FILES, makePdf, MARK, signPdf } from './support/samples.ts'

const attachments = [COPY, EVIDENCE]

async function markedPdf(bytes: Uint8Array): Promise<Uint8Array> {
  const mediaType = 'application/pdf'
  const { because, bytes: drawn } = await composeCopy({ bytes, mediaType, mark: MARK })
  return appendFiles(drawn, attachmentsOf(FILES, because && { mediaType, bytes }))
}

/** By another tool than ours. */
async function pdfWith(...files: readonly Attachment[]): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.addPage()
  for (const { fileName, bytes } of files) await document.attach(bytes, fileName)
  return document.save()
}

async function unpacked(bytes: Uint8Array) {
  const { form: _, ...files } = (await unpackCopy(bytes)) ?? { form: undefined }
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, Buffer.from(file).toString()]),
  )
}

describe('a copy that is taken apart', () => {
  const [copy, evidence] = attachments.map(({ bytes }) => Buffer.from(bytes).toString())

  it('gives the derived copy and the evidence of a marked PDF', async () => {
    expect(await unpacked(await markedPdf(await makePdf()))).to.deep.equal({ copy, evidence })
  })

  it('gives the untouched original of a cover, too', async () => {
    const signed = signPdf().bytes
    const original = signed.toString()
    expect(await unpacked(await markedPdf(signed))).to.deep.equal({ copy, evidence, original })
  })

  it('gives those of an archive', async () => {
    const content = Readable.from([Buffer.from('a plan')], { objectMode: false })
    const body = archive({ fileName: 'original.txt', content }, MARK, FILES)
    const original = 'a plan'
    expect(await unpacked(await buffer(body))).to.deep.equal({ copy, evidence, original })
  })

  it('is nothing where it is neither PDF nor ZIP', async () => {
    expect(await unpackCopy(Buffer.from('{"v":1}'))).to.equal(undefined)
    expect(await unpackCopy(Buffer.of())).to.equal(undefined)
  })

  it('is refused where it is no copy of ours', async () => {
    const files = { 'copy.json': COPY.bytes, 'evidence.json': EVIDENCE.bytes }
    const stored = zipSync(files, { level: 0 })
    const twice = Buffer.from(
      zipSync({ ...files, 'copy.jsoX': COPY.bytes }, { level: 0 }),
    ).toString('latin1')
    for (const bytes of [
      await makePdf(),
      await pdfWith(COPY),
      await pdfWith(COPY, EVIDENCE, EVIDENCE),
      Buffer.from('%PDF-1.7'),
      zipSync({ 'copy.json': COPY.bytes }, { level: 0 }),
      zipSync({ ...files, 'original.txt': Buffer.alloc(1000) }),
      zipSync({ ...files, 'original.txt': COPY.bytes, 'original.pdf': COPY.bytes }, { level: 0 }),
      Buffer.from(twice.replaceAll('jsoX', 'json'), 'latin1'),
      stored.subarray(0, -1),
    ])
      expect(await codeOf(unpackCopy(bytes))).to.equal('DERIVED_COPY_MALFORMED')
    expect(await codeOf(unpackCopy(stored))).to.equal(undefined)
  })

  it('is read, or refused by name, whatever becomes of its bytes', async () => {
    const sources = [
      await markedPdf(await makePdf()),
      zipSync({ 'copy.json': COPY.bytes, 'evidence.json': EVIDENCE.bytes }, { level: 0 }),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sources),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat({ max: 255 }),
        async (source, at, byte) => {
          const bytes = Buffer.from(source)
          bytes[Math.floor(at * bytes.length)] = byte
          expect(await codeOf(unpackCopy(bytes))).to.be.oneOf([undefined, 'DERIVED_COPY_MALFORMED'])
        },
      ),
    )
  })
})
