import type { Hex } from '../core/ethereum/hex.ts'
import type { StatementReaders } from './statementReaders.ts'
import { readStored } from './storedStatements.ts'
import type { ScannedStore } from './storedStatements.ts'

/** Sources that are remembered at most; each of them takes 12 bytes. */
const REMEMBERED = 2 ** 20

/**
 * Finds the departments that certificates and materials came from, and that decide cases. Memory does not grow with the
 * log: of two whose places in it are a multiple of `REMEMBERED` apart, the one that was asked for last is remembered.
 */
export class Sources {
  readonly #store: ScannedStore
  readonly #readers: Pick<StatementReaders, 'departments'>
  /** Index and one, so that zero is nothing. */
  readonly #indexes = new Float64Array(REMEMBERED)
  /** Place in `#departments`, by the place in `#indexes`. */
  readonly #places = new Uint32Array(REMEMBERED)
  readonly #departments: (Hex | undefined)[] = []
  readonly #placeOf = new Map<Hex | undefined, number>()

  constructor(store: ScannedStore, readers: Pick<StatementReaders, 'departments'>) {
    this.#store = store
    this.#readers = readers
  }

  /**
   * @param indexes of the entries that they came with
   * @returns departments in their order; undefined where none handed it in
   * @throws LedgerError as `readStored` and `StatementReaders.departments`
   */
  async find(indexes: readonly number[]): Promise<(Hex | undefined)[]> {
    const found: (Hex | undefined)[] = indexes.map(() => undefined)
    const unknown = new Map<number, Hex | undefined>()
    for (const [i, index] of indexes.entries()) {
      const slot = index % REMEMBERED
      if (this.#indexes[slot] === index + 1)
        found[i] = this.#departments[this.#places[slot] as number]
      else unknown.set(index, undefined)
    }
    if (unknown.size === 0) return found
    const asked = [...unknown.keys()]
    const read = await this.#readers.departments(await readStored(this.#store, asked))
    for (const [i, index] of asked.entries()) {
      unknown.set(index, read[i])
      this.#remember(index, read[i])
    }
    return indexes.map((index, i) => found[i] ?? unknown.get(index))
  }

  #remember(index: number, department: Hex | undefined): void {
    const slot = index % REMEMBERED
    this.#indexes[slot] = index + 1
    this.#places[slot] = this.#placeFor(department)
  }

  #placeFor(department: Hex | undefined): number {
    const known = this.#placeOf.get(department)
    if (known !== undefined) return known
    const place = this.#departments.push(department) - 1
    this.#placeOf.set(department, place)
    return place
  }
}
