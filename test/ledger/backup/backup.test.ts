import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect } from 'chai'
import { createBackup } from '../../../node/ledger/backup/backup.ts'
import { restoreBackup } from '../../../node/ledger/backup/restore.ts'
import type { RestoreTarget } from '../../../node/ledger/backup/restore.ts'
import * as layout from '../../../node/store/layout.ts'
import { decodeLocation } from '../../../node/store/locations.ts'
import { MemoryContentStore } from '../../../node/store/memory/memoryContentStore.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { codeOf } from '../../support/codes.ts'
import { auditAll, openTestLedger } from '../audit/testLedger.ts'
import type { TestLedger } from '../audit/testLedger.ts'

const NOW = Date.UTC(2026, 0, 2)

const emptyTarget = (): RestoreTarget => ({
  store: new MemoryKeyValueStore(),
  contents: new MemoryContentStore(),
})

/** Hands an archive over in pieces that end anywhere. */
function inPieces(archive: Buffer, length = 1000): Readable {
  const pieces = Array.from({ length: Math.ceil(archive.length / length) }, (_, i) =>
    archive.subarray(i * length, (i + 1) * length),
  )
  return Readable.from(pieces)
}

const restoring = (bytes: Buffer) => codeOf(restoreBackup(inPieces(bytes, 50_000), emptyTarget()))

async function openRestored(archive: Buffer): Promise<TestLedger> {
  const { store, contents } = emptyTarget()
  await restoreBackup(inPieces(archive), { store, contents })
  return openTestLedger(store, contents)
}

async function fillLedger(): Promise<TestLedger> {
  const ledger = await openTestLedger()
  await ledger.fill(300)
  for (let i = 0; i < 20; i++) await ledger.keep(`small-${i}`, randomBytes(1_000 + i))
  await ledger.keep('large', randomBytes(700_000), true)
  return ledger
}

async function findingsIn(ledger: TestLedger): Promise<string[]> {
  const { findings } = await auditAll(ledger)
  return findings.map(({ code, where }) => `${code} ${where}`)
}

describe('a backup', () => {
  let ledger: TestLedger
  beforeEach(async () => {
    ledger = await fillLedger()
  })

  it('restores to the same log, with every statement and content', async () => {
    const restored = await openRestored(await buffer(createBackup(ledger, NOW)))
    expect(restored.reader.published).to.deep.equal(ledger.reader.published)
    const { findings, summary } = await auditAll(restored)
    expect(findings).to.deep.equal([])
    expect(summary.contents).to.deep.equal((await auditAll(ledger)).summary.contents)
  })

  it('is the same archive when nothing has changed', async () => {
    const [first, second] = [
      await buffer(createBackup(ledger, NOW)),
      await buffer(createBackup(ledger, NOW)),
    ]
    expect(first.equals(second)).to.equal(true)
  })

  it('of an empty ledger restores to an empty ledger', async () => {
    const restored = await openRestored(await buffer(createBackup(await openTestLedger(), NOW)))
    expect(restored.reader.published.size).to.equal(0)
    expect(await findingsIn(restored)).to.deep.equal([])
  })

  it('holds everything acknowledged before it began, while the ledger goes on', async () => {
    const before = ledger.reader.published.size
    const stop = new AbortController()
    const work = async () => {
      for (let turn = 0; !stop.signal.aborted; turn++) {
        const index = await ledger.keep(`during-${turn}`, randomBytes(3_000), turn % 3 === 0)
        if (turn % 2 === 0) await ledger.erase(`during-${turn}`, index)
        if (turn < 20) await ledger.erase(`small-${turn}`, 300 + turn)
        await new Promise(setImmediate)
      }
    }
    const working = work()
    const archive = await buffer(createBackup(ledger, NOW))
    stop.abort()
    await working
    const restored = await openRestored(archive)
    expect(restored.reader.published.size).to.be.at.least(before)
    expect(restored.reader.published.size).to.be.at.most(ledger.reader.published.size)
    expect(await findingsIn(restored)).to.deep.equal([])
  })

  it('begins its records again when a content is erased between record and copy', async () => {
    const { store, contents } = ledger
    let races = 0
    const racing = Object.assign(Object.create(store) as typeof store, {
      get: (key: string) => store.get(key),
      async *scan(range: Parameters<typeof store.scan>[0]) {
        const isSnapshot = range.gte === undefined && races++ === 0
        const index = isSnapshot ? await ledger.keep('late', randomBytes(10)) : 0
        const pairs = store.scan(range)[Symbol.asyncIterator]()
        const first = await pairs.next()
        if (isSnapshot) await ledger.erase('late', index)
        if (first.done === true) return
        yield first.value
        yield* { [Symbol.asyncIterator]: () => pairs }
      },
    })
    const archive = await buffer(createBackup({ store: racing, contents }, NOW))
    expect(archive.includes('records/2/')).to.equal(true)
    const restored = await openRestored(archive)
    expect(restored.reader.published).to.deep.equal(ledger.reader.published)
    expect(await findingsIn(restored)).to.deep.equal([])
  })

  it('keeps no name, code or content in clear, nor the master key', async () => {
    const secret = 'Zhang San of 1 Yangshupu Road'
    await ledger.keep('named', Buffer.from(secret))
    const archive = await buffer(createBackup(ledger, NOW))
    expect(archive.includes('Zhang San')).to.equal(false)
    expect(archive.includes('tester')).to.equal(false)
    expect(archive.includes(Buffer.alloc(32, 7))).to.equal(false)
  })

  it('ends when nobody reads it any more', async () => {
    const backup = createBackup(ledger, NOW)
    await new Promise((resolve) => {
      backup.once('readable', resolve)
    })
    backup.destroy()
    await new Promise((resolve) => {
      backup.once('close', resolve)
    })
    expect(await findingsIn(ledger)).to.deep.equal([])
  })

  it('fails with the place of a content that is gone without an erasure', async () => {
    const location = decodeLocation((await ledger.store.get(layout.locationKey(320)))!)
    await ledger.contents.remove(location)
    expect(await codeOf(buffer(createBackup(ledger, NOW)))).to.equal('CONTENT_MISSING')
  })
})

