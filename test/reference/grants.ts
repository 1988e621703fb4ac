import { concat, keccak256, TypedDataEncoder, ZeroAddress, ZeroHash } from 'ethers'

// The rules of passing on and using grants, one after the other as they are written, over plain values: something for
// fast code, and for contracts, to be checked against. Ids come from ethers.

/** The fields of a grant that narrowing looks at. Masks as sets of bit numbers. */
export interface PlainGrant {
  grantor: string
  grantee: string
  holder: string
  scope: string
  items: ReadonlySet<number>
  purposes: ReadonlySet<number>
  notBefore: number
  notAfter: number
  depth: number
  /** 0 for any number. */
  uses: number
}

export type GrantRefusal =
  | 'GRANT_EMPTY'
  | 'GRANT_WINDOW_EMPTY'
  | 'GRANT_GRANTOR_MISMATCH'
  | 'GRANT_HOLDER_MISMATCH'
  | 'GRANT_SCOPE_MISMATCH'
  | 'GRANT_ITEMS_WIDENED'
  | 'GRANT_PURPOSES_WIDENED'
  | 'GRANT_WINDOW_WIDENED'
  | 'GRANT_DEPTH_WIDENED'
  | 'GRANT_USES_WIDENED'

/** Why `grant` may not stand below `above`; undefined if it may. */
export function refuseBelow(above: PlainGrant, grant: PlainGrant): GrantRefusal | undefined {
  return (
    refuseTerms(grant) ??
    firstBroken([
      [grant.grantor !== above.grantee, 'GRANT_GRANTOR_MISMATCH'],
      [grant.holder !== above.holder, 'GRANT_HOLDER_MISMATCH'],
      [grant.scope !== above.scope, 'GRANT_SCOPE_MISMATCH'],
      [!grant.items.isSubsetOf(above.items), 'GRANT_ITEMS_WIDENED'],
      [!grant.purposes.isSubsetOf(above.purposes), 'GRANT_PURPOSES_WIDENED'],
      [
        grant.notBefore < above.notBefore || grant.notAfter > above.notAfter,
        'GRANT_WINDOW_WIDENED',
      ],
      [grant.depth > above.depth - 1, 'GRANT_DEPTH_WIDENED'],
      [usesOf(grant) > usesOf(above), 'GRANT_USES_WIDENED'],
    ])
  )
}

/** Why a grant means nothing by itself. */
function refuseTerms(grant: PlainGrant): GrantRefusal | undefined {
  const isEmpty =
    grant.items.size === 0 || grant.purposes.size === 0 || grant.grantee === ZeroAddress
  return firstBroken([
    [isEmpty, 'GRANT_EMPTY'],
    [grant.notBefore > grant.notAfter, 'GRANT_WINDOW_EMPTY'],
  ])
}

function usesOf({ uses }: PlainGrant): number {
  return uses === 0 ? Infinity : uses
}

/** A grant as documents have it: masks as 0x and 64 hex digits. */
export interface WrittenGrant extends Omit<PlainGrant, 'items' | 'purposes'> {
  parent: string
  items: string
  purposes: string
  epoch: number
  salt: string
}

export interface WrittenUse {
  grant: string
  user: string
  items: string
  purposes: string
  context: string
  audience: string
  sequence: number
  /** Seconds since 1970, as all times here. */
  notAfter: number
}

/** What the chain says. Who is in no list is unknown, with all zero. */
export interface PlainWorld {
  time: number
  states: { grant: string; registeredAt: number; revokedAt: number; used: number }[]
  epochs: { account: string; epoch: number }[]
  bindings: {
    holder: string
    account: string
    from: number
    until: number
    grantsEndedAt: number
  }[]
  /** `account`: the one that it acts by. `standing`: 0 good, 1 suspended, 2 withdrawn. */
  departments: {
    department: string
    accreditor: string
    rights: number
    standing: number
    notBefore: number
    notAfter: number
    account: string
  }[]
}

/** Whether the last grant of `chain` may be registered, used as `use` says, and revoked by `revoker`. */
export interface Question {
  chain: WrittenGrant[]
  use: WrittenUse
  revoker: string
  world: PlainWorld
}

/** Where it is asked. `authority`: the department that all others are accredited from. */
export interface Place {
  chainId: number
  contract: string
  authority: string
}

