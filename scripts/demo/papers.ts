import { PDFDocument, rgb, StandardFonts } from '@cantoo/pdf-lib'

/** A floor plan of some rooms, as an office would scan it. */
export async function drawPlan(title: string): Promise<Uint8Array<ArrayBuffer>> {
  return draw(title, [
    [60, 420, 300, 260, 'Kitchen'],
    [360, 420, 175, 260, 'Cold store'],
    [60, 160, 475, 260, 'Dining room'],
  ])
}

/** A page with a heading. */
export function write(title: string): Promise<Uint8Array<ArrayBuffer>> {
  return draw(title, [])
}

type Room = readonly [x: number, y: number, width: number, height: number, name: string]

/** ISO 216, A4, in points. */
const PAGE: [number, number] = [595, 842]

async function draw(title: string, rooms: readonly Room[]): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.create({ updateMetadata: false })
  const font = await document.embedFont(StandardFonts.Helvetica)
  const page = document.addPage(PAGE)
  page.drawText(title, { x: 60, y: 750, size: 18, font })
  for (const [x, y, width, height, name] of rooms) {
    page.drawRectangle({ x, y, width, height, borderColor: rgb(0, 0, 0), borderWidth: 2 })
    page.drawText(name, { x: x + 16, y: y + 16, size: 12, font })
  }
  return Uint8Array.from(await document.save())
}
