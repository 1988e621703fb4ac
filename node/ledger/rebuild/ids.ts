import type { KeyValueStore } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import type { KeyRing } from '../../store/sealing/keyRing.ts'
import { Bitmap } from '../audit/bitmap.ts'
import { BlockCounts } from '../terms/blockCounts.ts'
import { LoggedReader } from '../terms/logged.ts'
import type { LoggedParts } from '../terms/logged.ts'
import { Repairs } from './repairs.ts'
import { readSound, scanFamily } from './scan.ts'
import { walkLog } from './walk.ts'
import type { Batch } from './walk.ts'

/** Records of erased statements that are looked at in one walk. */
const SUSPECTS = 4096

/**
 * The records that lead from the id of a statement to its entry; of an erased one, its erasure says what its id was.
 */
export class IdRebuilder {
  readonly repairs: Repairs
  readonly #parts: LoggedParts
  readonly #store: KeyValueStore
  readonly #ring: KeyRing
  readonly #size: number
  readonly #reader: LoggedReader
  readonly #erased = new Bitmap()
  readonly #counts = new BlockCounts()

  constructor(parts: LoggedParts, size: number) {
    this.#parts = parts
    this.#store = parts.store
    this.#ring = parts.ring
    this.#size = size
    this.#reader = new LoggedReader(parts)
    this.repairs = new Repairs(parts.store)
  }

  /** Batches come in the order of the log. */
  async look({ statements, erased }: Batch): Promise<void> {
    for (const index of erased) this.#erased.add(index)
    for (const { index, statement } of statements) {
      await this.#require(this.#keyOf(statement.id), index)
      if (statement.kind === 'material.erased' && this.#erased.has(statement.index))
        await this.#require(this.#keyOf(statement.material), statement.index)
    }
  }

  /** Once every batch was looked at. */
  async removeStrays(): Promise<void> {
    await this.repairs.flush()
    for await (const { text, key, value } of scanFamily(this.#store, 'id')) {
      const index = key && layout.tryDecodeIndex(value)
      if (index === undefined || index >= this.#size) await this.repairs.remove(text)
      else this.#counts.add(index, -1)
    }
    await this.repairs.flush()
    let suspects = new Map<string, number>()
    for await (const { text, value } of scanFamily(this.#store, 'id')) {
      const index = layout.tryDecodeIndex(value)
      if (index === undefined || this.#counts.at(index) === 0) continue
      if (this.#erased.has(index)) suspects.set(text, index)
      else if (await this.#leadsAstray(text, index)) await this.repairs.remove(text)
      if (suspects.size < SUSPECTS) continue
      await this.#removeOfErased(suspects)
      suspects = new Map()
    }
    await this.#removeOfErased(suspects)
    await this.repairs.flush()
  }

  async #require(key: string, index: number): Promise<void> {
    const found = await this.#find(key)
    // Where two statements have one id, which cannot be, the one that it leads to is as good as the other.
    if (found !== undefined && found !== index && !(await this.#leadsAstray(key, found))) return
    this.#counts.add(index, 1)
    if (found !== index) await this.repairs.make(key, layout.encodeIndex(index))
  }

  async #find(key: string): Promise<number | undefined> {
    return layout.tryDecodeIndex(await readSound(this.#store, key))
  }

  /** Of what cannot be read, nobody can tell. */
  async #leadsAstray(key: string, index: number): Promise<boolean> {
    if (index >= this.#size) return true
    const found = await this.#reader.at(index)
    if (found === 'unreadable') return false
    return found === 'erased' || this.#keyOf(found.statement.id) !== key
  }

  /** Of an erased statement whose erasure gives it another id, for it alone can tell. */
  async #removeOfErased(suspects: ReadonlyMap<string, number>): Promise<void> {
    if (suspects.size === 0) return
    const keys = new Map<number, string>()
    const indexes = new Set(suspects.values())
    for await (const { statements } of walkLog(this.#parts, this.#size))
      for (const { statement } of statements)
        if (statement.kind === 'material.erased' && indexes.has(statement.index))
          keys.set(statement.index, this.#keyOf(statement.material))
    for (const [text, index] of suspects) {
      const own = keys.get(index)
      if (own !== undefined && own !== text) await this.repairs.remove(text)
    }
  }

  #keyOf(id: string): string {
    return layout.idKey(this.#ring.blind('id', id))
  }
}
