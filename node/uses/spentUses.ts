import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Statement } from '../core/statement.ts'
import { spentTerm } from '../core/terms/uses.ts'
import { Turns } from '../core/turns.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'

export interface SpentUsesParts {
  readonly ledger: Pick<Ledger, 'findIndex' | 'openStatement'>
  readonly terms: Pick<TermIndex, 'find'>
}

/** What answered a signed use: a copy, answers to questions, or a refusal. */
export interface Answer {
  readonly index: number
  readonly statement: Statement
}

/**
 * What a department signed is answered once, whatever request it stands in. Every answer spends each use in it, by
 * terms in the batch of its statement; but a refusal leaves what the chain had counted already to another request. Uses
 * under way are kept apart in memory: whatever answers uses of a node shares this.
 */
export class SpentUses {
  readonly #parts: SpentUsesParts
  readonly #turns = new Turns()

  constructor(parts: SpentUsesParts) {
    this.#parts = parts
  }

  /**
   * Runs `decide` once nothing else that came before with any of these names is under way.
   *
   * @param names EIP-712 digests of uses, and of the request's idempotency key
   */
  inTurn<T>(names: readonly string[], decide: () => Promise<T>): Promise<T> {
    return this.#turns.take(names, decide)
  }

  /**
   * What answered one of these uses, or all of them; to be asked in turn.
   *
   * @param id of the statement that answers this very request
   */
  async find(uses: readonly Hex[], id: string): Promise<Answer | undefined> {
    const { ledger, terms } = this.#parts
    for (const use of uses) {
      const [index] = await terms.find(spentTerm(use), { limit: 1 })
      if (index !== undefined) return this.#read(index)
    }
    const index = await ledger.findIndex(id)
    return index === undefined ? undefined : this.#read(index)
  }

  async #read(index: number): Promise<Answer> {
    return { index, statement: (await this.#parts.ledger.openStatement(index)).statement }
  }
}

/** @param answer to this request, or to another one with one of its uses */
export function alreadyMade({ statement }: Answer): LedgerError {
  const refused = statement.kind === 'use.refused' && { refused: statement.code }
  return new LedgerError('conflict', 'USE_ALREADY_MADE', { use: statement.id, ...refused })
}
