import type { BlockId, Head } from '../chain/chain.ts'
import { LedgerError } from '../core/errors.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { MirrorTable } from '../store/layout.ts'
import { MirrorBatch } from './batch.ts'
import { RecordCache } from './cache.ts'
import { blockId, decodeRecord, encodeRecord } from './records.ts'
import type { Cursor, MirrorIdentity, Records, Stored, Tables, Undo } from './records.ts'

/** Blocks with events that are remembered. All but the oldest can be taken back, to stand at that one. */
export const KEPT_BLOCKS = 257

const DELETED_AT_ONCE = 1_000
const CURSOR = layout.mirrorKey('about', 'cursor')

/** A block with events whose hash is remembered, to find where two chains part. */
export interface KeptBlock extends BlockId {
  readonly isUndoable: boolean
}

/**
 * The mirror's tables, and the block they stand at. Each commit brings both forward, or back, in one step: for the
 * disk, and for those who read here.
 */
export class MirrorState implements Records {
  readonly #store: KeyValueStore
  readonly #identity: MirrorIdentity
  readonly #cache = new RecordCache()
  /** What is being committed is read already: the chain is the truth, and the disk only a copy. */
  #pending: ReadonlyMap<string, Stored | undefined> = new Map()
  #block: Head | undefined
  #kept: readonly KeptBlock[] = []

  private constructor(store: KeyValueStore, identity: MirrorIdentity) {
    this.#store = store
    this.#identity = identity
  }

  /** What was mirrored of something else, or left half emptied, is deleted first. */
  static async open(store: KeyValueStore, identity: MirrorIdentity): Promise<MirrorState> {
    const state = new MirrorState(store, identity)
    await state.#load()
    if (state.#block === undefined) await state.empty()
    return state
  }

  get block(): Head | undefined {
    return this.#block
  }

  /** Ascending; at most the first cannot be taken back. */
  get kept(): readonly KeptBlock[] {
    return this.#kept
  }

  get<Table extends MirrorTable>(table: Table, id: string): Tables[Table] | undefined {
    return this.read(layout.mirrorKey(table, id)) as Tables[Table] | undefined
  }

  read(key: string): Stored | undefined {
    if (this.#pending.has(key)) return this.#pending.get(key)
    if (this.#cache.has(key)) return this.#cache.get(key)
    const bytes = this.#store.getNow(key)
    const record = bytes && decodeRecord(bytes)
    this.#cache.set(key, record)
    return record
  }

  /** A list of `table`: what stands under `first`, beyond `after` if given. */
  async *list(
    table: MirrorTable,
    first: string,
    { after, reverse }: { readonly after?: string | undefined; readonly reverse: boolean },
  ): AsyncGenerator<readonly [second: string, record: Stored]> {
    const range = { ...layout.mirrorRange(table, first), reverse }
    const bound = after === undefined ? undefined : layout.mirrorKey(table, `${first}/${after}`)
    const rest =
      bound === undefined ? range : { ...range, ...(reverse ? { lt: bound } : { gt: bound }) }
    for await (const [key, bytes] of this.#store.scan(rest))
      yield [key.slice(key.lastIndexOf('/') + 1), decodeRecord(bytes)]
  }

  begin(): MirrorBatch {
    return new MirrorBatch((key) => this.read(key))
  }

  /** Only of a block that is kept. */
  undoOf({ number }: BlockId): Undo {
    const key = layout.mirrorKey('undo', blockId(number))
    const bytes = this.#store.getNow(key)
    if (bytes === undefined)
      throw new LedgerError('corrupt', 'MIRROR_UNDO_MISSING', { block: number })
    return decodeRecord(bytes) as Undo
  }

  /** What is committed is read at once; after a failure the mirror stands again where the store says it does. */
  async commit(batch: MirrorBatch, block: Head): Promise<void> {
    const kept = keptAfter(this.#kept, batch)
    const numbers = new Set(kept.map(({ number }) => number))
    const cursor: Cursor = { ...this.#identity, block }
    const writes: Write[] = [
      // Before the others: a block may stand in the place of one that was taken back.
      ...dropped(this.#kept, kept),
      ...batch.writes((number) => numbers.has(number)),
      { type: 'put', key: CURSOR, value: encodeRecord(cursor) },
    ]
    this.#pending = batch.records
    this.#block = block
    this.#kept = kept
    try {
      await this.#store.commit(writes)
    } catch (error) {
      this.#forget()
      await this.#load()
      throw error
    }
    for (const [key, record] of batch.records) this.#cache.update(key, record)
    this.#pending = new Map()
  }

  /** Deletes everything; a crash leaves it without a cursor, and `open` goes on. */
  async empty(): Promise<void> {
    this.#forget()
    await this.#store.commit([{ type: 'del', key: CURSOR }])
    let writes: Write[] = []
    for await (const [key] of this.#store.scan(layout.familyRange('mirror'))) {
      writes.push({ type: 'del', key })
      if (writes.length === DELETED_AT_ONCE) await this.#store.commit(writes.splice(0))
    }
    await this.#store.commit(writes)
    this.#forget()
  }

  #forget(): void {
    this.#cache.clear()
    this.#pending = new Map()
    this.#block = undefined
    this.#kept = []
  }

  async #load(): Promise<void> {
    const bytes = await this.#store.get(CURSOR)
    if (bytes === undefined) return
    const { block, ...identity } = decodeRecord(bytes) as Cursor
    if (JSON.stringify(identity) !== JSON.stringify(this.#identity)) return
    const kept: KeptBlock[] = []
    for await (const [key, value] of this.#store.scan(layout.mirrorRange('undo'))) {
      const { hash, was } = decodeRecord(value) as Undo
      const number = parseInt(key.slice(key.lastIndexOf('/') + 1), 16)
      kept.push({ number, hash, isUndoable: was !== undefined })
    }
    this.#block = block
    this.#kept = kept
  }
}

function keptAfter(kept: readonly KeptBlock[], batch: MirrorBatch): readonly KeptBlock[] {
  const { undoneTo = Infinity, blocks } = batch
  const made = blocks.map(({ block: { number, hash }, isUndoable }) => ({
    number,
    hash,
    isUndoable,
  }))
  // What lies below a block that cannot be taken back cannot be either.
  const left = made[0]?.isUndoable === false ? [] : kept.filter(({ number }) => number <= undoneTo)
  return [...left, ...made].slice(-KEPT_BLOCKS)
}

function dropped(before: readonly KeptBlock[], after: readonly KeptBlock[]): Write[] {
  const stays = new Set(after.map(({ number, hash }) => `${number} ${hash}`))
  return before
    .filter(({ number, hash }) => !stays.has(`${number} ${hash}`))
    .map(({ number }) => ({ type: 'del', key: layout.mirrorKey('undo', blockId(number)) }))
}
