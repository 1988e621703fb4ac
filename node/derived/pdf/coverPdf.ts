import { PDFDocument, drawObject, rgb } from '@cantoo/pdf-lib'
import type { MarkText } from '../markText.ts'
import { Lettering } from './lettering.ts'
import { composeStamp } from './stamp.ts'
import type { CoverReason } from '../../core/statements/use.ts'

/** A4 in points. */
const SHEET = { width: 595, height: 842 }
const MARGIN = 60
const LABELS = 80
const INK = rgb(0.1, 0.1, 0.1)

const WHY: Readonly<Record<CoverReason, string>> = {
  signed: '原件带有电子签名，任何改动都会使签名失效，因此原件未加标记，原样附于本封面之内。',
  encrypted: '原件已加密，因此未加标记，原样附于本封面之内。',
  damaged: '原件不完整或无法读取，因此未加标记，按收到时的原样附于本封面之内。',
  attachments: '原件自带附件，因此未加标记，原样附于本封面之内。',
  heavy: '原件过大或过于复杂，因此未加标记，原样附于本封面之内。',
}

export interface Original {
  readonly fileName: string
  /** Lower-case hex. */
  readonly sha256: string
}

/** A page that carries the mark for an original that is attached to it untouched. */
export async function composeCover(
  text: MarkText,
  reason: CoverReason,
  original: Original,
): Promise<PDFDocument> {
  const document = await PDFDocument.create({ updateMetadata: false })
  const lettering = await Lettering.embed(document)
  const page = document.addPage([SHEET.width, SHEET.height])
  const stamp = composeStamp(document, lettering, text, SHEET)
  const { lines, size } = layLines(lettering, [
    ...text.rows,
    ['原件附件', original.fileName],
    ['原件摘要', `SHA-256 ${original.sha256}`],
    ['说明', WHY[reason]],
  ])
  const write = (line: string, x: number, y: number, size: number) =>
    page.drawText(line, { x, y, size, font: lettering.font, color: INK })

  write('加注件封面', MARGIN, SHEET.height - MARGIN - 22, 22)
  let y = SHEET.height - MARGIN - 64
  for (const { label, value } of lines) {
    write(label, MARGIN, y, size)
    write(value, MARGIN + LABELS, y, size)
    y -= size * 1.7
  }
  page.pushOperators(drawObject(page.node.newXObject('OnceLedgerMark', stamp)))
  return document
}

interface Line {
  /** Empty where the value goes on from the line before. */
  readonly label: string
  readonly value: string
}

/** All rows in full, in the largest letters with which they have room. */
function layLines(lettering: Lettering, rows: MarkText['rows']) {
  for (let size = 11; ; size -= 1) {
    const lines: Line[] = rows.flatMap(([label, value]) =>
      lettering
        .wrap(lettering.legible(value), size, SHEET.width - 2 * MARGIN - LABELS)
        .map((line, at) => ({ label: at === 0 ? label : '', value: line })),
    )
    const room = (SHEET.height - 2 * MARGIN - 64) / (size * 1.7)
    if (lines.length <= room || size <= 4) return { lines, size }
  }
}
