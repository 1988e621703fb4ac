import type { CaseRules } from '../cases/rules.ts'
import type { RegistryChain } from '../chain/registries.ts'
import { NEAR } from '../core/verify/provenState.ts'
import { userOf } from '../core/uses/request.ts'
import type { KeyedRequest } from '../ledger/idempotency.ts'
import type { Mirror, MirrorWorld } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import { awaitCounts } from './counting.ts'
import type { CountingParts } from './counting.ts'
import { requireDepartment } from './deciding.ts'
import type { DecidableRequest } from './deciding.ts'
import type { PendingUse } from './pendingUses.ts'
import { describe } from './receipts.ts'
import type { Asked } from './receipts.ts'

export interface JudgingParts {
  readonly mirror: Pick<Mirror, 'world'>
  readonly chain: Pick<RegistryChain, 'registries' | 'simulate' | 'isValidSignature'>
  readonly directory: Pick<PartyDirectory, 'departmentOf'>
  readonly caseRules: Pick<CaseRules, 'indexOf'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** By what a request is judged, and what a statement says of it. */
export interface Judging {
  readonly world: MirrorWorld
  readonly region: string | undefined
  readonly asked: Asked
}

/** Seconds: a receipt holds for those who check it while its entry is near its decision, and logging takes a moment. */
const CARRIED = NEAR - 5 * 60

/** A request in its turn. */
export interface TakenUp {
  /** Of the statement that will answer it. */
  readonly id: string
  readonly request: DecidableRequest
  /** The same as it was held before. */
  readonly held: PendingUse | undefined
  /** Somebody asks: that the department signed it is seen anew. */
  readonly isAsked: boolean
  /** Under which it is asked, and its answer found again. */
  readonly idempotency?: KeyedRequest | undefined
}

/**
 * By what a request is decided, once the chain has decided what it was asked before.
 *
 * @throws LedgerError unverified/USE_SIGNATURE_INVALID; unavailable/MIRROR_STALE, USE_COUNT_PENDING, CHAIN_*
 */
export async function judge(
  { request, held, isAsked }: TakenUp,
  parts: JudgingParts & CountingParts,
  signal: AbortSignal | undefined,
): Promise<Judging> {
  if (held === undefined) return judgeNow(request, parts)
  if (isAsked) await judgeNow(request, parts)
  await awaitCounts(request, parts, signal)
  return judgePending({ request, decision: held.decision }, parts)
}

/** As of now, if the department signed it; see `requireDepartment`. */
async function judgeNow(
  request: DecidableRequest,
  { mirror, chain, directory, caseRules, now }: JudgingParts,
): Promise<Judging> {
  const world = mirror.world(Math.floor(now() / 1000))
  await requireDepartment(request, world, chain)
  const region = (await directory.departmentOf(userOf(request)))?.region
  const opened = await caseRules.indexOf(request.context.case)
  const decision = decisionOf(world, region, opened)
  return { world, region, asked: describe(request, chain, decision) }
}

/**
 * What was decided, and may have been counted since: its times are those of its decision, as long as that is near
 * enough to be checked; all that can be ended by somebody is as it is now.
 */
function judgePending(
  { request, decision }: Pick<PendingUse, 'request' | 'decision'>,
  { mirror, chain, now }: JudgingParts,
): Judging {
  const time = Math.floor(now() / 1000)
  const world = mirror.world(time)
  const { region, case: opened } = decision
  if (time - decision.at > CARRIED) {
    const asked = describe(request, chain, decisionOf(world, region, opened))
    return { world, region, asked }
  }
  return { world: asOf(world, decision.at), region, asked: describe(request, chain, decision) }
}

/** @param opened index of the case's entry */
function decisionOf(
  { time, block }: MirrorWorld,
  region: string | undefined,
  opened: number | undefined,
): Asked['decision'] {
  const { number, hash } = block
  return {
    rules: 1,
    at: time,
    block: { number, hash },
    ...(region !== undefined && { region }),
    ...(opened !== undefined && { case: opened }),
  }
}

function asOf(world: MirrorWorld, time: number): MirrorWorld {
  return {
    time,
    block: world.block,
    epochOf: (account) => world.epochOf(account),
    stateOf: (grant) => world.stateOf(grant),
    bindingOf: (holder, account) => world.bindingOf(holder, account),
    accountAs: (department, role) => world.accountAs(department, role),
    accountOf: (department) => world.accountOf(department),
    isAccredited: (...asked) => world.isAccredited(...asked),
    statusOf: (certificate) => world.statusOf(certificate),
  }
}
