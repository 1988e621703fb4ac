import {
  beginMarkedContent,
  degrees,
  drawLinesOfText,
  drawRectangle,
  drawText,
  endMarkedContent,
  rgb,
} from '@cantoo/pdf-lib'
import type { Color, PDFDocument, PDFOperator, PDFRef } from '@cantoo/pdf-lib'
import type { MarkText } from '../markText.ts'
import type { Lettering } from './lettering.ts'

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
const RED = rgb(0.75, 0.05, 0.05)
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
    ...drawWatermark(lettering, lettering.legible(text.watermark), sheet),
    ...(foot ? drawFoot(lettering, foot, sheet) : []),
    endMarkedContent(),
  ]
  const stamp = context.formXObject(operators, {
    BBox: context.obj([0, 0, sheet.width, sheet.height]),
    Resources: {
      Font: { Mark: lettering.font.ref },
      ExtGState: {
        Faint: { Type: 'ExtGState', ca: 0.18 },
        Veil: { Type: 'ExtGState', ca: 0.75 },
      },
    },
  })
  return context.register(stamp)
}

function drawWatermark(lettering: Lettering, text: string, { width, height }: Sheet) {
  const angle = Math.atan2(height, width) * 0.55
  const fitting = (0.9 * width) / Math.cos(angle) / lettering.width(text, 1)
  const size = Math.min(fitting, 0.05 * Math.min(width, height))
  const half = lettering.width(text, size) / 2
  const encoded = lettering.encode(text)
  const rise = half * Math.sin(angle) + size
  const draw = (middle: number, shift: number, color: Color) =>
    drawText(encoded, {
      ...UPRIGHT,
      x: width / 2 - half * Math.cos(angle) + shift,
      y: middle - half * Math.sin(angle) - shift,
      rotate: degrees((angle * 180) / Math.PI),
      color,
      font: 'Mark',
      size,
      graphicsState: 'Faint',
    })
  // Thrice, so that no half of a page is without it; with an edge of light, so that it shows on dark pictures.
  return [rise, height / 2, height - rise].flatMap((middle) => [
    ...draw(middle, size / 30, PAPER),
    ...draw(middle, 0, RED),
  ])
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
