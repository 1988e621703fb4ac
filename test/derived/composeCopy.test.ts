import { expect } from 'chai'
import { composeCopy } from '../../node/derived/composeCopy.ts'
import { PDFDocument, PDFName, PDFString } from '@cantoo/pdf-lib'
import { attachmentsOf } from '../../node/derived/names.ts'
import { appendFiles, readAttachments } from '../../node/derived/pdf/attachments.ts'
import { contentOf, readMarks } from './support/readMark.ts'
import {
  COPY,
  EVIDENCE,
  FILES,
  makePdf,
  MARK,
  ONE_PAGE,
  signPdf,
  writePdf,
} from './support/samples.ts'

/** With its files, as it is handed out. */
const compose = async (bytes: Uint8Array, mark = MARK) => {
  const mediaType = 'application/pdf'
  const { because, bytes: drawn } = await composeCopy({ bytes, mediaType, mark })
  const inside = because && { mediaType, bytes }
  return { because, bytes: appendFiles(drawn, attachmentsOf(FILES, inside)) }
}

/** What the cover around an untouched original says and holds. */
async function openCover(bytes: Uint8Array) {
  const attachments = await readAttachments(bytes)
  return new Map(attachments.map(({ fileName, bytes }) => [fileName, Buffer.from(bytes)]))
}

