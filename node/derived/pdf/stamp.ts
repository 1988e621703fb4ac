import {
  beginMarkedContent,
  degrees,
  drawLinesOfText,
  drawRectangle,
  endMarkedContent,
  rgb,
} from '@cantoo/pdf-lib'
import type { PDFDocument, PDFOperator, PDFRef } from '@cantoo/pdf-lib'
import type { MarkText } from '../markText.ts'
import type { Lettering } from './lettering.ts'
import { WATERMARK_STATES, drawWatermark } from './watermark.ts'

/** As shown to a reader, upright, in points. */
export interface Sheet {
  readonly width: number
  readonly height: number
}

/** ISO 32000-2 §8.3.3 */
export type Matrix = [a: number, b: number, c: number, d: number, e: number, f: number]

/** Width of A4, for which the sizes of letters are meant; other pages scale them. */
const A4_WIDTH = 595
const INK = rgb(0.6, 0, 0)
const PAPER = rgb(1, 1, 1)
const UPRIGHT = { rotate: degrees(0), xSkew: degrees(0), ySkew: degrees(0) }
/** More would hide what stands at the foot of a page; the attachment says all of it. */
const MOST_LINES = 5

/** The lines at the foot of a page, and how high they stand. */
export interface Foot {
  readonly lines: readonly string[]
  readonly size: number
  readonly margin: number
  readonly height: number
}

/** Scaled with the page, legible on a small one, and never more than a fifth of it. */
export function layFoot(text: MarkText, lettering: Lettering, { width, height }: Sheet): Foot {
  const sentence = ['加注件', ...text.rows.map(([label, value]) => `${label} ${value}`)].join(' · ')
  const legible = lettering.legible(sentence)
  const scale = Math.max(Math.min(width, height) / A4_WIDTH, 0.75)
  for (let size = 6.5 * scale; ; size *= 0.8) {
    const margin = 2 * size
    const lines = lettering.wrap(legible, size, width - 2 * margin, MOST_LINES)
    const foot = { lines, size, margin, height: (lines.length * 1.3 + 1.6) * size }
    if (foot.height <= height / 5 || size < 1) return foot
  }
}

/** The mark as a picture of its own, which every page of this size shows: across it and, where given, at its foot. */
export function composeStamp(
  document: PDFDocument,
  lettering: Lettering,
  text: MarkText,
  sheet: Sheet,
  foot?: Foot,
): PDFRef {
  const { context } = document
  const operators = [
    // Not part of what the page says: whoever reads it aloud or copies its text passes over it.
    beginMarkedContent('Artifact'),
    ...drawWatermark(lettering, lettering.legible(text.watermark), {
      x: 0,
      y: foot?.height ?? 0,
      width: sheet.width,
      height: sheet.height - (foot?.height ?? 0),
    }),
    ...(foot ? drawFoot(lettering, foot, sheet) : []),
    endMarkedContent(),
  ]
  const stamp = context.formXObject(operators, {
    BBox: context.obj([0, 0, sheet.width, sheet.height]),
    Resources: {
      Font: { Mark: lettering.font.ref },
      ExtGState: {
        ...WATERMARK_STATES,
        Veil: { Type: 'ExtGState', ca: 0.75 },
      },
    },
  })
  return context.register(stamp)
}

function drawFoot(lettering: Lettering, foot: Foot, { width }: Sheet): PDFOperator[] {
  const { lines, size, margin, height } = foot
  return [
    ...drawRectangle({
      ...UPRIGHT,
      x: 0,
      y: 0,
      width,
      height,
      borderWidth: 0,
      color: PAPER,
      borderColor: undefined,
      graphicsState: 'Veil',
    }),
    ...drawLinesOfText(
      lines.map((line) => lettering.encode(line)),
      {
        ...UPRIGHT,
        x: margin,
        y: height - margin * 0.4 - size,
        color: INK,
        font: 'Mark',
        size,
        lineHeight: size * 1.3,
      },
    ),
  ]
}
