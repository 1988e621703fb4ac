import { expect } from 'chai'
import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { parseEvidence } from '../../node/core/evidence.ts'
import type { MaterialSubmission } from '../../node/core/statement.ts'
import { reclaimContents } from '../../node/ledger/reclaim.ts'
import { OnceLedger } from '../../node/ledger/onceLedger.ts'
import { SealedAnchorStore } from '../../node/ledger/anchorStore.ts'
import { openAnchoring } from '../../node/ledger/anchoring/anchoring.ts'
import { anchoredLog } from '../../node/ledger/onceLedger.ts'
import { systemClock } from '../../node/ledger/anchoring/clock.ts'
import { LedgerMaterials } from '../../node/materials/ledgerMaterials.ts'
import { Reception } from '../../node/materials/reception.ts'
import { FileContentStore } from '../../node/store/files/fileContentStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { TermIndex } from '../../node/store/terms.ts'
import { codeOf } from '../support/codes.ts'
import { openTestLog } from '../support/log.ts'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAX_CONTENT = 3_000_000
const SMALL_LENGTH = 5_000
const LARGE_LENGTH = 1_000_000

const digestOf = (bytes: Uint8Array) =>
  `sha-256:${createHash('sha256').update(bytes).digest('hex')}`

function submission(content: Partial<MaterialSubmission['content']> = {}): MaterialSubmission {
  return { type: 'T1', content: { mediaType: 'application/pdf', ...content } }
}

async function* inChunks(bytes: Uint8Array, length = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield randomBytes(LARGE_LENGTH)
  throw new Error('the line broke')
}

