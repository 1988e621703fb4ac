import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect } from 'chai'
import { PDFDocument } from '@cantoo/pdf-lib'
import type { Verdict } from '../../node/core/verdict.ts'
import { unpackCopy } from '../../node/derived/unpackCopy.ts'
import { WATERMARK_STATES } from '../../node/derived/pdf/watermark.ts'
import { NO_NETWORK, once } from '../cli/support/once.ts'
import { makePdf, sha256, signPdf } from '../derived/support/samples.ts'
import { readMarks } from '../derived/support/readMark.ts'
import { codeOf } from '../support/codes.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { archive } from '../../node/derived/archive.ts'
import { parseDerivedCopy } from '../../node/core/uses/derivedCopy.ts'
import { makePng } from '../derived/support/pictures.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { askFor, Chain, listsOf, MATTER, requestOf, Site, Town } from './support/town.ts'
import type { HolderPlayer } from './support/town.ts'

/** How the red letters of a mark are seen, as it stands in a document. */
const FAINT = `/ca ${WATERMARK_STATES.Dark.ca}`

describe('a material as a department gets it', () => {
  const folder = temporaryFolder()
  let site: Site
  let town: Town
  let owner: HolderPlayer

  before(async function () {
    this.timeout(60_000)
    site = await Site.open()
    town = await Town.found(site)
    owner = await town.register('餐饮企业（示例）')
  })
  after(() => site.close())

  async function use(content: Uint8Array, mediaType = 'application/pdf'): Promise<string> {
    const submission = { type: 'PLAN', content: { mediaType }, holder: owner.code }
    const { id } = await town.bureau.client.submit(submission, Uint8Array.from(content))
    const items = [{ material: id, may: 'copy' } as const]
    const chain = new Chain(town, listsOf({ items, purposes: [{ matter: MATTER }] }))
    const first = `0x${'0'.repeat(63)}1` as const
    await chain.grant(owner, town.market, { items: first, purposes: first })
    const asked = askFor(id, { subject: { kind: 'material', id }, fields: [] })
    const request = requestOf(asked, await chain.authorize(town.market, asked))
    return (await town.market.client.uses.request(request)).id
  }

  /** As the department fetches it, its evidence anchored, in a file. */
  async function fetchDocument(id: string) {
    const { fileName, mediaType, bytes } = await town.market.client.uses.document(id, {
      anchored: true,
    })
    const document = await new Response(bytes).bytes()
    await writeFile(join(folder.path, fileName), document)
    return { fileName, mediaType, document }
  }

  /** Whoever got it checks it, without any network. */
  async function verify(fileName: string, ...more: string[]) {
    const trust = join(site.folder, 'trust.json')
    const { stdout } = await once(['verify', fileName, '--trust', trust, '--json', ...more], {
      cwd: folder.path,
      env: NO_NETWORK,
    })
    const { result, checks } = JSON.parse(stdout) as Verdict
    return { result, content: checks.find(({ check }) => check === 'content')?.code, checks }
  }

  it('is its PDF with the mark on each page, which verifies with what is in it', async () => {
    const id = await use(await makePdf([{}, {}]))
    const { fileName, mediaType, document } = await fetchDocument(id)
    expect({ fileName, mediaType }).to.deep.equal({
      fileName: `${id}.pdf`,
      mediaType: 'application/pdf',
    })
    const marks = await readMarks(document)
    expect(marks).to.have.length(2)
    for (const { text } of marks)
      expect(text).to.include(`仅供 杨浦区市场监督管理局（示例） 办理 ${MATTER} 使用`)
    const { result, content, checks } = await verify(fileName)
    expect(result, JSON.stringify(checks)).to.equal('pass')
    expect(content).to.equal('DERIVED_COPY_PAGES_MATCH')

    // The same by hand: what lies in the document are two plain files.
    const { copy, evidence } = (await unpackCopy(document)) ?? {}
    await writeFile(join(folder.path, 'copy.json'), copy ?? '')
    await writeFile(join(folder.path, 'evidence.json'), evidence ?? '')
    expect((await verify('evidence.json', 'copy.json')).result).to.equal('pass')
  })

  it('is void once its time is over', async () => {
    const { fileName } = await fetchDocument(await use(await makePdf()))
    const { result, content } = await verify(fileName, '--at', '2099-01-01')
    expect({ result, content }).to.deep.equal({ result: 'fail', content: 'DERIVED_COPY_EXPIRED' })
  })

  /** Asks the ledger, as anybody. */
  async function ask(document: Uint8Array) {
    const { result, checks } = await town.market.client.verifyDocument(Uint8Array.from(document))
    const [first] = checks
    return `${result} ${first?.check} ${first?.code}`
  }

  it('is verified by the ledger as well, whoever asks', async () => {
    for (const [bytes, mediaType, code] of [
      [await makePdf(), 'application/pdf', 'DERIVED_COPY_PAGES_MATCH'],
      [makePng(20, 10), 'image/png', 'DERIVED_COPY_PAGES_MATCH'],
      [signPdf().bytes, 'application/pdf', 'DERIVED_COPY_ORIGINAL_MATCHES'],
      [Buffer.from('平面图'), 'application/ofd', 'DERIVED_COPY_ORIGINAL_MATCHES'],
    ] as const) {
      const { document } = await fetchDocument(await use(bytes, mediaType))
      expect(await ask(document), mediaType).to.equal(`pass content ${code}`)
    }
    const handedIn = await makePdf()
    for (const none of [handedIn, Buffer.from('{"v":1}')])
      expect(await ask(none)).to.equal('fail evidence DERIVED_COPY_MALFORMED')
  })

  it('is the same however often it is fetched, but for the evidence in it', async () => {
    const id = await use(await makePdf([{}, { turned: 90 }]))
    const { statement } = parseEvidence(await town.market.client.uses.evidence(id))
    if (statement.kind !== 'use.released') throw new TypeError('was released')
    const { size = 0, digests = [] } = statement.document ?? {}
    for (const _ of [1, 2]) {
      const { document } = await fetchDocument(id)
      expect(`sha-256:${sha256(document.subarray(0, size))}`).to.be.oneOf(digests)
    }
  })

  it('carries the very evidence that the ledger gives', async () => {
    const id = await use(makePng(20, 10), 'image/png')
    const { document } = await fetchDocument(id)
    const attached = (await PDFDocument.load(document)).getAttachments()
    const evidence = attached.find(({ name }) => name === 'evidence.json')?.data ?? []
    expect(Buffer.from(evidence).toString()).to.equal(
      await town.market.client.uses.evidence(id, { anchored: true }),
    )
  })

  it('fails where anything in it was altered, put in or put elsewhere', async () => {
    const [drawn, covered, beside] = await Promise.all(
      [
        [await makePdf(), 'application/pdf'] as const,
        [signPdf().bytes, 'application/pdf'] as const,
        [Buffer.from('平面图'), 'application/ofd'] as const,
      ].map(
        async ([bytes, mediaType]) => (await fetchDocument(await use(bytes, mediaType))).document,
      ),
    )
    if (!drawn || !covered || !beside) throw new TypeError('three forms')
    for (const [what, altered] of Object.entries({
      'a letter of the mark': exchange(drawn, FAINT, '/ca 0.01'),
      'the mark of a cover': exchange(covered, FAINT, '/ca 0.01'),
      'what people read beside an original': exchange(beside, '使用部门', '使用单位'),
      'a page drawn over and saved by another tool': await redraw(drawn),
      'an update behind the end': Buffer.concat([drawn, Buffer.from('%%EOF\n')]),
      'pages of another, with what was attached to these': await transplant(drawn, await makePdf()),
      'an archive in the place of pages': await archived(drawn),
    }))
      expect(await ask(altered), what).to.equal('fail content DERIVED_COPY_ALTERED')
    await writeFile(join(folder.path, 'altered.pdf'), exchange(drawn, FAINT, '/ca 0.01'))
    const { result, content } = await verify('altered.pdf')
    expect({ result, content }).to.deep.equal({ result: 'fail', content: 'DERIVED_COPY_ALTERED' })
  })

  it('is a cover around a PDF that somebody signed, which verifies with its signature whole', async () => {
    const signed = signPdf()
    const { fileName, document } = await fetchDocument(await use(signed.bytes))
    const { original } = (await unpackCopy(document)) ?? {}
    expect(signed.holds(Buffer.from(original ?? []))).to.equal(true)
    expect((await verify(fileName)).result).to.equal('pass')
  })

  it('fails where the cover holds another original', async () => {
    const { document } = await fetchDocument(await use(signPdf().bytes))
    const { copy, evidence } = (await unpackCopy(document)) ?? {}
    const forged = await PDFDocument.create()
    forged.addPage()
    for (const [name, bytes] of Object.entries({
      'copy.json': copy,
      'evidence.json': evidence,
      'original.pdf': signPdf().bytes,
    }))
      await forged.attach(bytes ?? Buffer.of(), name)
    await writeFile(join(folder.path, 'forged.pdf'), await forged.save())
    const { result, content } = await verify('forged.pdf')
    expect({ result, content }).to.deep.equal({
      result: 'fail',
      content: 'DERIVED_COPY_ORIGINAL_MISMATCH',
    })
  })

  it('is an archive of what nothing is drawn on', async () => {
    const id = await use(new TextEncoder().encode('平面图'), 'application/ofd')
    const { fileName, mediaType } = await fetchDocument(id)
    expect({ fileName, mediaType }).to.deep.equal({
      fileName: `${id}.zip`,
      mediaType: 'application/zip',
    })
    expect((await verify(fileName)).result).to.equal('pass')
  })

  it('is for the department that asked, and not even for its holder', async () => {
    const id = await use(await makePdf())
    for (const { client } of [owner, town.bureau])
      expect(await codeOf(client.uses.document(id))).to.equal('USE_NOT_YOURS')
    expect(await codeOf(town.market.client.uses.document('use-nothing'))).to.equal('USE_NOT_FOUND')
  })
})

