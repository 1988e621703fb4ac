import type { Act } from '../../../node/core/acts/acts.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { canonicalize } from '../../../node/core/json.ts'
import type { OnceClient } from '../../client/index.ts'

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

/** What departments are called, for the words; those without a name are left out. */
export async function namesOf(
  client: OnceClient,
  parties: readonly Hex[],
): Promise<ReadonlyMap<Hex, string>> {
  const found = await Promise.all(
    [...new Set(parties)].map(async (party) => {
      const name = await client.departments
        .get(party)
        .then((department) => department.name)
        .catch(() => undefined)
      return name === undefined ? [] : [[party, name] as const]
    }),
  )
  return new Map(found.flat())
}
