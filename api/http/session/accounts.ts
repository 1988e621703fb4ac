import { requireSignedBy } from '../../../node/core/acts/signature.ts'
import type { RegistryChain } from '../../../node/chain/registries.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { ROLES } from '../../../node/core/parties/roles.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import type { AccountPrincipal, AccountRole, Party, SessionPrincipals } from '../auth.ts'
import type { OpenSession, Sessions } from './sessions.ts'

/** What the node knows of accounts. */
export interface Accounts {
  /** The chain that accounts are on; undefined while it has not answered yet. */
  chainId(): number | undefined
  /** Asked at each request, so that what a department loses is lost at once. */
  partyOf(account: Hex): Party | Promise<Party>
  /** Asks a contract account (ERC-1271); absent where contract accounts cannot sign in. */
  isValidSignature?(account: Hex, digest: Uint8Array, signature: Hex): Promise<boolean>
}

/** Accounts where nobody is anything yet. */
export function strangers(chainId: () => number | undefined): Accounts {
  return { chainId, partyOf: () => ({ roles: new Set() }) }
}

/** Accounts as the registries have them, by the mirror. */
export function registeredAccounts({
  chain,
  mirror,
}: {
  readonly chain: Pick<RegistryChain, 'registries' | 'isValidSignature'>
  readonly mirror: Pick<Mirror, 'assertFresh' | 'departments' | 'holders'>
}): Accounts {
  const { departments, holders } = mirror
  return {
    chainId: () => chain.registries.chainId,
    isValidSignature: (...asked) => chain.isValidSignature(...asked),
    async partyOf(account) {
      mirror.assertFresh()
      const { items } = await holders.holdersOf(account, { limit: 1 })
      const holder: AccountRole[] = items.length > 0 ? ['holder'] : []
      // An account that several departments act by is that of the first: one account, one name.
      const [department] = departments.ofAccount(account)
      if (department === undefined) return { roles: new Set(holder) }
      const roles = ROLES.filter((role) => departments.accountAs(department, role) === account)
      return { roles: new Set([...holder, ...roles]), department }
    },
  }
}

export function createSessionPrincipals(sessions: Sessions, accounts: Accounts): SessionPrincipals {
  return {
    find(token) {
      const session = sessions.find(token)
      return session && principalOfSession(session, accounts)
    },
  }
}

async function principalOfSession(
  { account, expiresAt, onEnd }: OpenSession,
  accounts: Accounts,
): Promise<AccountPrincipal> {
  const party = await accounts.partyOf(account)
  const { department } = party
  const name = department === undefined ? `account ${account}` : `department ${department}`
  return { ...party, name, account, expiresAt, onEnd }
}

/**
 * Checks the signature of an account of either kind.
 *
 * @param isValidSignature asks the account itself
 * @throws LedgerError unverified/SIGNATURE_MALFORMED, SIGNATURE_INVALID, and what asking throws
 */
export async function requireSigner(
  account: Hex,
  digest: Uint8Array,
  signature: Hex,
  isValidSignature: NonNullable<Accounts['isValidSignature']>,
): Promise<void> {
  try {
    requireSignedBy(account, digest, signature)
  } catch (refusal) {
    if (!(refusal instanceof LedgerError)) throw refusal
    if (!(await isValidSignature(account, digest, signature))) throw refusal
  }
}
