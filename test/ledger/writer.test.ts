import { expect } from 'chai'
import fc from 'fast-check'
import { parseEntry } from '../../node/core/entry.ts'
import { LedgerError } from '../../node/core/errors.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import { hashLeaf, sha256 } from '../../node/core/hash/hash.ts'
import { verifyConsistency, verifyInclusion } from '../../node/core/merkle/verify.ts'
import { verifyCheckpoint } from '../../node/core/tlog/checkpoint.ts'
import { parseTlogProof } from '../../node/core/tlog/tlogProof.ts'
import { utf8 } from '../../node/core/bytes.ts'
import type { Appended, Draft } from '../../node/ledger/ledger.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import type { Write } from '../../node/store/keyValueStore.ts'
import { openTestLog, TEST_ORIGIN, testStatement } from '../support/log.ts'
import type { TestLog } from '../support/log.ts'
import { codeOf } from '../support/codes.ts'

const idempotent = (key: string, asked: string): Pick<Draft, 'idempotency'> => ({
  idempotency: { principal: 'counter-1', key, fingerprint: sha256(utf8(asked)) },
})

function verifyAnswer(log: TestLog, { evidence, index }: Appended): void {
  const { entry, proof } = parseEvidence(evidence)
  const place = parseTlogProof(proof)
  const trust = { origin: TEST_ORIGIN, key: log.signer.verifierKey }
  const leaf = hashLeaf(utf8(JSON.stringify(entry)))
  expect(place.index).to.equal(index)
  verifyInclusion(leaf, place, verifyCheckpoint(place.checkpoint, trust))
}

/** Fails the commits it is told to, before anything is applied. */
class FailingStore extends MemoryKeyValueStore {
  failure: LedgerError | undefined

  override async commit(writes: readonly Write[]): Promise<void> {
    if (this.failure) throw this.failure
    await super.commit(writes)
  }
}

/** Tells of a commit when it is let to: what was written is there before, as in a database of many threads. */
class SlowStore extends MemoryKeyValueStore {
  #hold: Promise<void> | undefined
  #written: (() => void) | undefined

