import { PDFDocument, StandardFonts, degrees, rgb } from '@cantoo/pdf-lib'
import type { Mark } from '../../../node/derived/copyMaker.ts'

export const MARK: Mark = {
  maker: 'qingpu.onceledger.example/log',
  at: Date.parse('2023-08-05T10:00:00+08:00') / 1000,
  department: `0x${'5a'.repeat(20)}`,
  departmentName: '青浦区市场监督管理局',
  officer: '龘䶮',
  cause: '企业设立登记（含分支机构），核验住所使用权“房屋租赁合同”—原件',
  case: '202308050000123',
  matter: 'SPDJ-0001',
  expires: Date.parse('2023-09-01T00:00:00+08:00') / 1000,
  use: `use-${'Ab0_-'.repeat(8)}xyz`,
}

interface Page {
  readonly size?: [number, number]
  readonly turned?: number
  readonly crop?: [number, number, number, number]
}

/** A document with some text on each page, the same bytes for the same pages. */
export async function makePdf(pages: readonly Page[] = [{}]): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false })
  const font = await document.embedFont(StandardFonts.Helvetica)
  for (const [index, { size = [595, 842], turned = 0, crop }] of pages.entries()) {
    const page = document.addPage(size)
    page.setRotation(degrees(turned))
    if (crop) page.setCropBox(...crop)
    page.drawRectangle({ x: 0, y: 0, width: size[0], height: size[1], color: rgb(0.97, 0.97, 1) })
    for (let y = 20; y < size[1]; y += 24)
      page.drawText(`Page ${index + 1}: tenant, landlord, address and rent ${y}`, {
        x: 20,
        y,
        size: 10,
        font,
      })
  }
  return document.save()
}
