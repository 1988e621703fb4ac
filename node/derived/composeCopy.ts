import { createHash } from 'node:crypto'
import type { PDFDocument } from '@cantoo/pdf-lib'
import { describeMark } from './markText.ts'
import type { Mark, MarkText } from './markText.ts'
import { originalName } from './names.ts'
import { attach } from './pdf/attachments.ts'
import type { Attachment } from './pdf/attachments.ts'
import { composeCover } from './pdf/coverPdf.ts'
import { composeImage } from './pdf/imagePdf.ts'
import type { ImageType } from './pdf/imagePdf.ts'
import { markPages } from './pdf/markPdf.ts'
import { openPdf } from './pdf/openPdf.ts'
import { Unmarkable } from './pdf/unmarkable.ts'
import type { Reason } from './pdf/unmarkable.ts'

export type MarkableType = 'application/pdf' | ImageType

export interface Order {
  readonly bytes: Uint8Array
  readonly mediaType: MarkableType
  readonly mark: Mark
  readonly attachments: readonly Attachment[]
  /** Already known: the bytes are not looked into. */
  readonly cover?: Reason
}

export interface Composed {
  /** A PDF. */
  readonly bytes: Uint8Array
  /** Why the original lies in a cover; absent where it is marked itself. */
  readonly because?: Reason
}

/** The same order gives the same bytes. Takes seconds and much memory over large documents: see `copyWorker.ts`. */
export async function composeCopy(order: Order): Promise<Composed> {
  const text = describeMark(order.mark)
  if (order.cover !== undefined) return cover(order, text, order.cover)
  try {
    const document = await composeMarked(order, text)
    await attach(document, order.attachments)
    return { bytes: await save(document) }
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

async function cover(order: Order, text: MarkText, because: Reason): Promise<Composed> {
  const { bytes, mediaType, attachments } = order
  const fileName = originalName(mediaType)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const document = await composeCover(text, because, { fileName, sha256 })
  await attach(document, attachments)
  await attach(document, [{ fileName, mediaType, bytes }], 'Source')
  return { bytes: await save(document), because }
}

function save(document: PDFDocument): Promise<Uint8Array> {
  return document.save({
    addDefaultPage: false,
    updateFieldAppearances: false,
    objectsPerTick: Infinity,
  })
}