/** The first occurrence, by as many bytes. */
function exchange(document: Uint8Array, from: string, to: string): Buffer {
  const bytes = Buffer.from(document)
  const at = bytes.indexOf(from)
  if (at < 0 || Buffer.byteLength(from) !== Buffer.byteLength(to))
    throw new TypeError('no such text')
  bytes.write(to, at)
  return bytes
}

async function redraw(document: Uint8Array): Promise<Uint8Array> {
  const loaded = await PDFDocument.load(document)
  loaded.getPage(0).drawRectangle({ x: 0, y: 0, width: 100, height: 100 })
  return loaded.save()
}

async function transplant(document: Uint8Array, pages: Uint8Array): Promise<Uint8Array> {
  const host = await PDFDocument.load(pages)
  for (const { name, data } of (await PDFDocument.load(document)).getAttachments())
    await host.attach(data, name)
  return host.save()
}

async function archived(document: Uint8Array): Promise<Uint8Array> {
  const { copy, evidence } = (await unpackCopy(document)) ?? {}
  if (copy === undefined || evidence === undefined) throw new TypeError('a copy')
  const { mark } = parseDerivedCopy(copy)
  const content = Readable.from([Buffer.from('drawn on')], { objectMode: false })
  return buffer(archive({ fileName: 'drawn.pdf', content }, mark, { copy, evidence }))
}
