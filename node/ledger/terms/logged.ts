import { equalBytes } from '../../core/bytes.ts'
import { commit } from '../../core/commitment.ts'
import { parseEntry } from '../../core/entry.ts'
import { isLedgerError } from '../../core/errors.ts'
import type { Statement } from '../../core/statement.ts'
import type { KeyValueStore } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import type { KeyRing } from '../../store/sealing/keyRing.ts'
import { openStatement } from '../reader.ts'

/** A statement that its entry commits to, and what else its terms follow from. */
export interface LoggedStatement {
  readonly index: number
  readonly statement: Statement
  readonly commitment: Uint8Array
  /** The record of where its content lies is there. */
  readonly hasLocation: boolean
}

/** Where nothing follows: the data key is gone, or the records do not show what the log committed to. */
export type Illegible = 'erased' | 'unreadable'

export interface LoggedParts {
  readonly store: KeyValueStore
  readonly ring: KeyRing
}

export interface EntryRecords {
  readonly entry: Uint8Array | undefined
  readonly sealed: Uint8Array | undefined
  readonly wrapped: Uint8Array | undefined
  readonly hasLocation: boolean
}

export function openLogged(
  ring: KeyRing,
  index: number,
  { entry, sealed, wrapped, hasLocation }: EntryRecords,
): LoggedStatement | Illegible {
  if (entry === undefined) return 'unreadable'
  try {
    const { commitment, kind } = parseEntry(entry)
    // Nothing else is ever erased.
    if (wrapped === undefined) return kind === 'material.submitted' ? 'erased' : 'unreadable'
    if (sealed === undefined) return 'unreadable'
    const { statement, bytes, salt } = openStatement(ring, { sealed, wrapped, location: undefined })
    const isLogged = statement.kind === kind && equalBytes(commit(salt, bytes), commitment)
    return isLogged ? { index, statement, commitment, hasLocation } : 'unreadable'
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return 'unreadable'
  }
}

/** Statements as the log has them, one by one. */
export class LoggedReader {
  readonly #parts: LoggedParts

  constructor(parts: LoggedParts) {
    this.#parts = parts
  }

  async at(index: number): Promise<LoggedStatement | Illegible> {
    const { store, ring } = this.#parts
    try {
      const [entry, sealed, wrapped, location] = await store.getMany([
        layout.entryKey(index),
        layout.statementKey(index),
        layout.dataKeyKey(index),
        layout.locationKey(index),
      ])
      return openLogged(ring, index, {
        entry,
        sealed,
        wrapped,
        hasLocation: location !== undefined,
      })
    } catch (error) {
      if (!isLedgerError(error, 'STORE_CORRUPT')) throw error
      return 'unreadable'
    }
  }

  /** Undefined where its id leads to nothing that can be read, or to a statement of another id. */
  async withId(id: string): Promise<LoggedStatement | undefined> {
    const index = await this.#find(id)
    if (index === undefined) return undefined
    const found = await this.at(index)
    return typeof found === 'object' && found.statement.id === id ? found : undefined
  }

  async #find(id: string): Promise<number | undefined> {
    const { store, ring } = this.#parts
    try {
      const record = await store.get(layout.idKey(ring.blind('id', id)))
      return layout.tryDecodeIndex(record)
    } catch (error) {
      if (!isLedgerError(error)) throw error
      return undefined
    }
  }
}
