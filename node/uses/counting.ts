import type { BlockId } from '../chain/chain.ts'
import type { RegistryChain } from '../chain/registries.ts'
import type { SignedAct } from '../core/acts/acts.ts'
import { decode0x } from '../core/ethereum/hex.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { actIdOf } from '../core/statements/act.ts'
import { isLimited } from '../core/uses/documents.ts'
import type { Authorization } from '../core/uses/documents.ts'
import { useIdOf } from '../core/uses/signatures.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { DecidableRequest, DecidedUse } from './deciding.ts'
import { isRefusal } from './receipts.ts'

/** Who brings acts to the chain: resolves once the act stands there and the mirror holds it. */
export interface UseActs {
  /** @throws LedgerError with the contract's refusal as code; unavailable/CHAIN_* */
  record(
    act: SignedAct,
    signal?: AbortSignal,
  ): Promise<{ readonly transaction: Hex; readonly block: BlockId }>
}

export interface CountingParts {
  readonly ledger: Pick<Ledger, 'findIndex'>
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

/** How a count is gone about. */
export interface Counting {
  /** Resolves once it is on disk what is being counted: from the first count on there is no way back. */
  readonly hold: () => Promise<void>
  /** Ends waiting for the chain. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Counts a use wherever a grant of its chain limits uses. The chain decides between two that want the last one, on
 * whatever nodes. All are tried before the first is sent, so that a second holder's refusal seldom costs the first a
 * use.
 *
 * @throws LedgerError forbidden/GRANT_USES_EXHAUSTED {hop}, conflict/USE_OUT_OF_SEQUENCE, and what else the contract
 *   says
 */
export async function countUses(
  { request }: Pick<DecidedUse, 'request'>,
  { chain, mirror, acts }: CountingParts,
  { hold, signal }: Counting,
): Promise<CountedUses> {
  const limited = request.authorizations.filter(isLimited)
  const counted = limited.map((authorization) =>
    mirror.grants.findUse(useIdOf(authorization, chain.registries)),
  )
  for (const [i, authorization] of limited.entries())
    if (counted[i] === undefined) await chain.simulate(toAct(authorization))
  if (limited.length > 0) await hold()
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

/** Whether the chain counted something of it, or will unless it refuses it. */
export async function isUnderWay(
  request: DecidableRequest,
  parts: CountingParts,
): Promise<boolean> {
  for (const authorization of request.authorizations.filter(isLimited))
    if (isCounted(authorization, parts) || (await isSent(authorization, parts))) return true
  return false
}

/**
 * What an earlier try sent to the chain is for the chain to decide before anything is decided here: it may count what
 * was refused meanwhile.
 *
 * @throws LedgerError unavailable/USE_COUNT_PENDING, CHAIN_*
 */
export async function awaitCounts(
  request: DecidableRequest,
  parts: CountingParts,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const authorization of request.authorizations.filter(isLimited)) {
    if (isCounted(authorization, parts) || !(await isSent(authorization, parts))) continue
    try {
      await parts.acts.record(toAct(authorization), signal)
    } catch (error) {
      // Then it is not counted, as `countUses` will find.
      if (!isRefusal(error)) throw error
    }
  }
}

function isCounted(authorization: Authorization, { mirror, chain }: CountingParts): boolean {
  return mirror.grants.findUse(useIdOf(authorization, chain.registries)) !== undefined
}

/** What was logged as an act is sent until it stands on the chain, or is refused there. */
async function isSent(
  authorization: Authorization,
  { ledger, chain }: CountingParts,
): Promise<boolean> {
  const digest = decode0x(useIdOf(authorization, chain.registries))
  return (await ledger.findIndex(actIdOf(digest))) !== undefined
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
