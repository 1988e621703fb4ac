import { PDFArray, PDFDict, PDFDocument, PDFName, PDFStream } from '@cantoo/pdf-lib'
import type { PDFObject } from '@cantoo/pdf-lib'
import { Unmarkable } from './unmarkable.ts'

const MOST_PAGES = 2000
/** Arrays and dictionaries in each other; a signature lies one or two deep. */
const DEEPEST = 32

/**
 * A document that may be rewritten as a whole. The library reads objects where it finds them, whatever the
 * cross-references say, so what it skipped or never saw has to be noticed here.
 *
 * @throws Unmarkable
 */
export async function openPdf(bytes: Uint8Array): Promise<PDFDocument> {
  requireEnds(bytes)
  const document = await PDFDocument.load(bytes, {
    ignoreEncryption: true,
    throwOnInvalidObject: true,
    updateMetadata: false,
    parseSpeed: Infinity,
  }).catch((cause: unknown) => {
    // Encrypted objects look damaged; the trailer, which tells, is never encrypted (ISO 32000-2 §7.6.2).
    throw new Unmarkable(asBuffer(bytes).includes('/Encrypt') ? 'encrypted' : 'damaged', { cause })
  })
  if (document.isEncrypted) throw new Unmarkable('encrypted')
  if (isSigned(document)) throw new Unmarkable('signed')
  if (hasAttachments(document)) throw new Unmarkable('attachments')
  const pages = document.getPages()
  if (pages.length === 0) throw new Unmarkable('damaged')
  if (pages.length > MOST_PAGES) throw new Unmarkable('heavy')
  return document
}

/** ISO 32000-2 §7.5.2, §7.5.5: what was cut off lacks its end, and would otherwise come out with empty pages. */
function requireEnds(bytes: Uint8Array): void {
  const text = (from: number, to?: number) => asBuffer(bytes).toString('latin1', from, to)
  const begins = text(0, 1024).includes('%PDF-')
  const ends = /startxref\s+\d+\s+%%EOF/.test(text(Math.max(0, bytes.length - 2048)))
  if (!begins || !ends) throw new Unmarkable('damaged')
}

/** ISO 32000-2 §12.8.1: whatever has a byte range is signed over the bytes of the file. */
function isSigned({ context, catalog }: PDFDocument): boolean {
  if (catalog.has(PDFName.of('Perms'))) return true
  return context
    .enumerateIndirectObjects()
    .some(([, object]) => holds(object, PDFName.of('ByteRange'), DEEPEST))
}

function holds(object: PDFObject, key: PDFName, depth: number): boolean {
  if (depth === 0) return false
  if (object instanceof PDFArray)
    return object.asArray().some((member) => holds(member, key, depth - 1))
  const dict = object instanceof PDFStream ? object.dict : object
  if (!(dict instanceof PDFDict)) return false
  return dict.has(key) || dict.values().some((member) => holds(member, key, depth - 1))
}

function hasAttachments({ context, catalog }: PDFDocument): boolean {
  const names = context.lookup(catalog.get(PDFName.of('Names')))
  return (
    (names instanceof PDFDict && names.has(PDFName.of('EmbeddedFiles'))) ||
    catalog.has(PDFName.of('AF'))
  )
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length)
}
