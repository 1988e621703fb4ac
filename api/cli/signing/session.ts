import type { Wallet } from 'ethers'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { canonicalize } from '../../../node/core/json.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { OnceClient, SigningAccount } from '../../client/index.ts'
import type { Context } from '../context.ts'
import { namesKey, openKey } from '../keys/openKey.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { findTrust } from '../trustFile.ts'

/** An account that signed in, and where what it signs is recorded. */
export interface Session {
  readonly client: OnceClient
  readonly wallet: Wallet
  /** What it does by its signature. */
  readonly signing: SigningAccount
  readonly account: Hex
  /** The department that acts by this account, if any. */
  readonly department: Hex | undefined
  readonly registries: Registries
}

/**
 * Signs in by a key, and out at the end.
 *
 * @throws LedgerError unavailable/REGISTRIES_ABSENT, unverified/REGISTRIES_OTHER, and as `openKey`
 */
export async function withSession<T>(
  context: Context,
  choice: KeyChoice,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const wallet = await openKey(choice)
  const client = await context.client()
  const { origin, registries } = await client.describe()
  if (registries === undefined) throw new LedgerError('unavailable', 'REGISTRIES_ABSENT')
  await requireTrusted(context, origin, registries)
  try {
    const signing = await client.account(wallet, registries)
    const { account, department } = signing
    return await work({ client, wallet, signing, account, department, registries })
  } finally {
    // It ends by itself; what was done stays done.
    await client.signOut().catch(() => {})
  }
}

/** By the key where one is given, of `--key` or ONCE_KEY; else by the token, as where that was typed and no key. */
export async function withClient<T>(
  context: Context,
  choice: KeyChoice,
  work: (client: OnceClient) => Promise<T>,
): Promise<T> {
  const isByKey = choice.key !== undefined || (!context.tokenIsGiven && namesKey())
  if (!isByKey) return work(await context.client())
  return withSession(context, choice, ({ client }) => work(client))
}

/** What is signed is for one chain and contract: a ledger must not choose another than the trust file names. */
async function requireTrusted(
  context: Context,
  origin: string,
  registries: Registries,
): Promise<void> {
  const found = await findTrust(undefined, context.dataFolder)
  const trusted = found?.trust.log.origin === origin ? found.trust.registries : undefined
  if (trusted !== undefined && canonicalize(trusted) !== canonicalize(registries))
    throw new LedgerError('unverified', 'REGISTRIES_OTHER', { trusted: found?.path })
}
