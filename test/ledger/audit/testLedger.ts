import { createHash, randomBytes } from 'node:crypto'
import type { MaterialSubmitted } from '../../../node/core/statement.ts'
import { sha256 } from '../../../node/core/hash/hash.ts'
import { foundBy } from '../../../node/core/terms/foundBy.ts'
import { openLog } from '../../../node/ledger/open.ts'
import type { Log } from '../../../node/ledger/open.ts'
import { auditLedger } from '../../../node/ledger/audit/audit.ts'
import type { AuditParts, AuditOptions, AuditSummary } from '../../../node/ledger/audit/audit.ts'
import type { Finding } from '../../../node/ledger/audit/findings.ts'
import type { ContentStore, Location } from '../../../node/store/contentStore.ts'
import type { KeyValueStore, Write } from '../../../node/store/keyValueStore.ts'
import { MemoryContentStore } from '../../../node/store/memory/memoryContentStore.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { SubmitterBlocks } from '../../../node/materials/submitterBlocks.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { seal } from '../../../node/store/sealing/seal.ts'
import * as layout from '../../../node/store/layout.ts'
import { decodeLocation } from '../../../node/store/locations.ts'
import { TEST_MASTER_KEY, TEST_ORIGIN, testStatement } from '../../support/log.ts'

/** A ledger without its API, on whatever stores. */
export interface TestLedger extends Log, AuditParts {
  /** Entries without contents. */
  fill(count: number): Promise<void>
  /** A material whose content is kept here, in a file of its own if `large`; answers its index. */
  keep(id: string, content: Uint8Array, large?: boolean): Promise<number>
  erase(id: string, index: number): Promise<void>
}

export async function openTestLedger(
  store: KeyValueStore = new MemoryKeyValueStore(),
  contents: ContentStore = new MemoryContentStore(),
): Promise<TestLedger> {
  const reopenRing = () => KeyRing.open(store, TEST_MASTER_KEY)
  const ring = await reopenRing()
  const options = { origin: TEST_ORIGIN, now: Date.now, queueLimit: 10_000, onGroup: () => {} }
  const log = await openLog({ store, ring }, options)
  let filled = 0
  const terms = new TermIndex(store, ring)
  const blocks = new SubmitterBlocks(terms)
  const found = (statement: MaterialSubmitted) => {
    const by = foundBy(statement, { holdsContent: true, isUndecided: true })
    return {
      statement,
      writes: (index: number) => [
        ...terms.writesOf(by, index),
        ...blocks.writes(statement.submitter, index),
      ],
    }
  }

  const keep = async (id: string, content: Uint8Array, large = false): Promise<number> => {
    const dataKey = ring.newDataKey()
    const sealed = seal(dataKey, 'content', content)
    const statement = keptStatement(id, content)
    const location = await (large ? putLarge(sealed) : putSmall(sealed))
    const { index } = await log.writer.append({ ...found(statement), dataKey, location })
    await contents.settle(location)
    return index
  }

  const putSmall = async (sealed: Uint8Array): Promise<Location> =>
    (await contents.putGroup([sealed]))[0] as Location

  const putLarge = async (sealed: Uint8Array): Promise<Location> => {
    const writer = await contents.begin()
    await writer.write(sealed)
    return writer.keep()
  }

  return {
    ...log,
    store,
    contents,
    ring,
    reopenRing,
    keep,
    async fill(count) {
      const ids = Array.from({ length: count }, () => `m${filled++}`)
      const drafts = ids.map((id) => ({
        ...found(testStatement(id)),
        idempotency: { principal: 'tester', key: id, fingerprint: sha256(Buffer.from(id)) },
      }))
      await Promise.all(drafts.map((draft) => log.writer.append(draft)))
    },
    async erase(id, index) {
      const location = await store.get(layout.locationKey(index))
      await log.writer.append({
        statement: {
          v: 1,
          id: `erasure-${index}`,
          kind: 'material.erased',
          material: id,
          index,
          reason: 'the holder asked',
          legalBasis: 'PIPL §47',
          by: 'tester',
        },
        erases: { index, location: location && decodeLocation(location) },
      })
      if (!location) return
      const place = decodeLocation(location)
      await contents.remove(place)
    },
  }
}

function keptStatement(id: string, content: Uint8Array): MaterialSubmitted {
  const digest = (name: string) => createHash(name).update(content).digest('hex')
  return {
    ...testStatement(id),
    content: {
      digests: [`sha-256:${digest('sha256')}`, `sm3:${digest('sm3')}`],
      size: content.length,
      mediaType: 'application/octet-stream',
      kept: 'here',
    },
  }
}

/** The same ledger once more, on a store of its own: what is altered in one does not show in the other. */
export async function copyTestLedger({ store, contents }: AuditParts): Promise<TestLedger> {
  const copy = new MemoryKeyValueStore()
  const writes: Write[] = []
  for await (const [key, value] of store.scan({})) writes.push({ type: 'put', key, value })
  await copy.commit(writes)
  return openTestLedger(copy, contents)
}

/** Everything that the audit finds, and what it says in the end. */
export async function auditAll(
  parts: AuditParts,
  options?: AuditOptions,
): Promise<{ findings: Finding[]; summary: AuditSummary }> {
  const findings: Finding[] = []
  const audit = auditLedger(parts, options)
  for (;;) {
    const { done, value } = await audit.next()
    if (done) return { findings, summary: value }
    findings.push(value)
  }
}

/** Findings as `CODE where`, notes aside. */
export async function faultsIn(parts: AuditParts, options?: AuditOptions): Promise<string[]> {
  const { findings } = await auditAll(parts, options)
  return findings
    .filter(({ level }) => level === 'fault')
    .map(({ code, where }) => `${code} ${where}`)
}

export const remove = (store: KeyValueStore, ...keys: string[]) =>
  store.commit(keys.map((key): Write => ({ type: 'del', key })))

/** Changes the lowest bit of one byte of a stored value. */
export async function flipBit(store: KeyValueStore, key: string, position = -1): Promise<void> {
  const value = await store.get(key)
  if (value === undefined) throw new Error(`nothing to alter at ${key}`)
  const altered = Uint8Array.from(value)
  const at = position < 0 ? altered.length + position : position
  altered[at] = (altered[at] ?? 0) ^ 1
  await store.commit([{ type: 'put', key, value: altered }])
}

/** Entries 0 and 1 have contents, the second in a file of its own; `m0` and so on follow up to 599. */
export async function openOwn(): Promise<TestLedger> {
  const ledger = await openTestLedger()
  await ledger.keep('small', randomBytes(5_000))
  await ledger.keep('large', randomBytes(600_000), true)
  await ledger.fill(598)
  return ledger
}

export const SMALL = 0
export const LARGE = 1
let filled: Promise<TestLedger> | undefined

/** A ledger that may be altered, of 600 entries. */
export async function openFilled(): Promise<TestLedger> {
  return copyTestLedger(await (filled ??= openOwn()))
}
