import type { BlockId } from '../chain/chain.ts'
import type { Write } from '../store/keyValueStore.ts'
import { mirrorKey } from '../store/layout.ts'
import type { MirrorTable } from '../store/layout.ts'
import { blockId, encodeRecord } from './records.ts'
import type { RecordWriter, Stored, Tables, Undo } from './records.ts'

interface UndoableBlock {
  readonly block: BlockId
  readonly was: Map<string, Stored | undefined>
}

/** Changes of many blocks, on their way into the mirror in one step. */
export class MirrorBatch implements RecordWriter {
  readonly #read: (key: string) => Stored | undefined
  readonly #records = new Map<string, Stored | undefined>()
  #undoneTo: number | undefined
  #final: BlockId | undefined
  readonly #undoable: UndoableBlock[] = []

  constructor(read: (key: string) => Stored | undefined) {
    this.#read = read
  }

  /** By key; undefined for what is deleted. */
  get records(): ReadonlyMap<string, Stored | undefined> {
    return this.#records
  }

  /** The height down to which blocks were taken back first. */
  get undoneTo(): number | undefined {
    return this.#undoneTo
  }

  /** The last block that will not be taken back; all before it cannot be either. */
  get final(): BlockId | undefined {
    return this.#final
  }

  get undoable(): readonly BlockId[] {
    return this.#undoable.map(({ block: { number, hash } }) => ({ number, hash }))
  }

  get<Table extends MirrorTable>(table: Table, id: string): Tables[Table] | undefined {
    return this.#get(mirrorKey(table, id)) as Tables[Table] | undefined
  }

  put<Table extends MirrorTable>(table: Table, id: string, record: Tables[Table]): void {
    this.#set(mirrorKey(table, id), record)
  }

  add<Table extends MirrorTable>(table: Table, id: string, record: Tables[Table]): void {
    const key = mirrorKey(table, id)
    this.#undoable.at(-1)?.was.set(key, undefined)
    this.#records.set(key, record)
  }

  remove(table: MirrorTable, id: string): void {
    this.#set(mirrorKey(table, id), undefined)
  }

  /** What follows is of this block. */
  startBlock(block: BlockId, isUndoable: boolean): void {
    if (isUndoable) this.#undoable.push({ block, was: new Map() })
    else this.#final = block
  }

  /** Puts back what a block replaced: the newest first, and before any block is started. */
  takeBack({ was = [] }: Undo): void {
    for (const [key, record] of was) this.#records.set(key, record ?? undefined)
  }

  /** What is above that height has been taken back. */
  standAt(height: number): void {
    this.#undoneTo = height
  }

  /** @param isKept whether what a block replaced is remembered, by its number */
  writes(isKept: (number: number) => boolean): Write[] {
    const writes = [...this.#records].map(([key, record]) => writeOf(key, record))
    const undoable = this.#undoable.filter(({ block }) => isKept(block.number))
    if (this.#final !== undefined && isKept(this.#final.number))
      writes.push(this.#undoWrite(this.#final))
    for (const { block, was } of undoable) writes.push(this.#undoWrite(block, was))
    return writes
  }

  #undoWrite({ number, hash }: BlockId, was?: UndoableBlock['was']): Write {
    const replaced = was && [...was].map(([key, record]) => [key, record ?? null] as const)
    const undo: Undo = { hash, ...(replaced && { was: replaced }) }
    return writeOf(mirrorKey('undo', blockId(number)), undo)
  }

  #get(key: string): Stored | undefined {
    return this.#records.has(key) ? this.#records.get(key) : this.#read(key)
  }

  #set(key: string, record: Stored | undefined): void {
    const was = this.#undoable.at(-1)?.was
    if (was !== undefined && !was.has(key)) was.set(key, this.#get(key))
    this.#records.set(key, record)
  }
}

function writeOf(key: string, record: Stored | undefined): Write {
  return record === undefined
    ? { type: 'del', key }
    : { type: 'put', key, value: encodeRecord(record) }
}
