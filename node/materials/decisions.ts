import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { quarantineIdOf, withdrawalIdOf } from '../core/statements/material.ts'
import { quarantineTermsOf } from '../core/terms/materials.ts'
import type { Statement } from '../core/statement.ts'
import type { Turns } from '../core/turns.ts'
import type {
  MaterialRejected,
  MaterialReleased,
  MaterialWithdrawn,
} from '../core/statements/material.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'
import type { Decision, LoggedDecision } from './materials.ts'
import type { MaterialReader, OpenedMaterial } from './reader.ts'

export interface DecisionParts {
  readonly ledger: Ledger
  readonly terms: TermIndex
  readonly reader: MaterialReader
  readonly turns: Turns
}

/** What is decided about materials that were handed in; each decision is made once. */
export class MaterialDecisions {
  readonly #parts: DecisionParts

  constructor(parts: DecisionParts) {
    this.#parts = parts
  }

  /** @throws LedgerError notFound/MATERIAL_*, conflict/MATERIAL_WITHDRAWN: for another reason */
  withdraw(id: string, decision: Decision): Promise<Appended> {
    return this.#decide(id, async (opened) => {
      const statement = state('material.withdrawn', withdrawalIdOf(id), opened, decision)
      return this.#append(statement, 'MATERIAL_WITHDRAWN')
    })
  }

  /** @throws LedgerError notFound/MATERIAL_*, conflict/MATERIAL_NOT_QUARANTINED, MATERIAL_DECIDED */
  release(id: string, decision: Decision): Promise<Appended> {
    return this.#leaveQuarantine('material.released', id, decision)
  }

  /** @throws LedgerError as `release` */
  reject(id: string, decision: Decision): Promise<Appended> {
    return this.#leaveQuarantine('material.rejected', id, decision)
  }

  /** As `Materials.decisionsOf`: one that left quarantine may be withdrawn later. */
  async of(id: string): Promise<LoggedDecision[]> {
    const { reader } = this.#parts
    const ids = [quarantineIdOf(id), withdrawalIdOf(id)]
    const found = await Promise.all(ids.map((one) => reader.findStatement(one)))
    const logged = found.filter((one) => one !== undefined).toSorted((a, b) => a.index - b.index)
    return Promise.all(logged.map((one) => this.#told(one)))
  }

  #leaveQuarantine(
    kind: 'material.released' | 'material.rejected',
    id: string,
    decision: Decision,
  ): Promise<Appended> {
    return this.#decide(id, async (opened) => {
      if (opened.statement.quarantine === undefined)
        throw new LedgerError('conflict', 'MATERIAL_NOT_QUARANTINED', { id })
      const statement = state(kind, quarantineIdOf(id), opened, decision)
      return this.#append(statement, 'MATERIAL_DECIDED', opened)
    })
  }

  async #told({ index, statement }: LoggedStatement): Promise<LoggedDecision> {
    if (!isDecided(statement))
      throw new LedgerError('corrupt', 'STATEMENT_KIND_MISMATCH', { index })
    const { at } = parseEntry(await this.#parts.ledger.getEntry(index))
    const { id, kind, by, reason } = statement
    return { id, kind, at, by, reason }
  }

  /** While it is neither erased nor superseded. */
  #decide(id: string, step: (opened: OpenedMaterial) => Promise<Appended>): Promise<Appended> {
    const { turns, reader } = this.#parts
    return turns.take(`version ${id}`, async () => step(await reader.require(id)))
  }

  /**
   * @param taken why the decision cannot be made in these words: it was made in others
   * @param left what is in quarantine no more
   */
  async #append(
    statement: Decided,
    taken: 'MATERIAL_WITHDRAWN' | 'MATERIAL_DECIDED',
    left?: OpenedMaterial,
  ): Promise<Appended> {
    const { ledger, terms } = this.#parts
    try {
      return await ledger.append({
        statement,
        ...(left && {
          writes: () => terms.deletions(quarantineTermsOf(left.statement), left.index),
        }),
      })
    } catch (error) {
      if (!isLedgerError(error, 'STATEMENT_ID_TAKEN')) throw error
      const { material } = statement
      throw new LedgerError('conflict', taken, { material }, { cause: error })
    }
  }
}

type Decided = MaterialWithdrawn | MaterialReleased | MaterialRejected

interface LoggedStatement {
  readonly index: number
  readonly statement: Statement
}

function isDecided(statement: Statement): statement is Decided {
  return ['material.withdrawn', 'material.released', 'material.rejected'].includes(statement.kind)
}

function state(
  kind: Decided['kind'],
  id: string,
  { statement, index }: OpenedMaterial,
  { reason, by }: Decision,
): Decided {
  return { v: 1, id, kind, material: statement.id, index, reason, by }
}