  /** Resolves once the next commit is written; calling what comes with it ends the commit. */
  async holdNext(append: () => Promise<unknown>): Promise<() => void> {
    const [hold, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    this.#hold = hold.promise
    this.#written = written.resolve
    void append()
    await written.promise
    return hold.resolve
  }

  /** Lets the commit that is held fail, although it was written. */
  failure: Error | undefined

  override async commit(writes: readonly Write[]): Promise<void> {
    await super.commit(writes)
    this.#written?.()
    await this.#hold
    if (this.failure) throw this.failure
  }
}

describe('the writer', () => {
  it('answers each append with an inclusion proof in a signed checkpoint', async () => {
    const log = await openTestLog()
    const drafts = Array.from({ length: 700 }, (_, i) => ({ statement: testStatement(`m${i}`) }))
    const answers = await Promise.all(drafts.map((draft) => log.writer.append(draft)))
    expect(answers.map(({ index }) => index)).to.deep.equal(drafts.map((_, i) => i))
    for (const answer of answers) verifyAnswer(log, answer)
  })

  it('gives the same statement id the same entry, whether it was logged before or waits beside it', async () => {
    const log = await openTestLog()
    const draft = { statement: testStatement('a') }
    const [first, twin] = await Promise.all([log.writer.append(draft), log.writer.append(draft)])
    const later = await log.writer.append(draft)
    expect([first, twin, later].map(({ index }) => index)).to.deep.equal([0, 0, 0])
    expect([first, twin, later].map(({ created }) => created)).to.deep.equal([true, false, false])
    expect(log.reader.published.size).to.equal(1)
  })

  it('refuses another statement under a taken id, logged or waiting', async () => {
    const log = await openTestLog()
    const [, beside] = await Promise.allSettled([
      log.writer.append({ statement: testStatement('a', 'T1') }),
      log.writer.append({ statement: testStatement('a', 'T2') }),
    ])
    const later = log.writer.append({ statement: testStatement('a', 'T3') })
    expect(await codeOf(later)).to.equal('STATEMENT_ID_TAKEN')
    expect(beside).to.have.nested.property('reason.code', 'STATEMENT_ID_TAKEN')
    expect(log.reader.published.size).to.equal(1)
  })

  it('gives the same idempotency key the same answer, byte for byte, however the log has grown', async () => {
    const log = await openTestLog()
    const append = (id: string) =>
      log.writer.append({ statement: testStatement(id), ...idempotent('key', 'request') })
    const first = await append('first')
    for (let i = 0; i < 300; i++) await log.writer.append({ statement: testStatement(`m${i}`) })
    const again = await append('second')
    expect(again).to.deep.equal({ ...first, created: false })
    expect(log.reader.published.size).to.equal(301)
  })

  it('refuses an idempotency key for another request, logged or waiting', async () => {
    const log = await openTestLog()
    const append = (id: string, asked: string) =>
      log.writer.append({ statement: testStatement(id), ...idempotent('key', asked) })
    const [, beside] = await Promise.allSettled([append('a', 'one'), append('b', 'two')])
    expect(beside).to.have.nested.property('reason.code', 'IDEMPOTENCY_KEY_REUSED')
    expect(await codeOf(append('c', 'three'))).to.equal('IDEMPOTENCY_KEY_REUSED')
    expect(log.reader.published.size).to.equal(1)
  })

  it('lets another key of the same statement stand for that request, too', async () => {
    const log = await openTestLog()
    const append = (id: string, key: string) =>
      log.writer.append({ statement: testStatement(id), ...idempotent(key, id) })
    const twins = await Promise.all([append('a', 'one'), append('a', 'two')])
    const last = await append('a', 'three')
    const answers = [...twins, last]
    expect(answers.map(({ index, created }) => [index, created])).to.deep.equal([
      [0, true],
      [0, false],
      [0, false],
    ])
    for (const key of ['one', 'two', 'three'])
      expect(await codeOf(append('b', key))).to.equal('IDEMPOTENCY_KEY_REUSED')
    expect(log.reader.published.size).to.equal(1)
    await openTestLog({ store: log.store })
    expect(await append('a', 'three')).to.deep.equal(last)
  })

  it('keeps idempotency keys of different principals apart', async () => {
    const log = await openTestLog()
    const append = (principal: string, id: string) =>
      log.writer.append({
        statement: testStatement(id),
        idempotency: { principal, key: 'key', fingerprint: sha256(utf8(id)) },
      })
    const answers = await Promise.all([append('one', 'a'), append('two', 'b')])
    expect(answers.map(({ index }) => index)).to.deep.equal([0, 1])
  })

  it('applies nothing of a group that the store refuses, and goes on with the next', async () => {
    const store = new FailingStore()
    const log = await openTestLog({ store })
    await log.writer.append({ statement: testStatement('a') })
    store.failure = new LedgerError('unavailable', 'STORE_FULL')
    const refused = log.writer.append({ statement: testStatement('b') })
    expect(await codeOf(refused)).to.equal('STORE_FULL')
    store.failure = undefined
    const next = await log.writer.append({ statement: testStatement('c') })
    expect(next.index).to.equal(1)
    verifyAnswer(log, next)
    expect((await openTestLog({ store })).reader.published.size).to.equal(2)
  })

  it('stops for good when the store is damaged', async () => {
    const store = new FailingStore()
    const log = await openTestLog({ store })
    store.failure = new LedgerError('corrupt', 'STORE_WRITE_FAILED')
    expect(await codeOf(log.writer.append({ statement: testStatement('a') }))).to.equal(
      'STORE_WRITE_FAILED',
    )
    store.failure = undefined
    expect(await codeOf(log.writer.append({ statement: testStatement('b') }))).to.equal(
      'STORE_WRITE_FAILED',
    )
  })

  it('turns callers away when too many wait', async () => {
    const log = await openTestLog({ queueLimit: 2 })
    const waiting = ['a', 'b', 'c'].map((id) => log.writer.append({ statement: testStatement(id) }))
    expect(await Promise.all(waiting.map(codeOf))).to.deep.equal([
      undefined,
      undefined,
      'LEDGER_BUSY',
    ])
  })

  it('finishes what waits when it closes, and refuses what comes after', async () => {
    const log = await openTestLog()
    const waiting = log.writer.append({ statement: testStatement('a') })
    await log.writer.close()
    expect((await waiting).index).to.equal(0)
    expect(await codeOf(log.writer.append({ statement: testStatement('b') }))).to.equal(
      'LEDGER_CLOSED',
    )
  })

  it('shows an entry that was found a moment before it is published, once it is', async () => {
    const store = new SlowStore()
    const log = await openTestLog({ store })
    const end = await store.holdNext(() => log.writer.append({ statement: testStatement('m1') }))
    expect(log.reader.published.size).to.equal(0)
    const found = Promise.all([log.reader.entry(0), log.reader.openStatement(0)])
    for (const index of [1, -1, 0.5, 2 ** 48])
      expect(await codeOf(log.reader.entry(index)), String(index)).to.equal('ENTRY_NOT_FOUND')
    end()
    const [entry, { statement }] = await found
    expect(log.reader.published.size).to.equal(1)
    expect(parseEntry(entry).kind).to.equal('material.submitted')
    expect(statement.id).to.equal('m1')
  })

  it('keeps nobody waiting for an entry whose commit came to nothing', async () => {
    const store = new SlowStore()
    const log = await openTestLog({ store })
    const draft = { statement: testStatement('m1') }
    let appended: Promise<string | undefined> | undefined
    const end = await store.holdNext(() => (appended = codeOf(log.writer.append(draft))))
    const found = codeOf(log.reader.entry(0))
    store.failure = new Error('the disk is gone')
    end()
    expect(await appended).to.equal('LEDGER_STOPPED')
    expect(await found).to.equal('ENTRY_NOT_FOUND')
  })

  it('never lets time run backwards in the log, not even over a restart', async () => {
    let now = Date.UTC(2026, 0, 2)
    const store = new MemoryKeyValueStore()
    const log = await openTestLog({ store, now: () => now })
    await log.writer.append({ statement: testStatement('a') })
    now -= 60_000
    await log.writer.append({ statement: testStatement('b') })
    const reopened = await openTestLog({ store, now: () => now })
    await reopened.writer.append({ statement: testStatement('c') })
    const times = await Promise.all([0, 1, 2].map((i) => reopened.reader.entry(i)))
    expect(times.map((entry) => parseEntry(entry).at)).to.deep.equal(
      Array.from({ length: 3 }, () => '2026-01-02T00:00:00.000Z'),
    )
  })

  it('erases a data key in the same batch as the statement that says so', async () => {
    const log = await openTestLog()
    await log.writer.append({ statement: testStatement('a') })
    await log.writer.append({
      statement: testStatement('b'),
      erases: { index: 0, location: undefined },
    })
    expect(await codeOf(log.reader.openStatement(0))).to.equal('STATEMENT_ERASED')
    expect(await codeOf(log.writer.append({ statement: testStatement('a') }))).to.equal(
      'STATEMENT_ID_TAKEN',
    )
  })

  it('signs only checkpoints that extend one another, whatever the groups', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }),
        async (groups) => {
          const store = new MemoryKeyValueStore()
          const heads: { size: number; root: Uint8Array }[] = []
          for (const [g, count] of groups.entries()) {
            // A fresh start for each group: what is resumed must equal what was left.
            const log = await openTestLog({ store })
            const appends = Array.from({ length: count }, (_, i) =>
              log.writer.append({ statement: testStatement(`m${g}-${i}`) }),
            )
            for (const answer of await Promise.all(appends)) verifyAnswer(log, answer)
            heads.push(log.reader.published)
            for (const old of heads) {
              const { size } = log.reader.published
              const proof = await log.reader.consistencyProof(old.size, size)
              verifyConsistency(old, log.reader.published, proof)
            }
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})