/** Allowed once this account signs, or without a signature where nothing is left to do; or refused. */
export type Outcome =
  { signer: string | null } | { refused: string; details: Record<string, string | number> }

export interface Judgement {
  register: Outcome
  use: Outcome
  revoke: Outcome
}

export function judge(question: Question, place: Place): Judgement {
  return {
    register: judgeRegistration(question, place),
    use: judgeUse(question, place),
    revoke: judgeRevocation(question, place),
  }
}

export function judgeRegistration({ chain, world }: Question, place: Place): Outcome {
  const wrongLength = refuseLength(chain)
  if (wrongLength) return wrongLength
  let parent = ZeroHash
  for (const [hop, grant] of chain.entries()) {
    const id = grantId(grant, place)
    const state = stateOf(world, id)
    const isLast = hop === chain.length - 1
    const code =
      refuseHop(chain, hop, parent, world) ??
      firstBroken([
        [state.revokedAt !== 0, 'GRANT_IS_REVOKED'],
        [!isLast && state.registeredAt === 0, 'GRANT_NOT_REGISTERED'],
      ])
    if (code) return refused(code, { hop })
    parent = id
  }
  if (stateOf(world, parent).registeredAt !== 0) return { signer: null }
  const { holder, grantor } = chain.at(-1)!
  if (chain.length > 1) return { signer: accountOf(world, grantor) }
  return isBound(world, holder, grantor)
    ? { signer: grantor }
    : refused('GRANTOR_NOT_BOUND', { holder, grantor })
}

export function judgeUse({ chain, use, world }: Question, place: Place): Outcome {
  const wrongLength = refuseLength(chain)
  if (wrongLength) return wrongLength
  let id = ZeroHash
  for (const [hop, grant] of chain.entries()) {
    const own = grantId(grant, place)
    const state = stateOf(world, own)
    const code =
      refuseHop(chain, hop, id, world) ??
      firstBroken([
        [state.revokedAt !== 0, 'GRANT_IS_REVOKED'],
        [state.registeredAt === 0, 'GRANT_NOT_REGISTERED'],
        [world.time < grant.notBefore, 'GRANT_NOT_YET_VALID'],
        [state.used >= (grant.uses === 0 ? Infinity : grant.uses), 'GRANT_USES_EXHAUSTED'],
      ])
    if (code) return refused(code, { hop })
    id = own
  }
  const { holder, grantor } = chain[0]!
  const { registeredAt } = stateOf(world, grantId(chain[0]!, place))
  if (bindingOf(world, holder, grantor).grantsEndedAt >= registeredAt)
    return refused('GRANTOR_ENDED', { holder, grantor })

  const granted = plain(chain.at(-1)!)
  const [items, purposes] = [bitsOf(use.items), bitsOf(use.purposes)]
  if (items.size === 0 || !items.isSubsetOf(granted.items))
    return refused('USE_ITEMS_NOT_GRANTED', { items: use.items })
  if (purposes.size !== 1 || !purposes.isSubsetOf(granted.purposes))
    return refused('USE_PURPOSE_NOT_GRANTED', { purposes: use.purposes })
  if (!isUser(world, use.user, place.authority))
    return refused('NOT_ACCREDITED', { department: use.user, role: 3, certificateType: ZeroHash })
  if (use.grant !== id)
    return refused('USE_GRANT_MISMATCH', { presented: id, requested: use.grant })
  if (world.time > use.notAfter) return refused('USE_EXPIRED', { notAfter: use.notAfter })
  const { used } = stateOf(world, id)
  if (use.sequence !== used)
    return refused('USE_OUT_OF_SEQUENCE', { expected: used, given: use.sequence })
  return { signer: accountOf(world, use.user) }
}

export function judgeRevocation({ chain, revoker, world }: Question, place: Place): Outcome {
  const wrongLength = refuseLength(chain)
  if (wrongLength) return wrongLength
  for (const [hop, grant] of chain.entries())
    if (hop > 0 && grant.parent !== grantId(chain[hop - 1]!, place))
      return refused('GRANT_PARENT_MISMATCH', { hop })
  const last = chain.at(-1)!
  const granted = chain.findLast(({ grantor }) => grantor === revoker && grantor !== ZeroAddress)
  if (granted) return { signer: granted.parent === ZeroHash ? revoker : accountOf(world, revoker) }
  return isBound(world, last.holder, revoker)
    ? { signer: revoker }
    : refused('NOT_REVOKER', { grant: grantId(last, place), account: revoker })
}

