import type { Use } from '../acts/acts.ts'
import { refusal } from '../acts/refusals.ts'
import type { RefusalName } from '../acts/refusals.ts'
import { hashAct } from '../acts/typedData.ts'
import { encode0x } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Registries } from '../parties/registries.ts'
import { ROLES } from '../parties/roles.ts'
import type { Grant } from './grant.ts'
import type { GrantWorld } from './world.ts'

// The rules of GrantRegistry.sol over what a mirror or a proof tells of the chain, in the same order, so that the first
// thing wrong is the same, and so is the error. Who signed is not looked at here: `grantingAccount` and
// `revokingAccount` say who must have; a use is signed by the user's account, and by the last grantee's where that is
// another.

/** As many grants a chain has at most. */
export const MAX_HOPS = 8

const NOBODY: Hex = `0x${'0'.repeat(40)}`
const NO_PARENT: Hex = `0x${'0'.repeat(64)}`
const NO_TYPE = NO_PARENT
const USER = ROLES.indexOf('user')

/** From the root down to the grant that it is about. */
export type GrantChain = readonly Grant[]

/** The EIP-712 digest of a grant: the same terms on another chain or contract are another grant. */
export function grantIdOf(grant: Grant, registries: Registries): Hex {
  return encode0x(hashAct({ type: 'Grant', message: grant }, registries))
}

/**
 * Answers a grant's id, as `grantIdOf` does, which takes nearly all the time of a decision: a caller that judges the
 * same grants over and over keeps their ids. Under the id of other terms any terms would pass, so it keeps them by
 * content, or by objects that nobody changes.
 */
export type GrantIds = (grant: Grant) => Hex

/**
 * That the last grant of a chain may be registered, or is already. Answers the ids, root first.
 *
 * @throws LedgerError invalid/GRANT_CHAIN_EMPTY, GRANT_CHAIN_TOO_LONG
 * @throws LedgerError forbidden/GRANT_*, GRANTOR_NOT_BOUND
 */
export function verifyRegistration(
  chain: GrantChain,
  world: GrantWorld,
  registries: Registries,
  idOf: GrantIds = idsOf(registries),
): Hex[] {
  const hops = hopsOf(chain)
  const last = hops.length - 1
  const ids = walk(hops, world, idOf, (hop, id) => {
    if (hop < last) verifyRegistered(hop, id, world)
  })
  const state = world.stateOf(ids[last] as Hex)
  if (state.revokedAt !== 0) refuse('GrantIsRevoked', { hop: last })
  if (state.registeredAt !== 0) return ids
  const { holder, grantor } = (hops[last] as Hop).grant
  if (last === 0 && !isBound(holder, grantor, world)) refuse('GrantorNotBound', { holder, grantor })
  return ids
}

/**
 * That every grant of a chain is registered, live, no wider than the one before, in its time and not used up.
 * Answers the ids, root first.
 *
 * @throws LedgerError as `verifyRegistration`, and forbidden/GRANTOR_ENDED
 */
export function verifyGrantChain(
  chain: GrantChain,
  world: GrantWorld,
  registries: Registries,
  idOf: GrantIds = idsOf(registries),
): Hex[] {
  return verifyLive(hopsOf(chain), world, idOf)
}

/**
 * That the department `user` could use these items for this purpose now. Answers the ids, root first.
 *
 * @param asked masks of 32 bytes: one item at least, one purpose exactly
 * @throws LedgerError as `verifyGrantChain`, and forbidden/USE_ITEMS_NOT_GRANTED, USE_PURPOSE_NOT_GRANTED,
 *   NOT_ACCREDITED
 */
