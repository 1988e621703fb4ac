import { createHash } from 'node:crypto'
import type { PDFDocument } from '@cantoo/pdf-lib'
import type { CoverReason } from '../core/statements/use.ts'
import { digestsOf } from './digests.ts'
import { describeMark } from './markText.ts'
import type { Mark, MarkText } from './markText.ts'
import { COPY_NAME, EVIDENCE_NAME, originalName } from './names.ts'
import { reserveFiles } from './pdf/attachments.ts'
import { composeCover } from './pdf/coverPdf.ts'
import { composeImage } from './pdf/imagePdf.ts'
import type { ImageType } from './pdf/imagePdf.ts'
import { markPages } from './pdf/markPdf.ts'
import { openPdf } from './pdf/openPdf.ts'
import { Unmarkable } from './pdf/unmarkable.ts'

export type MarkableType = 'application/pdf' | ImageType

export interface Order {
  readonly bytes: Uint8Array
  readonly mediaType: MarkableType
  readonly mark: Mark
  /** Already known: the bytes are not looked into. */
  readonly cover?: CoverReason
}

export interface Composed {
  /** A PDF that names the files which are to lie in it: see `appendFiles`. */
  readonly bytes: Uint8Array
  /** Of these bytes, by every algorithm. */
  readonly digests: readonly string[]
  /** Why the original is to lie in a cover; absent where it is marked itself. */
  readonly because?: CoverReason
}

const CARRIED = [COPY_NAME, EVIDENCE_NAME].map(
  (fileName) => ({ fileName, relationship: 'Data' }) as const,
)

/** The same order gives the same bytes. Takes seconds and much memory over large documents: see `copyWorker.ts`. */
export async function composeCopy(order: Order): Promise<Composed> {
  const text = describeMark(order.mark)
  if (order.cover !== undefined) return cover(order, text, order.cover)
  try {
    return await save(await composeMarked(order, text), CARRIED)
  } catch (error) {
    // Whatever else the library throws, it could not read something that it came upon.
    return cover(order, text, error instanceof Unmarkable ? error.reason : 'damaged')
  }
}

async function composeMarked(order: Order, text: MarkText): Promise<PDFDocument> {
  const { bytes, mediaType } = order
  if (mediaType !== 'application/pdf') return composeImage(bytes, mediaType, text)
  const document = await openPdf(bytes)
  await markPages(document, text)
  return document
}

async function cover(order: Order, text: MarkText, because: CoverReason): Promise<Composed> {
  const fileName = originalName(order.mediaType)
  const sha256 = createHash('sha256').update(order.bytes).digest('hex')
  const document = await composeCover(text, because, { fileName, sha256 })
  const carried = [...CARRIED, { fileName, relationship: 'Source' as const }]
  return { ...(await save(document, carried)), because }
}

async function save(
  document: PDFDocument,
  carried: Parameters<typeof reserveFiles>[1],
): Promise<Pick<Composed, 'bytes' | 'digests'>> {
  // What is written late, fonts above all, gets its numbers now: the last ones are those of the files.
  await document.flush()
  reserveFiles(document, carried)
  const bytes = await document.save({
    addDefaultPage: false,
    updateFieldAppearances: false,
    objectsPerTick: Infinity,
    useObjectStreams: false,
  })
  return { bytes, digests: digestsOf(bytes) }
}
