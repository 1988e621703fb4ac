import { hashAct } from '../acts/typedData.ts'
import { recoverAccount } from '../acts/signature.ts'
import { isLedgerError, LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import { encode0x } from '../ethereum/hex.ts'
import type { GrantWorld } from '../grants/world.ts'
import type { Registries } from '../parties/registries.ts'
import type { Authorization } from './documents.ts'

/** EIP-712 digest of the request that the department signed. */
export function useIdOf({ use }: Pick<Authorization, 'use'>, registries: Registries): Hex {
  return encode0x(hashAct({ type: 'Use', message: use }, registries))
}

/** Of each authorization, ascending. */
export function useIdsOf(
  { authorizations }: { readonly authorizations: readonly Pick<Authorization, 'use'>[] },
  registries: Registries,
): Hex[] {
  return authorizations.map((authorization) => useIdOf(authorization, registries)).toSorted()
}

/** Who must have signed a use, and what they gave for it. */
export interface NeededSignature {
  readonly account: Hex
  readonly signature: Hex
}

/**
 * The department always; the last grantee too, where that is another.
 *
 * @throws LedgerError forbidden/NOT_ACCREDITED, unverified/USE_GRANTEE_SIGNATURE_MISSING
 */
export function neededSignatures(
  { chain, use, signature, granteeSignature }: Authorization,
  world: GrantWorld,
): NeededSignature[] {
  const account = world.accountAs(use.user, 'user')
  if (account === undefined)
    throw new LedgerError('forbidden', 'NOT_ACCREDITED', { department: use.user, role: 'user' })
  const needed = [{ account, signature }]
  const grantee = chain.at(-1)?.grantee
  if (grantee !== undefined && grantee !== use.user) {
    if (granteeSignature === undefined)
      throw new LedgerError('unverified', 'USE_GRANTEE_SIGNATURE_MISSING', { grantee })
    needed.push({ account: world.accountOf(grantee), signature: granteeSignature })
  }
  return needed
}

/** Whether the account's key signed. False also for what only a contract account could have given (ERC-1271). */
export function isSignedByKey(
  { account, signature }: NeededSignature,
  digest: Uint8Array,
): boolean {
  try {
    return recoverAccount(digest, signature) === account
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return false
  }
}
