import { randomBytes } from 'node:crypto'
import { concatBytes } from '../core/bytes.ts'
import { commit, SALT_LENGTH } from '../core/commitment.ts'
import { formatEntry } from '../core/entry.ts'
import { EvidenceComposer } from '../core/evidenceComposer.ts'
import { hashLeaf } from '../core/hash/hash.ts'
import type { TreeBuilder } from '../core/merkle/builder.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import { locationErasures, locationWrites } from '../store/locations.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { SealedStatement, StatementSealer } from '../store/sealing/statementSealer.ts'
import { decide } from './deduplication.ts'
import type { Asked, Decision } from './deduplication.ts'
import { sealReplay } from './idempotency.ts'
import type { Appended, Draft } from './ledger.ts'
import type { LogReader } from './reader.ts'
import type { LogSigner } from './signer.ts'

export interface GroupParts {
  readonly store: KeyValueStore
  readonly ring: KeyRing
  readonly tree: TreeBuilder
  readonly reader: LogReader
  readonly signer: LogSigner
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** When the newest entry was logged, milliseconds since 1970: time in the log never runs backwards. */
  readonly lastAt: number
  /** Called after each group with the number of its entries. */
  readonly onGroup: (entries: number) => void
}

/** An append that waits for its answer. */
export interface Waiting extends Asked {
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
 * Commits appends that came together: decides which of them are new, gives those indexes and commits entries, statements,
 * tiles, indexes and idempotency keys in one durable batch; then it answers.
 */
export class GroupCommit {
  readonly #parts: GroupParts
  readonly #sealer: StatementSealer
  #lastAt: number

  constructor(parts: GroupParts) {
    this.#parts = parts
    this.#sealer = parts.ring.statementSealer()
    this.#lastAt = parts.lastAt
  }

  /**
   * Resolves once each has its answer, or is refused.
   *
   * @throws whatever store, sealing and signing throw: those without an answer are not logged, unless the store says that
   *   only the next start will show it
   */
  async commit(group: readonly Waiting[]): Promise<void> {
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

  /** After a commit that failed. */
  rollback(): void {
    this.#parts.tree.rollback()
    this.#parts.reader.abandon()
  }

  close(): Promise<void> {
    return this.#sealer.close()
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
