import type { Act } from '../../../node/core/acts/acts.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { canonicalize } from '../../../node/core/json.ts'

/**
 * The act that a ledger proposes, where it is the one that was asked for: of all that is signed, only what stands in
 * `left` was for the ledger to say.
 *
 * @throws LedgerError invalid/ANSWER_UNEXPECTED
 */
export function requireSame<A extends Act>(
  asked: { readonly type: A['type']; readonly message: Partial<A['message']> },
  proposed: { readonly primaryType: string; readonly message: object },
  ...left: readonly (keyof A['message'])[]
): A {
  const told: Record<string, unknown> = { ...proposed.message }
  const wanted: Record<string, unknown> = { ...asked.message }
  for (const name of left as readonly string[]) {
    if (name in told) wanted[name] = told[name]
  }
  if (proposed.primaryType !== asked.type || canonicalize(told) !== canonicalize(wanted))
    throw new LedgerError('invalid', 'ANSWER_UNEXPECTED')
  return { type: asked.type, message: told } as A
}
