import type { Hex } from '../core/ethereum/hex.ts'
import { caseIdOf } from '../core/statements/case.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import { decodeIndex, idKey } from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { Sources } from './sources.ts'

export interface OpenedCasesParts {
  readonly store: Pick<KeyValueStore, 'getMany'>
  readonly ring: Pick<KeyRing, 'blind'>
  readonly sources: Pick<Sources, 'find'>
}

/** Finds the departments that decide cases, by their codes. */
export class OpenedCases {
  readonly #parts: OpenedCasesParts

  constructor(parts: OpenedCasesParts) {
    this.#parts = parts
  }

  /**
   * @param codes of cases, 15 digits
   * @param before entry before which they were opened: of others nothing is said
   * @throws LedgerError as `Sources.find`
   */
  async find(codes: readonly string[], before: number): Promise<ReadonlyMap<string, Hex>> {
    if (codes.length === 0) return new Map()
    const { store, ring, sources } = this.#parts
    const records = await store.getMany(
      codes.map((code) => idKey(ring.blind('id', caseIdOf(code)))),
    )
    const opened = codes.flatMap((code, i) => {
      const record = records[i]
      const index = record === undefined ? before : decodeIndex(record)
      return index < before ? [{ code, index }] : []
    })
    const departments = await sources.find(opened.map(({ index }) => index))
    return new Map(
      opened.flatMap(({ code }, i) => {
        const department = departments[i]
        return department === undefined ? [] : [[code, department] as const]
      }),
    )
  }
}
