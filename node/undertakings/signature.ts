import type { RegistryChain } from '../chain/registries.ts'
import { requireSignedBy } from '../core/acts/signature.ts'
import { hashAct } from '../core/acts/typedData.ts'
import { isLedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Undertaking } from '../core/undertakings/undertaking.ts'

/**
 * That the account signed it: its key, or a contract that it is (ERC-1271).
 *
 * @throws LedgerError unverified/SIGNATURE_MALFORMED, SIGNATURE_INVALID; unavailable/CHAIN_*
 */
export async function requireSigned(
  undertaking: Undertaking,
  signature: Hex,
  chain: Pick<RegistryChain, 'registries' | 'isValidSignature'>,
): Promise<void> {
  const digest = hashAct({ type: 'Undertaking', message: undertaking }, chain.registries)
  const { account } = undertaking
  try {
    requireSignedBy(account, digest, signature)
  } catch (refusal) {
    if (!isLedgerError(refusal)) throw refusal
    if (!(await chain.isValidSignature(account, digest, signature))) throw refusal
  }
}
