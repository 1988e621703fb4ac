import {
  PDFDocument,
  concatTransformationMatrix,
  drawObject,
  popGraphicsState,
  pushGraphicsState,
} from '@cantoo/pdf-lib'
import type { MarkText } from '../markText.ts'
import { Lettering } from './lettering.ts'
import { orientationOf } from './orientation.ts'
import type { Orientation } from './orientation.ts'
import { composeStamp, layFoot } from './stamp.ts'
import type { Matrix, Sheet } from './stamp.ts'
import { Unmarkable } from './unmarkable.ts'

export type ImageType = 'image/jpeg' | 'image/png'

/** A PNG is decoded for the page, to four bytes for each. */
const MOST_PIXELS = 40_000_000
/** A4, in points, and the narrowest page that a mark is legible on. */
const LONGEST = 842
const NARROWEST = 300

/**
 * The picture on a page of its own, upright, with a band below it that holds the mark.
 *
 * @throws Unmarkable
 */
export async function composeImage(
  bytes: Uint8Array,
  mediaType: ImageType,
  text: MarkText,
): Promise<PDFDocument> {
  if (mediaType === 'image/png') requirePng(bytes)
  else requireJpeg(bytes)
  const document = await PDFDocument.create({ updateMetadata: false })
  const image = await (
    mediaType === 'image/png' ? document.embedPng(bytes) : document.embedJpg(bytes)
  ).catch((cause: unknown) => {
    throw new Unmarkable('damaged', { cause })
  })
  if (!(image.width > 0 && image.height > 0)) throw new Unmarkable('damaged')

  const orientation = mediaType === 'image/jpeg' ? orientationOf(bytes) : 1
  const shown = fit(orientation >= 5 ? { width: image.height, height: image.width } : image)
  const lettering = await Lettering.embed(document)
  const width = Math.max(shown.width, NARROWEST)
  const foot = layFoot(text, lettering, { width, height: Math.max(shown.height, NARROWEST) })
  const sheet = { width, height: shown.height + foot.height }
  const page = document.addPage([sheet.width, sheet.height])
  const stamp = composeStamp(document, lettering, text, sheet, foot)
  page.pushOperators(
    pushGraphicsState(),
    concatTransformationMatrix(1, 0, 0, 1, (width - shown.width) / 2, foot.height),
    concatTransformationMatrix(...uprightMatrix(orientation, shown)),
    drawObject(page.node.newXObject('Image', image.ref)),
    popGraphicsState(),
    drawObject(page.node.newXObject('OnceLedgerMark', stamp)),
  )
  return document
}

/** PNG (Third Edition) §5.2, §11.2.1, §11.2.5: its first bytes, its measures, its end. */
function requirePng(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isWhole =
    bytes.length > 45 &&
    view.getBigUint64(0) === 0x89504e470d0a1a0an &&
    view.getUint32(12) === 0x49484452 &&
    view.getBigUint64(bytes.length - 8) === 0x49454e44ae426082n
  if (!isWhole) throw new Unmarkable('damaged')
  if (view.getUint32(16) * view.getUint32(20) > MOST_PIXELS) throw new Unmarkable('heavy')
}

/** ITU-T T.81 §B.1.1.3: from SOI to EOI. Cameras put previews behind it, so that it is not always at the very end. */
function requireJpeg(bytes: Uint8Array): void {
  const isWhole =
    bytes[0] === 0xff &&
    bytes[1] === 0xd8 &&
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('ffd9', 2, 'hex')
  if (!isWhole) throw new Unmarkable('damaged')
}

function fit({ width, height }: Sheet): Sheet {
  const scale = LONGEST / Math.max(width, height)
  return { width: Math.max(1, width * scale), height: Math.max(1, height * scale) }
}

/** From the unit square, in which pictures are drawn (ISO 32000-2 §8.9.5), to where it is shown. */
function uprightMatrix(orientation: Orientation, { width: w, height: h }: Sheet): Matrix {
  const matrices: Record<Orientation, Matrix> = {
    1: [w, 0, 0, h, 0, 0],
    2: [-w, 0, 0, h, w, 0],
    3: [-w, 0, 0, -h, w, h],
    4: [w, 0, 0, -h, 0, h],
    5: [0, -h, -w, 0, w, h],
    6: [0, -h, w, 0, 0, h],
    7: [0, h, w, 0, 0, 0],
    8: [0, h, -w, 0, w, 0],
  }
  return matrices[orientation]
}
