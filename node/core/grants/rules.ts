import type { Use } from '../acts/acts.ts'
import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Registries } from '../parties/registries.ts'
import type { Grant } from './grant.ts'
import { grantIdOf } from './grantId.ts'
import type { GrantWorld } from './world.ts'

// The rules of GrantRegistry.sol over what a mirror or a proof tells of the chain, in the same order, so that the first
// thing wrong is the same. Each error is the contract's: GrantItemsWidened(hop) is GRANT_ITEMS_WIDENED with {hop}.
// Who signed is not looked at here: `grantingAccount` and its like name the accounts that must have.

export { grantIdOf } from './grantId.ts'

/** As many grants a chain has at most. */
export const MAX_HOPS = 8

const NOBODY: Hex = `0x${'0'.repeat(40)}`
const NO_PARENT: Hex = `0x${'0'.repeat(64)}`

/** From the root down to the grant that it is about. */
export type GrantChain = readonly Grant[]

/** Answers a grant's id, as `grantIdOf` does; a caller that keeps ids gives its own. */
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
  if (state.revokedAt !== 0) refuse('GRANT_IS_REVOKED', { hop: last })
  if (state.registeredAt !== 0) return ids
  const { holder, grantor } = (hops[last] as Hop).grant
  if (last === 0 && !isBound(holder, grantor, world))
    refuse('GRANTOR_NOT_BOUND', { holder, grantor })
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
 * @throws LedgerError as `verifyGrantChain`, and forbidden/USE_ITEMS_NOT_GRANTED, USE_PURPOSE_NOT_GRANTED, NOT_ACCREDITED
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
    refuse('USE_ITEMS_NOT_GRANTED', { items: asked.items })
  if (!isSingle(purposes) || !isSubset(purposes, granted.purposes))
    refuse('USE_PURPOSE_NOT_GRANTED', { purposes: asked.purposes })
  if (world.accountAs(asked.user, 'user') === undefined)
    refuse('NOT_ACCREDITED', { department: asked.user, role: 'user' })
  return ids
}

/**
 * That a use would be counted now, were it signed. Answers the ids, root first.
 *
 * @throws LedgerError as `verifyUsable`; invalid/USE_GRANT_MISMATCH, forbidden/USE_EXPIRED, conflict/USE_OUT_OF_SEQUENCE
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
  if (use.grant !== presented)
    refuse('USE_GRANT_MISMATCH', { presented, requested: use.grant }, 'invalid')
  if (world.time > use.notAfter) refuse('USE_EXPIRED', { notAfter: use.notAfter })
  const { used } = world.stateOf(presented)
  if (use.sequence !== used)
    refuse('USE_OUT_OF_SEQUENCE', { expected: used, given: use.sequence }, 'conflict')
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
    if (hop > 0 && grant.parent !== ids[hop - 1]) refuse('GRANT_PARENT_MISMATCH', { hop })
    ids.push(idOf(grant))
  }
  const ended = chain[chain.length - 1] as Grant
  const isGrantor = revoker !== NOBODY && chain.some(({ grantor }) => grantor === revoker)
  if (!isGrantor && !isBound(ended.holder, revoker, world))
    refuse('NOT_REVOKER', { grant: ids[ids.length - 1], account: revoker })
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
  if (length === 0) refuse('GRANT_CHAIN_EMPTY', {}, 'invalid')
  if (length > MAX_HOPS) refuse('GRANT_CHAIN_TOO_LONG', { length, limit: MAX_HOPS }, 'invalid')
}

function verifyLive(hops: readonly Hop[], world: GrantWorld, idOf: GrantIds): Hex[] {
  const ids = walk(hops, world, idOf, (hop, id, { notBefore, uses }) => {
    const used = verifyRegistered(hop, id, world)
    if (world.time < notBefore) refuse('GRANT_NOT_YET_VALID', { hop })
    if (uses !== 0 && used >= uses) refuse('GRANT_USES_EXHAUSTED', { hop })
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
    if (grant.parent !== (ids[hop - 1] ?? NO_PARENT)) refuse('GRANT_PARENT_MISMATCH', { hop })
    if (items === 0n || purposes === 0n || grant.grantee === NOBODY) refuse('GRANT_EMPTY', { hop })
    if (grant.notBefore > grant.notAfter) refuse('GRANT_WINDOW_EMPTY', { hop })
    if (hop > 0) verifyNarrower(hops[hop] as Hop, hops[hop - 1] as Hop, hop)
    if (world.time > grant.notAfter) refuse('GRANT_EXPIRED', { hop })
    if (grant.epoch !== world.epochOf(grant.grantor)) refuse('GRANT_EPOCH_OUTDATED', { hop })
    const id = idOf(grant)
    verify(hop, id, grant)
    ids.push(id)
  }
  return ids
}

function verifyNarrower(below: Hop, above: Hop, hop: number): void {
  const { grant } = below
  const { grant: wider } = above
  if (grant.grantor !== wider.grantee) refuse('GRANT_GRANTOR_MISMATCH', { hop })
  if (grant.holder !== wider.holder) refuse('GRANT_HOLDER_MISMATCH', { hop })
  if (grant.scope !== wider.scope) refuse('GRANT_SCOPE_MISMATCH', { hop })
  if (!isSubset(below.items, above.items)) refuse('GRANT_ITEMS_WIDENED', { hop })
  if (!isSubset(below.purposes, above.purposes)) refuse('GRANT_PURPOSES_WIDENED', { hop })
  if (grant.notBefore < wider.notBefore || grant.notAfter > wider.notAfter)
    refuse('GRANT_WINDOW_WIDENED', { hop })
  if (grant.depth >= wider.depth) refuse('GRANT_DEPTH_WIDENED', { hop })
  if (wider.uses !== 0 && (grant.uses === 0 || grant.uses > wider.uses))
    refuse('GRANT_USES_WIDENED', { hop })
}

/** Answers how often it was used. */
function verifyRegistered(hop: number, id: Hex, world: GrantWorld): number {
  const { registeredAt, revokedAt, used } = world.stateOf(id)
  if (revokedAt !== 0) refuse('GRANT_IS_REVOKED', { hop })
  if (registeredAt === 0) refuse('GRANT_NOT_REGISTERED', { hop })
  return used
}

/** An account that was released keeps what it granted, unless the holder's registrar said otherwise. */
function verifyNotEnded({ holder, grantor }: Grant, id: Hex, world: GrantWorld): void {
  const { grantsEndedAt } = world.bindingOf(holder, grantor)
  if (world.stateOf(id).registeredAt <= grantsEndedAt) refuse('GRANTOR_ENDED', { holder, grantor })
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

function refuse(
  code: string,
  details: Readonly<Record<string, unknown>>,
  kind: 'invalid' | 'forbidden' | 'conflict' = 'forbidden',
): never {
  throw new LedgerError(kind, code, details)
}
