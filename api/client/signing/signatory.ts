import type { Act } from '../../../node/core/acts/acts.ts'
import type { Surroundings } from '../../../node/core/acts/sentences.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { OnceClient } from '../onceClient.ts'
import type { Signer } from '../signer.ts'
import { signAct } from './signAct.ts'
import { wordsOf } from './words.ts'
import type { Agree, Sentence } from './words.ts'

/** Whoever signs, and where what is signed is recorded. */
export interface Signatory {
  readonly client: OnceClient
  readonly signer: Signer
  readonly account: Hex
  /** The department that acts by this account, if any. */
  readonly department: Hex | undefined
  readonly registries: Registries
  /** Of the log. */
  readonly origin: string
}

export interface SigningOptions {
  /** Asked before each signature; nobody is unless given. */
  readonly agree?: Agree | undefined
}

/** What was signed, in words. */
export type Said<T> = T & { readonly sentence: Sentence }

/**
 * Says what an act says, lets somebody agree, and signs it.
 *
 * @param around what the words may say beside the act
 * @param committed what the act commits to by a hash alone
 * @throws LedgerError as `describeAct`
 */
export async function sayAndSign(
  act: Act,
  around: Omit<Surroundings, 'registries'>,
  { signer, registries }: Pick<Signatory, 'signer' | 'registries'>,
  agree?: Agree,
  committed?: Sentence,
): Promise<Said<{ readonly signature: Hex }>> {
  const sentence = wordsOf(act, { ...around, registries }, committed)
  await agree?.(sentence, act)
  return { signature: await signAct(act, signer, registries), sentence }
}

/** @throws LedgerError forbidden/DEPARTMENT_NEEDED {account} */
export function departmentOf({
  department,
  account,
}: Pick<Signatory, 'department' | 'account'>): Hex {
  if (department === undefined) throw new LedgerError('forbidden', 'DEPARTMENT_NEEDED', { account })
  return department
}
