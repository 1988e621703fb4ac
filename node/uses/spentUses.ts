import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Registries } from '../core/parties/registries.ts'
import type { Statement } from '../core/statement.ts'
import type { UseRefused } from '../core/statements/use.ts'
import type { Authorization } from '../core/uses/documents.ts'
import { Turns } from '../core/turns.ts'
import { useIdsOf } from '../core/uses/signatures.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Term, TermIndex } from '../store/terms.ts'

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
 * What a department signed is answered once, whatever request it stands in. Every answer spends each use in it, by terms
 * in the batch of its statement; but a refusal leaves what the chain had counted already to another request. Uses under
 * way are kept apart in memory: whatever answers uses of a node shares this.
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

/**
 * Of the statement that answers them.
 *
 * @param counted of a refusal
 */
export function spentTerms(
  {
    authorizations,
    registries,
  }: {
    readonly authorizations: readonly Pick<Authorization, 'use'>[]
    readonly registries: Registries
  },
  counted: NonNullable<UseRefused['counted']> = [],
): Term[] {
  return useIdsOf({ authorizations }, registries)
    .filter((id) => counted.every(({ use }) => use !== id))
    .map(spentTerm)
}

/** @param answer to this request, or to another one with one of its uses */
export function alreadyMade({ statement }: Answer): LedgerError {
  const refused = statement.kind === 'use.refused' && { refused: statement.code }
  return new LedgerError('conflict', 'USE_ALREADY_MADE', { use: statement.id, ...refused })
}

function spentTerm(value: Hex): Term {
  return { kind: 'use.spent', value }
}
