import { grantId, useId } from './acts.js'
import { demand, Refusal } from './bytes.js'
import { HOUR } from './states.js'

const ZERO = 0n

export const isLimited = ({ chain }) => chain.some(({ uses }) => uses > 0)

/** `counted`, `overtaken` or `not counted`. */
export function countingOf(authorization, state, registries) {
  const { chain, use } = authorization
  const { lastUse, used } = state.grantOf(grantId(chain.at(-1), registries))
  if (lastUse === useId(use, registries).slice(0, 34)) return 'counted'
  return isLimited(authorization) && used > use.sequence ? 'overtaken' : 'not counted'
}

/** A code for each hop of each authorization, or one for an authorization that the state says nothing of. */
export function checkGrants({ authorizations, decision }, state, registries) {
  const countings = authorizations.map((authorization) =>
    orCode(() => countingOf(authorization, state, registries)),
  )
  const anyCounted = countings.includes('counted')
  return authorizations.flatMap((authorization, i) => {
    const counting = countings[i]
    if (!['counted', 'overtaken', 'not counted'].includes(counting)) return [counting]
    const unfit = findUnfit(counting, anyCounted, decision, state)
    if (unfit !== undefined) return [unfit]
    const { at } = decision
    const time = counting === 'counted' ? Math.min(at, state.time) : at
    const grantOf =
      counting === 'counted' ? before(authorization, state, registries) : state.grantOf
    return checkChain(authorization, { ...state, grantOf }, time, registries)
  })
}

function findUnfit(counting, anyCounted, { at, block }, state) {
  if (counting === 'overtaken') return 'USE_COUNT_OVERTAKEN'
  const isSame = state.number === block.number && state.hash === block.hash
  if (!isSame && !(anyCounted && state.number >= block.number)) return 'USE_STATE_OF_OTHER_BLOCK'
  if (state.isNear(at)) return undefined
  const isShown = at < state.time - HOUR || state.isFollowed
  return isShown ? 'USE_STATE_OF_OTHER_TIME' : 'USE_STATE_MAYBE_OUTDATED'
}

/** As the grants stood before this use was counted. */
function before({ chain }, { grantOf }, registries) {
  const last = grantId(chain.at(-1), registries)
  const counting = chain.filter(({ uses }) => uses > 0).map((grant) => grantId(grant, registries))
  return (id) => {
    const grant = grantOf(id)
    return id === last || counting.includes(id) ? { ...grant, used: grant.used - 1 } : grant
  }
}

function checkChain({ chain, use }, state, time, registries) {
  const ids = chain.map((grant) => grantId(grant, registries))
  const codes = []
  for (const hop of chain.keys()) {
    const code = orCode(() => checkHop(chain, ids, hop, state, time))
    codes.push(code ?? 'GRANT_HOLDS')
    if (code !== undefined) break
  }
  const left = chain.length - codes.length
  const isUnbroken = codes.at(-1) === 'GRANT_HOLDS'
  const whole = isUnbroken ? orCode(() => checkWhole(chain, ids, use, state, time)) : undefined
  if (whole !== undefined) codes.splice(-1, 1, whole)
  return [...codes, ...Array.from({ length: left }, () => 'GRANT_NOT_REACHED')]
}

function checkHop(chain, ids, hop, { grantOf, epochOf }, time) {
  const grant = chain[hop]
  const above = chain[hop - 1]
  const [items, purposes] = [BigInt(grant.items), BigInt(grant.purposes)]
  demand(BigInt(grant.parent) === BigInt(ids[hop - 1] ?? 0), 'GRANT_PARENT_MISMATCH')
  const isEmpty = [items, purposes, BigInt(grant.grantee)].includes(ZERO)
  demand(!isEmpty, 'GRANT_EMPTY')
  demand(grant.notBefore <= grant.notAfter, 'GRANT_WINDOW_EMPTY')
  if (above !== undefined) {
    demand(grant.grantor === above.grantee, 'GRANT_GRANTOR_MISMATCH')
    demand(grant.holder === above.holder, 'GRANT_HOLDER_MISMATCH')
    demand(grant.scope === above.scope, 'GRANT_SCOPE_MISMATCH')
    demand((items & ~BigInt(above.items)) === ZERO, 'GRANT_ITEMS_WIDENED')
    demand((purposes & ~BigInt(above.purposes)) === ZERO, 'GRANT_PURPOSES_WIDENED')
    const isWithin = grant.notBefore >= above.notBefore && grant.notAfter <= above.notAfter
    demand(isWithin, 'GRANT_WINDOW_WIDENED')
    demand(grant.depth < above.depth, 'GRANT_DEPTH_WIDENED')
    const isFewer = above.uses === 0 || (grant.uses > 0 && grant.uses <= above.uses)
    demand(isFewer, 'GRANT_USES_WIDENED')
  }
  demand(time <= grant.notAfter, 'GRANT_EXPIRED')
  demand(grant.epoch === epochOf(grant.grantor), 'GRANT_EPOCH_OUTDATED')
  const { registeredAt, revokedAt, used } = grantOf(ids[hop])
  demand(revokedAt === 0, 'GRANT_IS_REVOKED')
  demand(registeredAt !== 0, 'GRANT_NOT_REGISTERED')
  demand(time >= grant.notBefore, 'GRANT_NOT_YET_VALID')
  demand(grant.uses === 0 || used < grant.uses, 'GRANT_USES_EXHAUSTED')
}

function checkWhole(chain, ids, use, { grantOf, bindingOf, may, accountOf }, time) {
  const [root] = chain
  const { grantsEndedAt } = bindingOf(root.holder, root.grantor)
  demand(grantOf(ids[0]).registeredAt > grantsEndedAt, 'GRANTOR_ENDED')
  const last = chain.at(-1)
  const [items, purposes] = [BigInt(use.items), BigInt(use.purposes)]
  const areGranted = items !== ZERO && (items & ~BigInt(last.items)) === ZERO
  demand(areGranted, 'USE_ITEMS_NOT_GRANTED')
  const isOne = purposes !== ZERO && (purposes & (purposes - 1n)) === ZERO
  demand(isOne && (purposes & ~BigInt(last.purposes)) === ZERO, 'USE_PURPOSE_NOT_GRANTED')
  demand(may(use.user, 'user', time), 'NOT_ACCREDITED')
  accountOf(use.user)
  demand(use.grant === ids.at(-1), 'USE_GRANT_MISMATCH')
  demand(time <= use.notAfter, 'USE_EXPIRED')
  demand(use.sequence === grantOf(ids.at(-1)).used, 'USE_OUT_OF_SEQUENCE')
}

/** What a step gives, or the code that it refuses with. */
function orCode(step) {
  try {
    return step()
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}