describe('materials', () => {
  let folder: string
  let contents: FileContentStore
  let store: MemoryKeyValueStore
  let ledger: OnceLedger
  let materials: LedgerMaterials
  let reception: Reception
  let log: Awaited<ReturnType<typeof openTestLog>>

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'once-materials-'))
    store = new MemoryKeyValueStore()
    await open()
  })
  afterEach(async () => {
    await close()
    await rm(folder, { recursive: true })
  })

  async function open(): Promise<void> {
    contents = await FileContentStore.open(folder, { reserve: 0 })
    log = await openTestLog({ store })
    const anchors = new SealedAnchorStore(store, log.ring, [])
    const anchoring = await openAnchoring([], {
      log: anchoredLog(log),
      store: anchors,
      clock: systemClock,
      random: Math.random,
    })
    ledger = new OnceLedger({ log, store, ring: log.ring, anchors, anchoring })
    reception = new Reception(contents, { digests: ['sha-256', 'sm3'], maxContent: MAX_CONTENT })
    const terms = new TermIndex(store, log.ring)
    materials = new LedgerMaterials({ ledger, reception, terms, now: () => Date.UTC(2026, 0, 2) })
  }

  async function close(): Promise<void> {
    await ledger.close()
    await reception.close()
    await contents.close()
  }

  const submit = (content?: Uint8Array | AsyncIterable<Uint8Array>, asked = submission()) =>
    materials.submit({ submission: asked, submitter: 'permits', ...(content && { content }) })
  const readBack = async (id: string, range?: { start: number; end: number }) =>
    buffer(await materials.openContent(id, range))
  const filesLeft = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())

  for (const [name, length] of [
    ['a small content', SMALL_LENGTH],
    ['a large one', LARGE_LENGTH],
  ] as const) {
    it(`gives ${name} back as it came, whole and in ranges, with its digests in the statement`, async () => {
      const bytes = randomBytes(length)
      const { id, evidence } = await submit(inChunks(bytes))
      expect((await readBack(id)).equals(bytes)).to.equal(true)
      const range = { start: length - 1000, end: length - 2 }
      expect((await readBack(id, range)).equals(bytes.subarray(-1000, -1))).to.equal(true)
      const { statement } = parseEvidence(evidence)
      expect(statement).to.deep.include({ kind: 'material.submitted', submitter: 'permits' })
      expect(statement).to.have.nested.property('content.size', length)
      expect(statement).to.have.nested.property('content.digests[0]', digestOf(bytes))
      expect(statement)
        .to.have.nested.property('content.digests[1]')
        .match(/^sm3:[0-9a-f]{64}$/)
    })

    it(`refuses ${name} that is not what was stated, and leaves nothing of it behind`, async () => {
      const bytes = randomBytes(length)
      const other = digestOf(randomBytes(8))
      const refusals = await Promise.all([
        codeOf(submit(inChunks(bytes), submission({ digests: [other] }))),
        codeOf(submit(inChunks(bytes), submission({ size: length + 1 }))),
        codeOf(submit(inChunks(bytes), submission({ kept: 'department' }))),
        codeOf(
          materials.submit({
            submission: submission(),
            submitter: 'permits',
            content: inChunks(bytes),
            promised: [other],
          }),
        ),
      ])
      expect(refusals).to.deep.equal([
        'CONTENT_DIGEST_MISMATCH',
        'CONTENT_SIZE_MISMATCH',
        'CONTENT_KEPT_MISMATCH',
        'CONTENT_DIGEST_MISMATCH',
      ])
      expect(ledger.size).to.equal(0)
      expect(await filesLeft()).to.deep.equal([])
    })
  }

  it('keeps nothing of a content that breaks off or is too large', async () => {
    await submit(broken()).catch((error: unknown) => expect(error).to.be.instanceOf(Error))
    const endless = inChunks(randomBytes(MAX_CONTENT + 1))
    expect(await codeOf(submit(endless))).to.equal('CONTENT_TOO_LARGE')
    expect(ledger.size).to.equal(0)
    expect(await filesLeft()).to.deep.equal([])
  })

  it('refuses an empty content, and a statement about none without digest and size', async () => {
    const codes = await Promise.all(
      [
        submit(new Uint8Array(0)),
        submit(),
        submit(undefined, submission({ digests: [digestOf(randomBytes(1))] })),
        submit(undefined, submission({ size: 3, digests: [`sm3:${'ab'.repeat(32)}`] })),
        submit(undefined, submission({ kept: 'here' })),
      ].map(codeOf),
    )
    expect(codes).to.deep.equal([
      'CONTENT_EMPTY',
      'DIGEST_REQUIRED',
      'CONTENT_SIZE_REQUIRED',
      'DIGEST_REQUIRED',
      'CONTENT_KEPT_MISMATCH',
    ])
  })

  it('refuses a holder code with a wrong check character', async () => {
    const holder = { codeType: '001', code: '91350100M000010Y43' } as const
    const asked = { ...submission(), holder }
    expect(await codeOf(submit(randomBytes(10), asked))).to.equal('USCC_CHECK_CHARACTER_WRONG')
  })

  it('has one file for a large content that was handed in twice under one id', async () => {
    const bytes = randomBytes(LARGE_LENGTH)
    const asked = { ...submission(), id: 'once' }
    const answers = await Promise.all([
      submit(inChunks(bytes), asked),
      submit(inChunks(bytes), asked),
    ])
    expect(answers.map(({ index }) => index)).to.deep.equal([0, 0])
    expect(await filesLeft()).to.have.length(1)
    expect((await readBack('once')).equals(bytes)).to.equal(true)
  })

  for (const length of [SMALL_LENGTH, LARGE_LENGTH]) {
    it(`erases a material of ${length} bytes for good and logs who and why`, async () => {
      const { id, index } = await submit(inChunks(randomBytes(length)))
      const erasure = { reason: 'a court order', legalBasis: 'PIPL art. 47', by: 'operator' }
      const erased = await materials.erase(id, erasure)
      expect(parseEvidence(erased.evidence).statement).to.deep.include({
        kind: 'material.erased',
        material: id,
        index,
        ...erasure,
      })
      expect(await materials.get(id)).to.deep.include({ erased: true, statement: undefined })
      expect(await codeOf(materials.openContent(id))).to.equal('MATERIAL_ERASED')
      expect(await codeOf(materials.evidence(id))).to.equal('MATERIAL_ERASED')
      expect((await materials.erase(id, erasure)).created).to.equal(false)
      const again = materials.erase(id, { ...erasure, reason: 'another' })
      expect(await codeOf(again)).to.equal('MATERIAL_ERASED')
      expect(await codeOf(materials.erase('nobody', erasure))).to.equal('MATERIAL_NOT_FOUND')
    })
  }

  it('moves what is alive when the room of erased contents is reclaimed', async () => {
    const kept = randomBytes(SMALL_LENGTH)
    const { id } = await submit(kept)
    const { id: gone } = await submit(randomBytes(200_000))
    await materials.erase(gone, { reason: 'done', legalBasis: 'none', by: 'operator' })
    // Only segments of earlier starts are reclaimed.
    await close()
    await open()
    await submit(randomBytes(10))
    await close()
    await open()
    const { bytes } = await reclaimContents({ store, contents, writer: log.writer })
    expect(bytes).to.be.greaterThan(190_000)
    expect((await readBack(id)).equals(kept)).to.equal(true)
  })
})
