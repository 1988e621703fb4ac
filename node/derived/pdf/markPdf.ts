import {
  PDFArray,
  PDFDict,
  PDFName,
  PDFRawStream,
  concatTransformationMatrix,
  drawObject,
  popGraphicsState,
  pushGraphicsState,
} from '@cantoo/pdf-lib'
import type { PDFDocument, PDFObject, PDFPage, PDFRef } from '@cantoo/pdf-lib'
import type { MarkText } from '../markText.ts'
import { Lettering } from './lettering.ts'
import { composeStamp, layFoot } from './stamp.ts'
import type { Matrix, Sheet } from './stamp.ts'
import { Unmarkable } from './unmarkable.ts'

const STAMP = 'OnceLedgerMark'

/** Draws the mark over every page, however it is turned and cropped. */
export async function markPages(document: PDFDocument, text: MarkText): Promise<void> {
  const lettering = await Lettering.embed(document)
  const stamps = new Map<string, PDFRef>()
  // A page may stand in the document twice.
  const pages = new Map(document.getPages().map((page) => [page.node, page]))
  for (const page of pages.values()) {
    const { sheet, matrix } = viewOf(page)
    const size = `${sheet.width} ${sheet.height}`
    const stamp =
      stamps.get(size) ??
      composeStamp(document, lettering, text, sheet, layFoot(text, lettering, sheet))
    stamps.set(size, stamp)
    drawOver(document, page, stamp, matrix)
  }
}

/** The page as a reader sees it, and how a point of that lies on the page (ISO 32000-2 §7.7.3.3, §8.3.3). */
function viewOf(page: PDFPage): { readonly sheet: Sheet; readonly matrix: Matrix } {
  const media = page.getMediaBox()
  const crop = page.getCropBox()
  const x = Math.max(media.x, crop.x)
  const y = Math.max(media.y, crop.y)
  const w = Math.min(media.x + media.width, crop.x + crop.width) - x
  const h = Math.min(media.y + media.height, crop.y + crop.height) - y
  // Also what is no number.
  if (!(w >= 1 && h >= 1 && w < 1e6 && h < 1e6)) throw new Unmarkable('damaged')
  const upright = { width: w, height: h }
  const turned = { width: h, height: w }
  switch (((page.getRotation().angle % 360) + 360) % 360) {
    case 90:
      return { sheet: turned, matrix: [0, 1, -1, 0, x + w, y] }
    case 180:
      return { sheet: upright, matrix: [-1, 0, 0, -1, x + w, y + h] }
    case 270:
      return { sheet: turned, matrix: [0, -1, 1, 0, x, y + h] }
    default:
      return { sheet: upright, matrix: [1, 0, 0, 1, x, y] }
  }
}

/**
 * Contents and resources may be shared among pages, and inherited: the page gets its own, which name the same. Its
 * own contents are put between `q` and `Q`, so that the mark does not start in whatever state they end.
 */
function drawOver(document: PDFDocument, page: PDFPage, stamp: PDFRef, matrix: Matrix): void {
  const { context } = document
  const { node } = page
  const resources = copyDict(document, node.Resources())
  const xObjects = copyDict(document, context.lookup(resources.get(PDFName.XObject)))
  const name = xObjects.uniqueKey(STAMP)
  xObjects.set(name, stamp)
  resources.set(PDFName.XObject, xObjects)
  node.set(PDFName.Resources, resources)

  const drawing = context.contentStream([
    pushGraphicsState(),
    concatTransformationMatrix(...matrix),
    drawObject(name),
    popGraphicsState(),
  ])
  const contents = [
    context.getPushGraphicsStateContentStream(),
    ...contentsOf(document, page),
    context.getPopGraphicsStateContentStream(),
    context.register(drawing),
  ]
  node.set(PDFName.Contents, context.obj(contents))
}

function copyDict({ context }: PDFDocument, dict: PDFObject | undefined): PDFDict {
  return dict instanceof PDFDict ? dict.clone(context) : context.obj({})
}

function contentsOf({ context }: PDFDocument, { node }: PDFPage): PDFObject[] {
  const entry = node.get(PDFName.Contents)
  const contents = context.lookup(entry)
  if (entry === undefined || contents === undefined) {
    // A page may be empty, but not refer to what is not there.
    if (entry !== undefined) throw new Unmarkable('damaged')
    return []
  }
  const parts = contents instanceof PDFArray ? contents.asArray() : [entry]
  if (!parts.every((part) => context.lookup(part) instanceof PDFRawStream))
    throw new Unmarkable('damaged')
  return parts
}
