import type { BlockId } from '../chain/chain.ts'
import type { RegistryChain } from '../chain/registries.ts'
import type { SignedAct } from '../core/acts/acts.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Authorization } from '../core/uses/documents.ts'
import { useIdOf } from '../core/uses/signatures.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { DecidedUse } from './deciding.ts'

/** Who brings acts to the chain: resolves once the act stands there and the mirror holds it. */
export interface UseActs {
  /** @throws LedgerError with the contract's refusal as code; unavailable/CHAIN_* */
  record(
    act: SignedAct,
    signal?: AbortSignal,
  ): Promise<{ readonly transaction: Hex; readonly block: BlockId }>
}

export interface CountingParts {
  readonly chain: Pick<RegistryChain, 'registries' | 'simulate'>
  readonly mirror: Pick<Mirror, 'grants'>
  readonly acts: UseActs
}

/** Where uses were counted; no block where nothing is limited. */
export interface CountedUses {
  readonly transactions: readonly Hex[]
  /** The newest block that counted one. */
  readonly block: BlockId | undefined
}

/**
 * Counts a use wherever a grant of its chain limits uses. The chain decides between two that want the last one, on
 * whatever nodes. All are tried before the first is sent, so that a second holder's refusal seldom costs the first a use.
 *
 * @throws LedgerError forbidden/GRANT_USES_EXHAUSTED {hop}, conflict/USE_OUT_OF_SEQUENCE, and what else the contract says
 */
export async function countUses(
  { request }: Pick<DecidedUse, 'request'>,
  { chain, mirror, acts }: CountingParts,
  signal?: AbortSignal,
): Promise<CountedUses> {
  const limited = request.authorizations.filter(isLimited)
  const counted = limited.map((authorization) =>
    mirror.grants.findUse(useIdOf(authorization, chain.registries)),
  )
  for (const [i, authorization] of limited.entries())
    if (counted[i] === undefined) await chain.simulate(toAct(authorization))
  const transactions: Hex[] = []
  let block: BlockId | undefined
  for (const [i, authorization] of limited.entries()) {
    const before = counted[i]?.recorded
    // Counted before a crash: what was counted is released.
    const { transaction, block: at } =
      before === undefined
        ? await acts.record(toAct(authorization), signal)
        : {
            transaction: before.transaction,
            block: { number: before.block, hash: before.blockHash },
          }
    transactions.push(transaction)
    if (block === undefined || at.number > block.number) block = at
  }
  return { transactions, block }
}

function isLimited({ chain }: Authorization): boolean {
  return chain.some(({ uses }) => uses !== 0)
}

function toAct({ chain, use, signature, granteeSignature }: Authorization): SignedAct {
  return {
    type: 'Use',
    message: use,
    signature,
    chain: [...chain],
    ...(granteeSignature !== undefined && { granteeSignature }),
  }
}
