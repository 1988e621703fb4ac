import { isLedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import { verifyUse } from '../grants/rules.ts'
import type { GrantState, GrantWorld } from '../grants/world.ts'
import type { Registries } from '../parties/registries.ts'
import { useIdOf } from '../uses/signatures.ts'
import type { Authorization } from '../uses/documents.ts'
import { makeCheck } from '../verdict.ts'
import type { Check } from '../verdict.ts'

/**
 * Every hop of one holder's chain, by the rules of the contract, in the state that a block proves: one check for each.
 * A rule about the whole use counts at the last hop.
 */
export function checkGrantChain(
  authorization: Authorization,
  world: GrantWorld,
  registries: Registries,
): Check[] {
  const { chain, use } = authorization
  const broken = findBroken(() => verifyUse(chain, use, world, registries))
  const at = broken === undefined ? chain.length : (broken.hop ?? chain.length - 1)
  return chain.map(({ grantor, grantee, holder }, hop) => {
    const details = { holder, hop, grantor, grantee }
    if (hop < at) return makeCheck('grant', 'GRANT_HOLDS', details)
    if (hop > at || broken === undefined) return makeCheck('grant', 'GRANT_NOT_REACHED', details)
    return makeCheck('grant', broken.code, details)
  })
}

function findBroken(step: () => unknown): { code: string; hop?: number } | undefined {
  try {
    step()
    return undefined
  } catch (error) {
    if (!isLedgerError(error)) throw error
    const { hop } = error.details as { hop?: unknown }
    return { code: error.code, ...(typeof hop === 'number' && { hop }) }
  }
}

/**
 * The world just before a use was counted, seen from just after: whatever counts it has counted it once by then.
 * Unless the grant's latest use is this very one, nothing was counted, and the world is as it is.
 */
export function beforeUse(
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
export function isCounted(
  authorization: Authorization,
  grant: Hex,
  world: Pick<GrantWorld, 'stateOf'>,
  registries: Registries,
): boolean {
  const half = useIdOf(authorization, registries).slice(0, 2 + 32)
  return world.stateOf(grant).lastUse === half
}
