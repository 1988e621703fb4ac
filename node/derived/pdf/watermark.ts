import { degrees, drawText, rgb } from '@cantoo/pdf-lib'
import type { Color, PDFOperator } from '@cantoo/pdf-lib'
import type { Lettering } from './lettering.ts'

/** Where it is to be seen, in points: lower left corner and measures. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How a text is laid over an area again and again, all in points but the angle. */
export interface Pattern {
  /** Height of the letters. */
  readonly size: number
  /** Radians, upwards. */
  readonly angle: number
  /** Middles of the texts. */
  readonly places: readonly { readonly x: number; readonly y: number }[]
}

const RED = rgb(0.75, 0.05, 0.05)
const LIGHT = rgb(1, 1, 1)
/** What `drawWatermark` refers to, for the resources of whatever it is drawn in. */
export const WATERMARK_STATES = {
  Dark: { Type: 'ExtGState', ca: 0.26 },
  Light: { Type: 'ExtGState', ca: 0.4 },
}
/** Of the height of a letter: a line of it is so wide, and light and dark lie side by side. */
const SHIFT = 1 / 14
/** Texts one after the other, and rows of them: more are seen by nobody. */
const MOST = 12

/**
 * The text over all of an area, of any shape: whole in its middle, and going on to every edge, where it may be cut.
 *
 * @param length of the text in letters of size 1
 */
export function layPattern(length: number, { x, y, width, height }: Area): Pattern {
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  const angle = Math.atan2(height, width) * 0.55
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  // On a strip, a part of its short side would be too small to be read.
  const wanted = Math.max(0.05 * short, Math.min(0.011 * long, 0.2 * short))
  const size = Math.min(wanted, (0.9 * width) / cos / length)
  const step = Math.max((length + 4) * size, long / MOST)
  const half = (length * size) / 2
  const rise = half * sin + size
  const room = Math.max(height - 2 * rise, 0)
  const whole = Math.max(2, Math.min(MOST, Math.round(room / (14 * size))))
  const pitch = Math.max(room / whole, 2.5 * size)
  const rows = Math.ceil((height / 2 + rise + (width / 2) * Math.tan(angle)) / pitch)
  const columns = Math.ceil((width / 2 + half) / (step * cos))
  const places: { x: number; y: number }[] = []
  for (let row = -rows; row <= rows; row++)
    for (let column = -columns; column <= columns; column++) {
      const [dx, dy] = [column * step * cos, row * pitch + column * step * sin]
      const isSeen =
        Math.abs(dx) < width / 2 + half * cos && Math.abs(dy) < height / 2 + rise - size
      if (isSeen) places.push({ x: x + width / 2 + dx, y: y + height / 2 + dy })
    }
  return { size, angle, places }
}

/**
 * Each text twice, in faint light letters and in faint red ones beside them: one of both shows, on light pictures, on dark
 * ones and on those between.
 */
export function drawWatermark(lettering: Lettering, text: string, area: Area): PDFOperator[] {
  const { size, angle, places } = layPattern(lettering.width(text, 1), area)
  const half = lettering.width(text, size) / 2
  const encoded = lettering.encode(text)
  const draw = (x: number, y: number, color: Color, graphicsState: keyof typeof WATERMARK_STATES) =>
    drawText(encoded, {
      x: x - half * Math.cos(angle),
      y: y - half * Math.sin(angle),
      rotate: degrees((angle * 180) / Math.PI),
      xSkew: degrees(0),
      ySkew: degrees(0),
      color,
      font: 'Mark',
      size,
      graphicsState,
    })
  const shift = size * SHIFT
  return places.flatMap(({ x, y }) => [
    ...draw(x + shift, y - shift, LIGHT, 'Light'),
    ...draw(x, y, RED, 'Dark'),
  ])
}
