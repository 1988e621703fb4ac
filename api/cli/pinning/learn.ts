import { parseVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import { verifyCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { TrustedChain } from '../../../node/core/trust.ts'
import type { OnceClient } from '../../client/index.ts'

/** What a ledger says of itself. */
export interface LearnedLedger {
  readonly origin: string
  /** C2SP verifier key. */
  readonly logKey: string
  readonly chains: readonly Omit<TrustedChain, 'blocks' | 'rpc'>[]
  readonly registries?: Registries
}

/**
 * Asks a ledger who it is, and that it signs with the key it names.
 *
 * @throws LedgerError unverified/… when its checkpoint is not signed so
 */
export async function learnLedger(client: OnceClient): Promise<LearnedLedger> {
  const { origin, logKey, chains, registries } = await client.describe()
  verifyCheckpoint(await client.log.checkpoint(), { origin, key: parseVerifierKey(logKey) })
  return {
    origin,
    logKey,
    chains: chains.map(({ chainId, registry, logId }) => ({ chainId, registry, logId })),
    ...(registries && { registries }),
  }
}
