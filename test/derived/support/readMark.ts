import * as fontkit from '@cantoo/fontkit'
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFNumber,
  PDFRawStream,
  decodePDFRawStream,
} from '@cantoo/pdf-lib'
import type { PDFPage } from '@cantoo/pdf-lib'

/** What a page's mark says and where it lies, read back from the saved bytes by way of its font. */
export interface ReadMark {
  readonly text: string
  /** Width and height of the mark. */
  readonly size: readonly number[]
  /** From the mark to the page. */
  readonly matrix: readonly number[]
  /** Every character of it has an outline in the font that the document carries. */
  readonly isDrawn: boolean
}

export async function readMarks(bytes: Uint8Array): Promise<ReadMark[]> {
  const document = await PDFDocument.load(bytes, { throwOnInvalidObject: true })
  return document.getPages().map(readMark)
}

function readMark(page: PDFPage): ReadMark {
  const xObjects = page.node.Resources()?.lookup(PDFName.XObject, PDFDict)
  const [name = PDFName.of(''), ...others] = (xObjects?.keys() ?? []).filter((key) =>
    key.asString().startsWith('/OnceLedgerMark'),
  )
  const stamp = xObjects?.lookup(name)
  if (!(stamp instanceof PDFRawStream) || others.length > 0) throw new Error('not one mark')
  const drawing = contentOf(page).match(
    new RegExp(String.raw`^q\n(.*) cm\n${name.asString()} Do\nQ$`, 'm'),
  )
  const font = stamp.dict
    .lookup(PDFName.of('Resources'), PDFDict)
    .lookup(PDFName.Font, PDFDict)
    .lookup(PDFName.of('Mark'), PDFDict)
  const codes = textOf(stamp).match(/(?<=<)[0-9A-F]+(?=> Tj)/g) ?? []
  const glyphs = codes.map((line) => (line.match(/.{4}/g) ?? []).map((code) => parseInt(code, 16)))
  const letters = lettersOf(font)
  const text = glyphs.map((line) => line.map((glyph) => letters.get(glyph) ?? '?').join(''))
  return {
    text: text.join('\n'),
    size: stamp.dict
      .lookup(PDFName.of('BBox'), PDFArray)
      .asArray()
      .slice(2)
      .map((value) => (value instanceof PDFNumber ? value.asNumber() : NaN)),
    matrix: drawing?.[1]?.split(' ').map(Number) ?? [],
    isDrawn: hasOutlines(font, glyphs.flat(), letters),
  }
}

export function contentOf({ node }: PDFPage): string {
  const contents = node.Contents()
  const streams = contents instanceof PDFArray ? contents.asArray() : [contents]
  return streams
    .map((entry) => node.context.lookup(entry))
    .map((stream) => (stream instanceof PDFRawStream ? textOf(stream) : ''))
    .join('\n')
}

function textOf(stream: PDFRawStream): string {
  return Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1')
}

function lettersOf(font: PDFDict): ReadonlyMap<number, string> {
  const map = textOf(font.lookup(PDFName.of('ToUnicode')) as PDFRawStream)
  return new Map(
    [...map.matchAll(/<([0-9A-F]{4})> <([0-9A-F]+)>$/gm)].map(([, glyph = '', text = '']) => [
      parseInt(glyph, 16),
      Buffer.from(text, 'hex').swap16().toString('utf16le'),
    ]),
  )
}

function hasOutlines(
  font: PDFDict,
  glyphs: readonly number[],
  letters: ReadonlyMap<number, string>,
): boolean {
  const descendant = font.lookup(PDFName.of('DescendantFonts'), PDFArray).lookup(0, PDFDict)
  const descriptor = descendant.lookup(PDFName.of('FontDescriptor'), PDFDict)
  const file = descriptor.lookup(PDFName.of('FontFile2')) as PDFRawStream
  const face = fontkit.create(decodePDFRawStream(file).decode())
  if (!('getGlyph' in face)) return false
  return glyphs.every(
    (glyph) => letters.get(glyph) === ' ' || (face.getGlyph(glyph)?.path.commands.length ?? 0) > 0,
  )
}