describe('a marked PDF', () => {
  it('names the matter in words where the catalogue has it', async () => {
    const mark = { ...MARK, matterName: '食品经营许可（新办）' }
    const [first] = await readMarks((await compose(await makePdf([{}]), mark)).bytes)
    expect(first?.text).to.include('办理 食品经营许可（新办） 使用')
    expect(first?.text).to.include('事项 食品经营许可（新办）（SPDJ-0001）')
  })

  it('says on every page whose copy it is, what for and until when, in letters that it carries', async () => {
    const { bytes, because } = await compose(await makePdf([{}, { size: [842, 595] }]))
    expect(because).to.equal(undefined)
    const marks = await readMarks(bytes)
    expect(marks).to.have.length(2)
    for (const { text, isDrawn } of marks) {
      expect(isDrawn).to.equal(true)
      expect(text).to.include('仅供 青浦区市场监督管理局 办理 SPDJ-0001 使用 · 2023-09-01 前有效')
      for (const said of [
        '经办人 龘䶮',
        '办件编号 202308050000123',
        '制作时间 2023-08-05 10:00:00',
        '有效期至 2023-09-01 00:00:00',
        `使用编号 ${MARK.use}`,
        `制作者 ${MARK.maker}`,
        `事由 ${MARK.cause}`,
        MARK.department,
      ])
        expect(text.replaceAll('\n', '')).to.include(said)
    }
  })

  it('keeps what its pages show', async () => {
    const original = await makePdf([{}, {}])
    const { bytes } = await compose(original)
    const before = (await PDFDocument.load(original)).getPages()
    const after = (await PDFDocument.load(bytes)).getPages()
    for (const [index, page] of after.entries()) {
      const shown = before[index]
      if (shown === undefined) throw new TypeError('as many pages as before')
      expect(contentOf(page).startsWith(`q\n\n${contentOf(shown)}`)).to.equal(true)
      expect(page.getSize()).to.deep.equal(shown.getSize())
    }
  })

  it('carries the copy as its data', async () => {
    const { bytes } = await compose(await makePdf())
    const document = await PDFDocument.load(bytes)
    const [attachment, evidence, ...others] = document.getAttachments()
    expect(others).to.deep.equal([])
    expect(evidence).to.include({ name: EVIDENCE.fileName, mimeType: EVIDENCE.mediaType })
    expect(attachment).to.include({ name: COPY.fileName, mimeType: COPY.mediaType })
    expect(attachment?.afRelationship).to.equal('Data')
    expect(Buffer.from(attachment?.data ?? []).equals(COPY.bytes)).to.equal(true)
  })

  it('is upright and inside what is shown, however a page is turned and cropped', async () => {
    const crop = [100, 50, 300, 400] as const
    const pages = [0, 90, 180, 270, -90, 450].map((turned) => ({ turned, crop }))
    const marks = await readMarks((await compose(await makePdf(pages))).bytes)
    expect(marks.map(({ size, matrix }) => ({ size, matrix }))).to.deep.equal([
      { size: [300, 400], matrix: [1, 0, 0, 1, 100, 50] },
      { size: [400, 300], matrix: [0, 1, -1, 0, 400, 50] },
      { size: [300, 400], matrix: [-1, 0, 0, -1, 400, 450] },
      { size: [400, 300], matrix: [0, -1, 1, 0, 100, 450] },
      { size: [400, 300], matrix: [0, -1, 1, 0, 100, 450] },
      { size: [400, 300], matrix: [0, 1, -1, 0, 400, 50] },
    ])
  })

  it('has a mark on each of 300 pages of many sizes', async () => {
    const sizes = Array.from({ length: 300 }, (_, n) => ({ size: [200 + (n % 7), 300] as const }))
    const { bytes } = await compose(await makePdf(sizes))
    const marks = await readMarks(bytes)
    expect(marks.map(({ size }) => size[0])).to.deep.equal(sizes.map(({ size }) => size[0]))
  }).timeout(20_000)

  it('is the same for the same order', async () => {
    const original = await makePdf()
    const [one, other] = [await compose(original), await compose(original)]
    expect(Buffer.from(one.bytes).equals(other.bytes)).to.equal(true)
  })

  it('cuts short what would fill a page, and names letters that the font lacks', async () => {
    const mark = { ...MARK, officer: '𠮷', cause: '事'.repeat(500) }
    const [read] = await readMarks((await compose(await makePdf(), mark)).bytes)
    const watermarks = read?.text.match(/^仅供/gm) ?? []
    expect(read?.text.split('\n')).to.have.length(watermarks.length + 5)
    expect(read?.text).to.match(/事…$/)
    expect(read?.text).to.include('经办人 [U+20BB7] ·')
  })

  it('marks pages that share contents and inherit resources once each', async () => {
    const bytes = writePdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R 5 0 R 3 0 R]/Count 3/Resources<</XObject<<>>>>/MediaBox[0 0 200 200]>>',
      '<</Type/Page/Parent 2 0 R/Contents 6 0 R>>',
      '<</Length 1>>stream\nq\nendstream',
      '<</Type/Page/Parent 2 0 R/Contents 6 0 R>>',
      '[4 0 R]',
    ])
    const { bytes: marked, because } = await compose(bytes)
    expect(because).to.equal(undefined)
    expect(await readMarks(marked)).to.have.length(3)
    for (const page of (await PDFDocument.load(marked)).getPages())
      expect(contentOf(page).match(/ Do$/gm)).to.have.length(1)
  })

  it('takes a page without contents, and signature fields that nobody signed', async () => {
    const bytes = writePdf([
      '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>',
      ONE_PAGE[0] ?? '',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>',
      '<</FT/Sig/T(s)>>',
    ])
    expect((await compose(bytes)).because).to.equal(undefined)
  })
})

