import { randomBytes } from 'node:crypto'
import { concatBytes } from '../core/bytes.ts'
import { commit, SALT_LENGTH } from '../core/commitment.ts'
import { formatEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { EvidenceComposer } from '../core/evidenceComposer.ts'
import { hashLeaf } from '../core/hash/hash.ts'
import type { TreeBuilder } from '../core/merkle/builder.ts'
import { encodeStatement } from '../core/statement.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import { locationErasures, locationWrites } from '../store/locations.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { SealedStatement, StatementSealer } from '../store/sealing/statementSealer.ts'
import { decide } from './deduplication.ts'
import type { Asked, Decision } from './deduplication.ts'
import { replayKey, sealReplay } from './idempotency.ts'
import type { Appended, Draft, Idempotency } from './ledger.ts'
import type { LogReader } from './reader.ts'
import type { LogSigner } from './signer.ts'

/** Entries in one batch at most: bounds the memory of a group and how long it keeps the event loop. */
const GROUP_LIMIT = 1024

export interface WriterParts {
  readonly store: KeyValueStore
  readonly ring: KeyRing
  readonly tree: TreeBuilder
  readonly reader: LogReader
  readonly signer: LogSigner
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** When the newest entry was logged, milliseconds since 1970: time in the log never runs backwards. */
  readonly lastAt: number
  /** Appends that may wait; beyond, callers are turned away. */
  readonly queueLimit: number
  /** Called after each group with the number of its entries. */
  readonly onGroup: (entries: number) => void
}

interface Waiting extends Asked {
  readonly draft: Draft
  readonly resolve: (appended: Appended) => void
  readonly reject: (reason: unknown) => void
}

/** A draft that gets an entry in this group. */
interface Fresh extends Waiting {
  readonly index: number
  readonly salt: Uint8Array
  readonly dataKey: Uint8Array
  readonly commitment: Uint8Array
  readonly entry: Uint8Array
}

/**
 * The one writer. Appends queue; it takes all that wait, gives them indexes and commits entries,
 * statements, tiles, indexes and idempotency keys in one durable batch; then it answers.
 * The next group gathers while the disk syncs.
 */
export class Writer {
  readonly #parts: WriterParts
  readonly #queue: Waiting[] = []
  readonly #steps: (() => Promise<void>)[] = []
  #working: Promise<void> | undefined
  #stopped: LedgerError | undefined
  readonly #sealer: StatementSealer
  #lastAt: number

  constructor(parts: WriterParts) {
    this.#parts = parts
    this.#sealer = parts.ring.statementSealer()
    this.#lastAt = parts.lastAt
  }

  get waiting(): number {
    return this.#queue.length
  }

  /** Why nothing can be appended any more. */
  get stopped(): LedgerError | undefined {
    return this.#stopped
  }

  async append(draft: Draft): Promise<Appended> {
    if (this.#stopped) throw this.#stopped
    if (this.#queue.length >= this.#parts.queueLimit) {
      throw new LedgerError('tooMany', 'LEDGER_BUSY', { waiting: this.#queue.length })
    }
    const statement = encodeStatement(draft.statement)
    const idKey = layout.idKey(this.#parts.ring.blind('id', draft.statement.id))
    const replay = draft.idempotency && this.#replayOf(draft.idempotency)
    return new Promise((resolve, reject) => {
      this.#queue.push({ draft, statement, idKey, replay, resolve, reject })
      this.#working ??= this.#work()
    })
  }

  /** Runs a step between two groups, while nothing else is committed to the log's records. */
  between<T>(step: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#steps.push(() => step().then(resolve, reject))
      this.#working ??= this.#work()
    })
  }

  /** Finishes what waits and refuses what comes. */
  async close(): Promise<void> {
    this.#stopped ??= new LedgerError('unavailable', 'LEDGER_CLOSED')
    await this.#working
    await this.#sealer.close()
  }

  #replayOf({ fingerprint, ...name }: Idempotency): Asked['replay'] {
    return { key: replayKey(this.#parts.ring, name), fingerprint }
  }

  async #work(): Promise<void> {
    // One turn of the event loop lets every request that has already arrived join the group.
    await new Promise(setImmediate)
    while (this.#queue.length > 0 || this.#steps.length > 0) {
      for (const step of this.#steps.splice(0)) await step()
      const group = this.#queue.splice(0, GROUP_LIMIT)
      if (group.length === 0) continue
      try {
        await this.#commit(group)
      } catch (error) {
        this.#fail(group, error)
      }
    }
    this.#working = undefined
  }

  #fail(group: readonly Waiting[], error: unknown): void {
    this.#parts.tree.rollback()
    this.#parts.reader.abandon()
    const known = isLedgerError(error)
      ? error
      : new LedgerError('corrupt', 'LEDGER_STOPPED', {}, { cause: error })
    if (known.kind === 'corrupt') {
      // After damage, or a mistake of ours, a further write could only spread it.
      this.#stopped = known
      for (const waiting of this.#queue.splice(0)) waiting.reject(known)
    }
    // Settling a promise twice does nothing: whoever has an answer keeps it.
    for (const waiting of group) waiting.reject(known)
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const { store, reader, ring, tree, signer, onGroup } = this.#parts
    const decisions = await decide(group, { store, reader, ring })
    const fresh = this.#prepare(group, decisions)
    if (fresh.size > 0) {
      const entries = [...fresh.values()]
      // Statements are sealed elsewhere while the tree is hashed here.
      const sealing = this.#sealStatements(entries)
      for (const { entry } of entries) tree.append(hashLeaf(entry))
      const root = tree.root()
      const note = signer.sign(tree.size, root)
      const composer = new EvidenceComposer(note, [])
      const answers = entries.map((one) => this.#answer(one, composer, true))
      const sealed = await sealing
      await store.commit([
        ...entries.flatMap((one, i) => this.#recordsOf(one, sealed[i] as SealedStatement)),
        ...this.#logWrites(note),
      ])
      for (const [i, one] of entries.entries()) one.resolve(answers[i] as Appended)
      this.#answerTwins(group, decisions, fresh, composer)
      tree.settle()
      reader.publish({ size: tree.size, root, note })
      onGroup(entries.length)
    }
    const named = this.#keysOfKnown(group, decisions, fresh)
    if (named.length > 0) await store.commit(named)
    await this.#answerOld(group, decisions)
  }

  /** Gives an index, a salt and an entry to each new draft; keyed by its position in the group. */
  #prepare(group: readonly Waiting[], decisions: readonly Decision[]): Map<number, Fresh> {
    this.#lastAt = Math.max(this.#lastAt, this.#parts.now())
    const at = new Date(this.#lastAt).toISOString()
    const fresh = new Map<number, Fresh>()
    const salts = randomBytes(SALT_LENGTH * group.length)
    for (const [position, waiting] of group.entries()) {
      if (decisions[position]?.is !== 'new') continue
      const salt = salts.subarray(position * SALT_LENGTH, (position + 1) * SALT_LENGTH)
      const commitment = commit(salt, waiting.statement)
      fresh.set(position, {
        ...waiting,
        index: this.#parts.tree.size + fresh.size,
        salt,
        dataKey: waiting.draft.dataKey ?? this.#parts.ring.newDataKey(),
        commitment,
        entry: formatEntry({ at, commitment, kind: waiting.draft.statement.kind }),
      })
    }
    return fresh
  }

  #sealStatements(entries: readonly Fresh[]): Promise<SealedStatement[]> {
    return this.#sealer.seal(
      entries.map(({ dataKey, salt, statement }) => ({
        dataKey,
        plaintext: concatBytes(salt, statement),
      })),
    )
  }

  #recordsOf(one: Fresh, { sealed, wrapped }: SealedStatement): Write[] {
    const { ring, tree } = this.#parts
    const { index, draft, replay } = one
    const records: Write[] = [
      put(layout.entryKey(index), one.entry),
      put(layout.statementKey(index), sealed),
      put(layout.dataKeyKey(index), wrapped),
      put(one.idKey, layout.encodeIndex(index)),
    ]
    if (draft.location) records.push(...locationWrites(index, draft.location))
    if (replay) {
      const { key, fingerprint } = replay
      records.push(put(key, sealReplay(ring, key, { fingerprint, index, size: tree.size })))
    }
    if (draft.erases !== undefined) {
      const { index, location } = draft.erases
      records.push({ type: 'del', key: layout.dataKeyKey(index) })
      if (location) records.push(...locationErasures(index, location))
    }
    return draft.writes ? [...records, ...draft.writes(index, one.commitment)] : records
  }

  /** An entry that was known by its id answers one more idempotency key, which stands for that request from now on. */
  #keysOfKnown(
    group: readonly Waiting[],
    decisions: readonly Decision[],
    fresh: ReadonlyMap<number, Fresh>,
  ): Write[] {
    const { ring, tree } = this.#parts
    return decisions.flatMap((decision, position) => {
      const replay = group[position]?.replay
      const index = decision.is === 'twin' ? fresh.get(decision.of)?.index : foundById(decision)
      if (replay === undefined || index === undefined) return []
      const { key, fingerprint } = replay
      return [put(key, sealReplay(ring, key, { fingerprint, index, size: tree.size }))]
    })
  }

  #logWrites(note: string): Write[] {
    const tiles = this.#parts.tree
      .tiles()
      .map(({ level, index, hashes }) => put(layout.tileKey(level, index), hashes))
    return [...tiles, put(layout.metaKey('checkpoint'), Buffer.from(note))]
  }

  #answer(one: Fresh, composer: EvidenceComposer, created: boolean): Appended {
    return {
      id: one.draft.statement.id,
      index: one.index,
      created,
      evidence: composer.compose({
        statement: one.statement,
        salt: one.salt,
        entry: one.entry,
        index: one.index,
        proof: this.#parts.tree.inclusionProof(one.index),
      }),
    }
  }

  #answerTwins(
    group: readonly Waiting[],
    decisions: readonly Decision[],
    fresh: ReadonlyMap<number, Fresh>,
    composer: EvidenceComposer,
  ): void {
    for (const [position, decision] of decisions.entries()) {
      const first = decision.is === 'twin' ? fresh.get(decision.of) : undefined
      if (first) group[position]?.resolve(this.#answer(first, composer, false))
    }
  }

  /** Reading an old entry may fail for one of them alone. */
  async #answerOld(group: readonly Waiting[], decisions: readonly Decision[]): Promise<void> {
    const answers = decisions.map(async (decision, position) => {
      const waiting = group[position]
      if (decision.is === 'refused') waiting?.reject(decision.reason)
      if (decision.is !== 'known' || !waiting) return
      try {
        const { index, size } = decision
        const evidence = await this.#parts.reader.evidence(index, size)
        const { id } = await this.#parts.reader
          .openStatement(index)
          .then((opened) => opened.statement)
        waiting.resolve({ id, index, created: false, evidence })
      } catch (error) {
        waiting.reject(error)
      }
    })
    await Promise.all(answers)
  }
}

/** What was found by its key had a size. */
function foundById(decision: Decision): number | undefined {
  return decision.is === 'known' && decision.size === undefined ? decision.index : undefined
}

const put = (key: string, value: Uint8Array): Write => ({ type: 'put', key, value })
