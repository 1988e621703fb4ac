import type { Hex } from '../ethereum/hex.ts'
import { grantIdOf, verifyRegistration, verifyUse } from '../grants/rules.ts'
import type { GrantState, GrantWorld } from '../grants/world.ts'
import type { Registries } from '../parties/registries.ts'
import type { UseReceipt } from '../statements/check.ts'
import { useIdOf } from '../uses/signatures.ts'
import { isLimited } from '../uses/documents.ts'
import type { Authorization } from '../uses/documents.ts'
import { makeCheck } from '../verdict.ts'
import type { Check } from '../verdict.ts'
import { attemptFinding } from './finding.ts'
import type { Finding } from './finding.ts'
import { isNear, NEAR } from './provenState.ts'
import type { ProvenState } from './provenState.ts'

/**
 * Every hop of every holder's chain, in the state at the moment of the use: one check for each hop, or one for a chain
 * that the state says nothing of.
 */
export function checkGrants(
  receipt: UseReceipt,
  proven: ProvenState,
  registries: Registries,
): Check[] {
  const { authorizations } = receipt
  const countings = authorizations.map((authorization) =>
    attemptFinding(() => countingOf(authorization, proven.world, registries)),
  )
  const anyCounted = countings.some((found) => 'value' in found && found.value === 'counted')
  return authorizations.flatMap((authorization, i) => {
    const counting = countings[i] as (typeof countings)[number]
    const details = { holder: authorization.chain[0]?.holder }
    if ('code' in counting)
      return [makeCheck('grant', counting.code, { ...details, ...counting.details })]
    const unfit = findUnfit(counting.value, anyCounted, receipt, proven)
    if (unfit !== undefined) return [makeCheck('grant', unfit, details)]
    return checkGrantChain(authorization, worldOf(counting.value, receipt, proven), registries)
  })
}

/**
 * By the rules of the contract, one check for each hop. A rule about the whole use counts at the last one. What the
 * world counted already is judged as it was before that.
 */
function checkGrantChain(
  authorization: Authorization,
  world: GrantWorld,
  registries: Registries,
): Check[] {
  const { chain, use } = authorization
  const ids = chain.map((grant) => grantIdOf(grant, registries))
  const before = beforeUse(authorization, ids, world, registries)
  const found = attemptFinding(() => verifyUse(chain, use, before, registries))
  const broken = 'code' in found ? found : undefined
  const at = broken === undefined ? chain.length : hopOf(broken, chain, before, registries)
  return chain.map(({ grantor, grantee, holder }, hop) => {
    const details = { holder, hop, grantor, grantee }
    if (hop < at) return makeCheck('grant', 'GRANT_HOLDS', details)
    if (hop > at || broken === undefined) return makeCheck('grant', 'GRANT_NOT_REACHED', details)
    return makeCheck('grant', broken.code, details)
  })
}

/**
 * A rule names its hop, unless it is of the whole chain; a slot that is not proven is missed at the first hop that
 * needs it.
 */
function hopOf(
  { code, details }: Finding,
  chain: Authorization['chain'],
  world: GrantWorld,
  registries: Registries,
): number {
  const hop = details?.['hop']
  if (typeof hop === 'number') return hop
  const unproven = chain.findIndex(
    (_, last) =>
      code === 'STATE_NOT_PROVEN' &&
      'code' in
        attemptFinding(() => verifyRegistration(chain.slice(0, last + 1), world, registries)),
  )
  return unproven < 0 ? chain.length - 1 : unproven
}

/**
 * A use was decided by the newest block that the node held, which its receipt names, or by the later one that counted
 * it. Answers what is wrong with the state as proof of that: an older one would hide what was revoked since.
 */
function findUnfit(
  counting: Counting,
  anyCounted: boolean,
  { decision: { at, block } }: UseReceipt,
  proven: ProvenState,
): string | undefined {
  if (counting === 'overtaken') return 'USE_COUNT_OVERTAKEN'
  const isSame = proven.block.hash === block.hash && proven.block.number === block.number
  if (!isSame && !(anyCounted && proven.block.number >= block.number))
    return 'USE_STATE_OF_OTHER_BLOCK'
  if (isNear(proven, at)) return undefined
  const isLater = at < proven.world.time - NEAR
  return isLater || proven.isFollowed ? 'USE_STATE_OF_OTHER_TIME' : 'USE_STATE_MAYBE_OUTDATED'
}

/** The contract judged what it counted, by the time of its block; everything else was judged by the node's clock. */
function worldOf(counting: Counting, { decision }: UseReceipt, { world }: ProvenState): GrantWorld {
  return counting === 'counted'
    ? world.at(Math.min(world.time, decision.at))
    : world.at(decision.at)
}

/**
 * `counted`: the chain counted this very use last. `overtaken`: it counted another one since, of the same block or of a
 * later one, so that nobody can tell from the state whether it counted this one.
 */
export type Counting = 'counted' | 'overtaken' | 'not counted'

/** @throws LedgerError unverified/STATE_NOT_PROVEN */
export function countingOf(
  authorization: Authorization,
  world: Pick<GrantWorld, 'stateOf'>,
  registries: Registries,
): Counting {
  const { chain, use } = authorization
  const last = chain.at(-1)
  if (last === undefined) return 'not counted'
  const id = grantIdOf(last, registries)
  if (isCounted(authorization, id, world, registries)) return 'counted'
  const isOvertaken = isLimited(authorization) && world.stateOf(id).used > use.sequence
  return isOvertaken ? 'overtaken' : 'not counted'
}

/**
 * The world just before a use was counted, seen from just after: whatever counts it has counted it once by then.
 * Unless the grant's latest use is this very one, nothing was counted, and the world is as it is.
 */
function beforeUse(
  authorization: Authorization,
  ids: readonly Hex[],
  world: GrantWorld,
  registries: Registries,
): GrantWorld {
  const { chain } = authorization
  const last = ids[ids.length - 1]
  if (last === undefined || !isCounted(authorization, last, world, registries)) return world
  const counting = new Set(ids.filter((id, hop) => id === last || chain[hop]?.uses !== 0))
  return {
    time: world.time,
    epochOf: (account) => world.epochOf(account),
    bindingOf: (holder, account) => world.bindingOf(holder, account),
    accountAs: (department, role) => world.accountAs(department, role),
    accountOf: (department) => world.accountOf(department),
    stateOf(grant): GrantState {
      const state = world.stateOf(grant)
      return counting.has(grant) ? { ...state, used: state.used - 1 } : state
    },
  }
}

/** Whether the chain counted this very use last. */
function isCounted(
  authorization: Authorization,
  grant: Hex,
  world: Pick<GrantWorld, 'stateOf'>,
  registries: Registries,
): boolean {
  const half = useIdOf(authorization, registries).slice(0, 2 + 32)
  return world.stateOf(grant).lastUse === half
}