export function verifyUsable(
  chain: GrantChain,
  asked: Pick<Use, 'user' | 'items' | 'purposes'>,
  world: GrantWorld,
  registries: Registries,
  idOf: GrantIds = idsOf(registries),
): Hex[] {
  const hops = hopsOf(chain)
  const ids = verifyLive(hops, world, idOf)
  const granted = hops[hops.length - 1] as Hop
  const [items, purposes] = [BigInt(asked.items), BigInt(asked.purposes)]
  if (items === 0n || !isSubset(items, granted.items))
    refuse('UseItemsNotGranted', { items: asked.items })
  if (!isSingle(purposes) || !isSubset(purposes, granted.purposes))
    refuse('UsePurposeNotGranted', { purposes: asked.purposes })
  if (world.accountAs(asked.user, 'user') === undefined)
    refuse('NotAccredited', { department: asked.user, role: USER, certificateType: NO_TYPE })
  return ids
}

/**
 * That a use would be counted now, were it signed. Answers the ids, root first.
 *
 * @throws LedgerError as `verifyUsable`; invalid/USE_GRANT_MISMATCH, forbidden/USE_EXPIRED,
 *   conflict/USE_OUT_OF_SEQUENCE
 */
export function verifyUse(
  chain: GrantChain,
  use: Use,
  world: GrantWorld,
  registries: Registries,
  idOf: GrantIds = idsOf(registries),
): Hex[] {
  const ids = verifyUsable(chain, use, world, registries, idOf)
  const presented = ids[ids.length - 1] as Hex
  if (use.grant !== presented) refuse('UseGrantMismatch', { presented, requested: use.grant })
  if (world.time > use.notAfter) refuse('UseExpired', { notAfter: use.notAfter })
  const { used } = world.stateOf(presented)
  if (use.sequence !== used) refuse('UseOutOfSequence', { expected: used, given: use.sequence })
  return ids
}

/**
 * That `revoker` may end the last grant of a chain, which may begin at the revoker's own grant.
 * Answers the ids, in the order of the chain.
 *
 * @throws LedgerError invalid/GRANT_CHAIN_EMPTY, GRANT_CHAIN_TOO_LONG; forbidden/GRANT_PARENT_MISMATCH, NOT_REVOKER
 */
export function verifyRevocation(
  chain: GrantChain,
  revoker: Hex,
  world: GrantWorld,
  registries: Registries,
  idOf: GrantIds = idsOf(registries),
): Hex[] {
  requireLength(chain)
  const ids: Hex[] = []
  for (const [hop, grant] of chain.entries()) {
    if (hop > 0 && grant.parent !== ids[hop - 1]) refuse('GrantParentMismatch', { hop })
    ids.push(idOf(grant))
  }
  const ended = chain[chain.length - 1] as Grant
  const isGrantor = revoker !== NOBODY && chain.some(({ grantor }) => grantor === revoker)
  if (!isGrantor && !isBound(ended.holder, revoker, world))
    refuse('NotRevoker', { grant: ids[ids.length - 1], account: revoker })
  return ids
}

/**
 * The account that must have signed a grant. A holder's binding names the account itself; any other grantor may be a
 * department, which acts by its present account.
 */
export function grantingAccount({ parent, grantor }: Grant, world: GrantWorld): Hex {
  return parent === NO_PARENT ? grantor : world.accountOf(grantor)
}

/** The account that must have signed a revocation that `verifyRevocation` lets pass. */
export function revokingAccount(chain: GrantChain, revoker: Hex, world: GrantWorld): Hex {
  const granted = chain.findLast(({ grantor }) => grantor === revoker)
  return granted === undefined ? revoker : grantingAccount(granted, world)
}

/** A grant with its masks read. */
interface Hop {
  readonly grant: Grant
  readonly items: bigint
  readonly purposes: bigint
}

function idsOf(registries: Registries): GrantIds {
  return (grant) => grantIdOf(grant, registries)
}

function hopsOf(chain: GrantChain): Hop[] {
  requireLength(chain)
  return chain.map((grant) => ({
    grant,
    items: BigInt(grant.items),
    purposes: BigInt(grant.purposes),
  }))
}

function requireLength({ length }: GrantChain): void {
  if (length === 0) refuse('GrantChainEmpty', {})
  if (length > MAX_HOPS) refuse('GrantChainTooLong', { length, limit: MAX_HOPS })
}