function refuseLength({ length }: WrittenGrant[]): Outcome | undefined {
  if (length === 0) return refused('GRANT_CHAIN_EMPTY', {})
  return length > 8 ? refused('GRANT_CHAIN_TOO_LONG', { length, limit: 8 }) : undefined
}

/** What can be told from the terms, the clock and the epoch. */
function refuseHop(
  chain: WrittenGrant[],
  hop: number,
  parent: string,
  world: PlainWorld,
): string | undefined {
  const grant = chain[hop]!
  if (grant.parent !== parent) return 'GRANT_PARENT_MISMATCH'
  const wrong =
    hop === 0 ? refuseTerms(plain(grant)) : refuseBelow(plain(chain[hop - 1]!), plain(grant))
  return (
    wrong ??
    firstBroken([
      [world.time > grant.notAfter, 'GRANT_EXPIRED'],
      [grant.epoch !== epochOf(world, grant.grantor), 'GRANT_EPOCH_OUTDATED'],
    ])
  )
}

const GRANT = {
  Grant:
    'bytes32 parent, address grantor, address grantee, bytes32 holder, bytes32 scope, uint256 items, uint256 purposes, uint48 notBefore, uint48 notAfter, uint8 depth, uint32 uses, uint64 epoch, bytes32 salt'
      .split(', ')
      .map((field) => ({ type: field.split(' ')[0]!, name: field.split(' ')[1]! })),
}

const encoder = TypedDataEncoder.from(GRANT)
const ids = new Map<string, string>()

/** The EIP-712 digest. */
export function grantId(grant: WrittenGrant, { chainId, contract }: Place): string {
  const key = JSON.stringify([grant, chainId, contract])
  let id = ids.get(key)
  if (id === undefined) {
    const domain = { name: 'OnceLedger', version: '1', chainId, verifyingContract: contract }
    const parts = ['0x1901', TypedDataEncoder.hashDomain(domain), encoder.hash(grant)]
    ids.set(key, (id = keccak256(concat(parts))))
  }
  return id
}

export function plain(grant: WrittenGrant): PlainGrant {
  return { ...grant, items: bitsOf(grant.items), purposes: bitsOf(grant.purposes) }
}

const masks = new Map<string, ReadonlySet<number>>()

function bitsOf(mask: string): ReadonlySet<number> {
  let bits = masks.get(mask)
  if (bits === undefined) {
    const digits = BigInt(mask).toString(2).split('').toReversed()
    masks.set(mask, (bits = new Set(digits.flatMap((digit, bit) => (digit === '1' ? [bit] : [])))))
  }
  return bits
}

function stateOf({ states }: PlainWorld, id: string): PlainWorld['states'][0] {
  const none = { grant: id, registeredAt: 0, revokedAt: 0, used: 0 }
  return states.find(({ grant }) => grant === id) ?? none
}

function epochOf({ epochs }: PlainWorld, of: string): number {
  return epochs.find(({ account }) => account === of)?.epoch ?? 0
}

function bindingOf({ bindings }: PlainWorld, holder: string, account: string) {
  const none = { from: 0, until: 0, grantsEndedAt: 0 }
  return bindings.find((known) => known.holder === holder && known.account === account) ?? none
}

function isBound(world: PlainWorld, holder: string, account: string): boolean {
  const { from, until } = bindingOf(world, holder, account)
  return from !== 0 && until === 0
}

function accountOf({ departments }: PlainWorld, address: string): string {
  return departments.find(({ department }) => department === address)?.account ?? address
}

/** It and every department above it may use, and is in good standing and in its time. */
function isUser(world: PlainWorld, address: string, authority: string): boolean {
  if (address === authority) return true
  const known = world.departments.find(({ department }) => department === address)
  return (
    known !== undefined &&
    (known.rights & (1 << 3)) !== 0 &&
    known.standing === 0 &&
    known.notBefore <= world.time &&
    world.time <= known.notAfter &&
    isUser(world, known.accreditor, authority)
  )
}

function firstBroken<Code extends string>(rules: [boolean, Code][]): Code | undefined {
  return rules.find(([isBroken]) => isBroken)?.[1]
}

function refused(code: string, details: Record<string, string | number>): Outcome {
  return { refused: code, details }
}
