import type { BlockId, Head } from '../chain/chain.ts'
import { LedgerError } from '../core/errors.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { MirrorTable } from '../store/layout.ts'
import { MirrorBatch } from './batch.ts'
import { RecordCache } from './cache.ts'
import { blockId, decodeRecord, encodeRecord } from './records.ts'
import type { Cursor, MirrorIdentity, Records, Stored, Tables, Undo } from './records.ts'

/** See `MirrorParts.keptBlocks`. */
export const KEPT_BLOCKS = 257

const DELETED_AT_ONCE = 1_000
const NOTHING = { block: undefined }
const CURSOR = layout.mirrorKey('about', 'cursor')

/**
 * The mirror's tables, and the block they stand at. Each commit brings both forward, or back, in one step: for the
 * disk, and for those who read here.
 */
export class MirrorState implements Records {
  readonly #store: KeyValueStore
  readonly #identity: MirrorIdentity
  readonly #keptBlocks: number
  readonly #cache = new RecordCache()
  /** What is being committed is read already: the chain is the truth, and the disk only a copy. */
  #pending: ReadonlyMap<string, Stored | undefined> = new Map()
  #block: Head | undefined
  #kept: readonly BlockId[] = []
  /** What a failure left undone. Nothing may be recorded before it is done. */
  #interrupted: (() => Promise<void>) | undefined

  private constructor(store: KeyValueStore, identity: MirrorIdentity, keptBlocks: number) {
    this.#store = store
    this.#identity = identity
    this.#keptBlocks = keptBlocks
  }

  /** What was mirrored of something else, or left half emptied, is deleted first. */
  static async open(
    store: KeyValueStore,
    identity: MirrorIdentity,
    keptBlocks = KEPT_BLOCKS,
  ): Promise<MirrorState> {
    const state = new MirrorState(store, identity, keptBlocks)
    await state.#load()
    return state
  }

  get block(): Head | undefined {
    return this.#block
  }

  get keptBlocks(): number {
    return this.#keptBlocks
  }

  /** Blocks with events whose hashes are remembered, ascending. All but the first can be taken back. */
  get kept(): readonly BlockId[] {
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

  /** Call it before each step: goes on where a failure interrupted. */
  async resume(): Promise<void> {
    await this.#interrupted?.()
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

  /** What is committed is read at once. After a failure only `resume` finds out where the mirror stands. */
  async commit(batch: MirrorBatch, block: Head): Promise<void> {
    const kept = keptAfter(this.#kept, batch).slice(-this.#keptBlocks)
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
      this.#interrupted = () => this.#load()
      throw error
    }
    for (const [key, record] of batch.records) this.#cache.update(key, record)
    this.#pending = new Map()
  }

  /** Deletes everything; a crash leaves it without a cursor, and `open` goes on. */
  async empty(): Promise<void> {
    this.#forget()
    this.#interrupted = () => this.empty()
    await this.#store.commit([{ type: 'del', key: CURSOR }])
    let writes: Write[] = []
    for await (const [key] of this.#store.scan(layout.familyRange('mirror'))) {
      writes.push({ type: 'del', key })
      if (writes.length === DELETED_AT_ONCE) await this.#store.commit(writes.splice(0))
    }
    await this.#store.commit(writes)
    this.#forget()
    this.#interrupted = undefined
  }

  #forget(): void {
    this.#cache.clear()
    this.#pending = new Map()
    this.#block = undefined
    this.#kept = []
  }

  async #load(): Promise<void> {
    const bytes = await this.#store.get(CURSOR)
    const { block, ...identity } = bytes === undefined ? NOTHING : (decodeRecord(bytes) as Cursor)
    if (JSON.stringify(identity) !== JSON.stringify(this.#identity)) return this.empty()
    const kept: BlockId[] = []
    for await (const [key, value] of this.#store.scan(layout.mirrorRange('undo'))) {
      const { hash } = decodeRecord(value) as Undo
      const number = parseInt(key.slice(key.lastIndexOf('/') + 1), 16)
      kept.push({ number, hash })
    }
    this.#block = block
    this.#kept = kept
    this.#interrupted = undefined
  }
}

function keptAfter(kept: readonly BlockId[], batch: MirrorBatch): readonly BlockId[] {
  const { undoneTo = Infinity, final, undoable } = batch
  // What lies below a block that cannot be taken back cannot be either.
  const left = final ? [final] : kept.filter(({ number }) => number <= undoneTo)
  return [...left, ...undoable]
}

function dropped(before: readonly BlockId[], after: readonly BlockId[]): Write[] {
  const stays = new Set(after.map(({ number, hash }) => `${number} ${hash}`))
  return before
    .filter(({ number, hash }) => !stays.has(`${number} ${hash}`))
    .map(({ number }) => ({ type: 'del', key: layout.mirrorKey('undo', blockId(number)) }))
}