function verifyLive(hops: readonly Hop[], world: GrantWorld, idOf: GrantIds): Hex[] {
  const ids = walk(hops, world, idOf, (hop, id, { notBefore, uses }) => {
    const used = verifyRegistered(hop, id, world)
    if (world.time < notBefore) refuse('GrantNotYetValid', { hop })
    if (uses !== 0 && used >= uses) refuse('GrantUsesExhausted', { hop })
  })
  verifyNotEnded((hops[0] as Hop).grant, ids[0] as Hex, world)
  return ids
}

/** Down the chain: what can be told from the terms, the clock and the epochs, then `verify`. */
function walk(
  hops: readonly Hop[],
  world: GrantWorld,
  idOf: GrantIds,
  verify: (hop: number, id: Hex, grant: Grant) => void,
): Hex[] {
  const ids: Hex[] = []
  for (const [hop, { grant, items, purposes }] of hops.entries()) {
    if (grant.parent !== (ids[hop - 1] ?? NO_PARENT)) refuse('GrantParentMismatch', { hop })
    if (items === 0n || purposes === 0n || grant.grantee === NOBODY) refuse('GrantEmpty', { hop })
    if (grant.notBefore > grant.notAfter) refuse('GrantWindowEmpty', { hop })
    if (hop > 0) verifyNarrower(hops[hop] as Hop, hops[hop - 1] as Hop, hop)
    if (world.time > grant.notAfter) refuse('GrantExpired', { hop })
    if (grant.epoch !== world.epochOf(grant.grantor)) refuse('GrantEpochOutdated', { hop })
    const id = idOf(grant)
    verify(hop, id, grant)
    ids.push(id)
  }
  return ids
}

function verifyNarrower(below: Hop, above: Hop, hop: number): void {
  const { grant } = below
  const { grant: wider } = above
  if (grant.grantor !== wider.grantee) refuse('GrantGrantorMismatch', { hop })
  if (grant.holder !== wider.holder) refuse('GrantHolderMismatch', { hop })
  if (grant.scope !== wider.scope) refuse('GrantScopeMismatch', { hop })
  if (!isSubset(below.items, above.items)) refuse('GrantItemsWidened', { hop })
  if (!isSubset(below.purposes, above.purposes)) refuse('GrantPurposesWidened', { hop })
  if (grant.notBefore < wider.notBefore || grant.notAfter > wider.notAfter)
    refuse('GrantWindowWidened', { hop })
  if (grant.depth >= wider.depth) refuse('GrantDepthWidened', { hop })
  if (wider.uses !== 0 && (grant.uses === 0 || grant.uses > wider.uses))
    refuse('GrantUsesWidened', { hop })
}

/** Answers how often it was used. */
function verifyRegistered(hop: number, id: Hex, world: GrantWorld): number {
  const { registeredAt, revokedAt, used } = world.stateOf(id)
  if (revokedAt !== 0) refuse('GrantIsRevoked', { hop })
  if (registeredAt === 0) refuse('GrantNotRegistered', { hop })
  return used
}

/** An account that was released keeps what it granted, unless the holder's registrar said otherwise. */
function verifyNotEnded({ holder, grantor }: Grant, id: Hex, world: GrantWorld): void {
  const { grantsEndedAt } = world.bindingOf(holder, grantor)
  if (world.stateOf(id).registeredAt <= grantsEndedAt) refuse('GrantorEnded', { holder, grantor })
}

function isBound(holder: Hex, account: Hex, world: GrantWorld): boolean {
  const { from, until } = world.bindingOf(holder, account)
  return from !== 0 && until === 0
}

function isSubset(mask: bigint, of: bigint): boolean {
  return (mask | of) === of
}

function isSingle(mask: bigint): boolean {
  return mask !== 0n && (mask & (mask - 1n)) === 0n
}

function refuse(name: RefusalName, details: Readonly<Record<string, unknown>>): never {
  throw refusal(name, details)
}