describe('restoring a backup', () => {
  let archive: Buffer
  before(async () => {
    archive = await buffer(createBackup(await fillLedger(), NOW))
  })

  it('refuses an archive that was cut short, anywhere', async () => {
    for (const share of [0.001, 0.2, 0.5, 0.9, 0.99]) {
      const cut = archive.subarray(0, Math.floor(archive.length * share))
      expect(await restoring(cut), `${share}`).to.be.oneOf(['BACKUP_TRUNCATED', 'BACKUP_MALFORMED'])
    }
    // Without the trailer alone, the rest is a whole tar archive.
    const trailer = archive.lastIndexOf('trailer.json')
    const without = Buffer.concat([archive.subarray(0, trailer), Buffer.alloc(1024)])
    expect(await restoring(without)).to.equal('BACKUP_TRUNCATED')
  })

  it('refuses an archive with one flipped bit in what it holds', async () => {
    for (const needle of ['"origin"', 'e/0000000000', 'c/0000000000', 'm/checkpoint']) {
      const altered = Buffer.from(archive)
      const at = altered.indexOf(needle) + needle.length + 3
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(await restoring(altered), needle).to.be.oneOf(['BACKUP_DAMAGED', 'BACKUP_MALFORMED'])
    }
    for (const share of [0.3, 0.6]) {
      const altered = Buffer.from(archive)
      const at = Math.floor(altered.length * share)
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(await restoring(altered)).to.equal('BACKUP_DAMAGED')
    }
  })

  it('refuses what is no backup', async () => {
    expect(await restoring(Buffer.from('hello'))).to.be.oneOf([
      'BACKUP_MALFORMED',
      'BACKUP_TRUNCATED',
    ])
    expect(await restoring(randomBytes(4096))).to.equal('BACKUP_MALFORMED')
    expect(await restoring(Buffer.alloc(0))).to.equal('BACKUP_TRUNCATED')
  })

  it('refuses a newer version', async () => {
    const newer = Buffer.from(archive)
    const at = newer.indexOf('"v": 1') + 5
    newer.write('7', at)
    expect(await restoring(newer)).to.equal('BACKUP_VERSION_UNSUPPORTED')
  })

  it('passes on why the source failed', async () => {
    const failing = Readable.from(
      (async function* () {
        yield archive.subarray(0, 2000)
        throw Object.assign(new Error('lost'), { code: 'ECONNRESET' })
      })(),
    )
    const failed = await restoreBackup(failing, emptyTarget()).catch((error: unknown) => error)
    expect(failed).to.have.property('code', 'ECONNRESET')
  })
})
