import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as fontkit from '@cantoo/fontkit'
import type { PDFDocument, PDFFont, PDFHexString } from '@cantoo/pdf-lib'

const FONT = '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'

/** Read once: it has 10 MB, of which a document gets the glyphs that it shows. */
let face: { readonly bytes: Uint8Array; readonly drawn: ReadonlySet<number> } | undefined

function loadFace() {
  if (face !== undefined) return face
  const bytes = readFileSync(createRequire(import.meta.url).resolve(FONT))
  const font = fontkit.create(bytes)
  if (!('characterSet' in font)) throw new TypeError('a single font, not a collection')
  face = { bytes, drawn: new Set(font.characterSet) }
  return face
}

/** Chinese text in one document, measured in points. */
export class Lettering {
  readonly font: PDFFont
  readonly #drawn: ReadonlySet<number>
  /** Widths at size 1. */
  readonly #widths = new Map<string, number>()

  private constructor(font: PDFFont, drawn: ReadonlySet<number>) {
    this.font = font
    this.#drawn = drawn
  }

  static async embed(document: PDFDocument): Promise<Lettering> {
    const { bytes, drawn } = loadFace()
    document.registerFontkit(fontkit)
    return new Lettering(await document.embedFont(bytes, { subset: true }), drawn)
  }

  encode(text: string): PDFHexString {
    return this.font.encodeText(text)
  }

  /** A character that the font lacks is named by its code, so that nothing disappears from a mark. */
  legible(text: string): string {
    return Array.from(text, (character) => {
      const code = character.codePointAt(0) ?? 0
      return this.#drawn.has(code)
        ? character
        : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
    }).join('')
  }

  width(text: string, size: number): number {
    return size * Array.from(text).reduce((sum, character) => sum + this.#unit(character), 0)
  }

  /** Lines no wider than `width`; what is beyond `most` lines ends in an ellipsis. */
  wrap(text: string, size: number, width: number, most = Infinity): string[] {
    const lines: string[] = []
    let line = ''
    let room = width
    for (const piece of this.#unbroken(text, size, width)) {
      const long = this.width(piece, size)
      if (long > room && line !== '') {
        if (lines.length + 1 === most)
          return [...lines, `${Array.from(line).slice(0, -1).join('')}…`]
        lines.push(line)
        line = ''
        room = width
      }
      line += piece
      room -= long
    }
    return [...lines, line]
  }

  /**
   * Chinese breaks between any two characters; numbers, dates and Latin words, with a bracket around them, only where a
   * line has no room for them.
   */
  #unbroken(text: string, size: number, width: number): string[] {
    const pieces = text.match(/[（“《]?[!-~]+[）”》]?|[^!-~]/gu) ?? []
    return pieces.flatMap((piece) =>
      this.width(piece, size) > width ? Array.from(piece) : [piece],
    )
  }

  #unit(character: string): number {
    let unit = this.#widths.get(character)
    if (unit === undefined) {
      unit = this.font.widthOfTextAtSize(character, 1)
      this.#widths.set(character, unit)
    }
    return unit
  }
}
