import type { SignedAct } from '../core/acts/acts.ts'
import { recoverAccount } from '../core/acts/signature.ts'
import { hashAct } from '../core/acts/typedData.ts'
import { equalBytes } from '../core/bytes.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { decode0x } from '../core/ethereum/hex.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Grant } from '../core/grants/grant.ts'
import type { Registries } from '../core/parties/registries.ts'

/** The accounts that departments act by. */
export interface AccountReader {
  /** The address itself unless it is a department that changed its account. */
  accountOf(department: Hex): Hex | Promise<Hex>
}

/** ERC-1271: whether a contract account takes a signature. */
export interface ContractAccounts {
  isValidSignature(account: Hex, digest: Uint8Array, signature: Hex): Promise<boolean>
}

/** Who has to have signed. `isAccount`: that very address, whether or not it is a department. */
interface Signer {
  readonly party: Hex
  readonly signature: Hex
  readonly isAccount: boolean
}

/**
 * Whether all who have to sign an act did, before anybody works on it; whether they may is for the contract to say.
 * Answers the account that acts.
 *
 * @param digest of the act, as `hashAct` gives it
 * @throws LedgerError unverified/SIGNATURE_INVALID
 * @throws LedgerError invalid/ACT_GRANT_MISMATCH the chain does not lead to the grant that the act is about
 */
export async function verifySignatures(
  act: SignedAct,
  digest: Uint8Array,
  registries: Registries,
  accounts: AccountReader & ContractAccounts,
): Promise<Hex> {
  requireGrant(act, registries)
  const [acting, ...agreeing] = signersOf(act)
  const account = await verifySigner(acting, digest, accounts)
  for (const signer of agreeing) await verifySigner(signer, digest, accounts)
  return account
}

async function verifySigner(
  { party, signature, isAccount }: Signer,
  digest: Uint8Array,
  accounts: AccountReader & ContractAccounts,
): Promise<Hex> {
  const account = isAccount ? party : await accounts.accountOf(party)
  const isSigned =
    recovers(account, digest, signature) ||
    (await accounts.isValidSignature(account, digest, signature))
  if (!isSigned) throw new LedgerError('unverified', 'SIGNATURE_INVALID', { account })
  return account
}

function recovers(account: Hex, digest: Uint8Array, signature: Hex): boolean {
  try {
    return recoverAccount(digest, signature) === account
  } catch (error) {
    // What no key signs, a contract account may take.
    if (isLedgerError(error) && error.kind === 'unverified') return false
    throw error
  }
}

/** As the contracts have it; first the one who acts. */
function signersOf(act: SignedAct): [Signer, ...Signer[]] {
  const { signature } = act
  const department = (party: Hex, by = signature): Signer => ({
    party,
    signature: by,
    isAccount: false,
  })
  const account = (party: Hex, by = signature): Signer => ({
    party,
    signature: by,
    isAccount: true,
  })
  switch (act.type) {
    case 'Accreditation': {
      const { accreditor, department: made } = act.message
      // Looked at for a new department only, which the contract knows.
      const { accountSignature } = act
      return accountSignature === undefined
        ? [department(accreditor)]
        : [department(accreditor), account(made, accountSignature)]
    }
    case 'Rekeying':
      return [
        department(act.message.accreditor),
        account(act.message.account, act.accountSignature),
      ]
    case 'HolderBinding':
    case 'HolderRelease':
      return [department(act.message.registrar)]
    case 'StatusChange':
      return [department(act.message.issuer)]
    case 'Grant':
      return [grantingSigner(act.message, signature)]
    case 'Revocation': {
      const { revoker } = act.message
      const granted = act.chain.findLast(({ grantor }) => grantor === revoker)
      return [granted ? grantingSigner(granted, signature) : account(revoker)]
    }
    case 'EpochBump':
      return [department(act.message.account)]
    case 'Use': {
      const { user } = act.message
      const { grantee } = lastOf(act.chain)
      const asking = department(user)
      return grantee === user || act.granteeSignature === undefined
        ? [asking]
        : [asking, department(grantee, act.granteeSignature)]
    }
    default:
      return [department(act.message.accreditor)]
  }
}

/** A holder's binding names the account itself; any other grantor may be a department. */
function grantingSigner({ parent, grantor }: Grant, signature: Hex): Signer {
  return { party: grantor, signature, isAccount: /^0x0+$/.test(parent) }
}

function requireGrant(act: SignedAct, registries: Registries): void {
  const wanted = wantedGrant(act, registries)
  if (wanted === undefined || !('chain' in act)) return
  const message = lastOf(act.chain)
  if (!equalBytes(hashAct({ type: 'Grant', message }, registries), wanted)) {
    throw new LedgerError('invalid', 'ACT_GRANT_MISMATCH')
  }
}

function wantedGrant(act: SignedAct, registries: Registries): Uint8Array | undefined {
  if (act.type === 'Grant') return hashAct(act, registries)
  return act.type === 'Revocation' || act.type === 'Use' ? decode0x(act.message.grant) : undefined
}

function lastOf(chain: readonly Grant[]): Grant {
  const last = chain.at(-1)
  if (last === undefined) throw new TypeError('a chain has at least one grant')
  return last
}