describe('a cover', () => {
  it('leaves a signed PDF as it is, so that its signature holds', async () => {
    const signed = signPdf()
    expect(signed.holds(signed.bytes)).to.equal(true)
    const { bytes, because } = await compose(signed.bytes)
    expect(because).to.equal('signed')
    const files = await openCover(bytes)
    expect([...files.keys()]).to.deep.equal(['copy.json', 'evidence.json', 'original.pdf'])
    const original = files.get('original.pdf') ?? Buffer.of()
    expect(original.equals(signed.bytes)).to.equal(true)
    expect(signed.holds(original)).to.equal(true)
  })

  it('says of a PDF with a certified permission that it is signed', async () => {
    const bytes = writePdf(['<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 4 0 R>>>>', ...ONE_PAGE])
    expect((await compose(bytes)).because).to.equal('signed')
  })

  it('leaves an encrypted PDF as it is', async () => {
    const bytes = await makePdf([{}], (document) =>
      document.encrypt({ userPassword: 'secret', ownerPassword: 'owner' }),
    )
    const composed = await compose(bytes)
    expect(composed.because).to.equal('encrypted')
    expect((await openCover(composed.bytes)).get('original.pdf')?.equals(bytes)).to.equal(true)
  })

  it('leaves alone what has attachments, which could pass for ours', async () => {
    const bytes = await makePdf([{}], (document) =>
      document.attach(Buffer.from('{"forged":true}'), COPY.fileName),
    )
    const composed = await compose(bytes)
    expect(composed.because).to.equal('attachments')
    const files = await openCover(composed.bytes)
    expect(files.get(COPY.fileName)?.equals(COPY.bytes)).to.equal(true)
  })

  it('says that it holds a marked copy that somebody hands in', async () => {
    const { bytes } = await compose(await makePdf())
    expect((await compose(bytes)).because).to.equal('attachments')
  })

  it('carries the mark itself, with the digest of the original', async () => {
    const { bytes } = await compose(signPdf().bytes)
    const [read] = await readMarks(bytes)
    expect(read?.text).to.include('仅供 青浦区市场监督管理局')
  })

  for (const [what, bytes] of Object.entries({
    'nothing at all': Buffer.of(),
    'no PDF': Buffer.from('<html>not found</html>'),
    'no pages': writePdf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[]/Count 0>>']),
    'no catalog': writePdf(['<</Type/Whatever>>']),
    'a page tree in a circle': writePdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[2 0 R]/Count 1>>',
    ]),
    'pages that do not exist': writePdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[9 0 R]/Count 1>>',
    ]),
    'contents that do not exist': writePdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      ...ONE_PAGE.slice(0, 2),
    ]),
    'a page without an area': writePdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      ONE_PAGE[0] ?? '',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 0 200]>>',
    ]),
    'a page without a box': writePdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      ONE_PAGE[0] ?? '',
      '<</Type/Page/Parent 2 0 R>>',
    ]),
  }))
    it(`leaves ${what} as it is, as damaged`, async () => {
      const composed = await compose(bytes)
      expect(composed.because).to.equal('damaged')
      const files = await openCover(composed.bytes)
      expect(files.get('original.pdf')?.equals(bytes)).to.equal(true)
    })

  it('leaves a PDF that was cut off as it is, wherever it was cut', async () => {
    const whole = await makePdf([{}, {}])
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const { because } = await compose(whole.subarray(0, Math.floor(whole.length * share)))
      expect(because).to.equal('damaged')
    }
  })

  it('has room for everything in full, however long', async () => {
    const mark = {
      ...MARK,
      cause: '事'.repeat(500),
      officer: '员'.repeat(100),
      departmentName: '局'.repeat(100),
      matterName: '项'.repeat(200),
      maker: 'W'.repeat(512),
    }
    const { bytes } = await compose(Buffer.of(), mark)
    expect((await PDFDocument.load(bytes)).getPageCount()).to.equal(1)
  })
})

describe('a signature', () => {
  it('is found in a field itself, and under a name written in another way', async () => {
    const bytes = await makePdf([{}], (document) => {
      const { context, catalog } = document
      const field = { FT: 'Sig', V: { Contents: PDFString.of('x'), ByteRange: [0, 1, 2, 3] } }
      catalog.set(PDFName.of('AcroForm'), context.obj({ Fields: [context.obj(field)] }))
    })
    expect((await compose(bytes)).because).to.equal('signed')
    const [first, ...rest] = [
      '<</Type/Catalog/Pages 2 0 R/X<</Byte#52ange[0 1 2 3]>>>>',
      ...ONE_PAGE,
    ]
    expect((await compose(writePdf([first ?? '', ...rest]))).because).to.equal('signed')
  })
})
