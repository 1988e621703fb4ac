import type { BlockId, Head, Hex } from '../chain/chain.ts'
import type { RegistryEvent } from '../chain/registries.ts'
import type { GrantState, GrantWorld } from '../core/grants/world.ts'
import type { Role } from '../core/parties/roles.ts'

/**
 * What the registries' chain says, kept beside the ledger, so that a decision asks no other machine.
 *
 * Questions that are answered at once are answered from one block, as long as nothing is awaited between them. Lists
 * are read from a snapshot of one block each. Only `world` and `assertFresh` look at the age of what is held: whoever
 * decides asks one of them first. Addresses and ids are lower case.
 */
export interface Mirror {
  /** The newest block that is held; undefined until the first. */
  readonly block: Head | undefined

  /**
   * Seconds since the chain's head was asked for and found to be `block`; Infinity while it was not, or is known to
   * differ.
   */
  age(): number

  /** @throws LedgerError unavailable/MIRROR_STALE {age, limit}: too old to decide by */
  assertFresh(): void

  /**
   * What rules ask, at `time` in seconds since 1970.
   *
   * @throws LedgerError unavailable/MIRROR_STALE {age, limit}
   */
  world(time: number): MirrorWorld

  readonly departments: MirroredDepartments
  readonly holders: MirroredHolders
  readonly certificates: MirroredCertificates
  readonly grants: MirroredGrants

  /**
   * Resolves once that block is held, and looks for it at once.
   *
   * @throws LedgerError conflict/BLOCK_REPLACED another block stands at its height
   * @throws LedgerError unavailable/MIRROR_CLOSED; the signal's reason when that aborts
   */
  reached(block: BlockId, signal: AbortSignal): Promise<void>

  /** Tells of every change after it is held; answers how to stop. What the listener throws ends the process. */
  onChange(listener: (change: MirrorChange) => void): () => void

  status(): MirrorStatus

  /** A new block is known to be there: look now. */
  wake(): void

  /** Forgets everything and reads the chain again; resolves once the head is held. Nothing is fresh meanwhile. */
  rebuild(): Promise<void>

  /** Ends following, promptly. What is held stays readable. */
  close(): Promise<void>
}

/** The rules' world, with what they ask of certificates. */
export interface MirrorWorld extends GrantWorld {
  /** The block it was taken at. */
  readonly block: Head
  /**
   * Whether the department, and each above it, may do this now. `certificateType` undefined asks for the role alone.
   */
  isAccredited(department: Hex, role: Role, certificateType?: Hex): boolean
  /** The code last recorded; 0 when none ever was. */
  statusOf(certificate: Hex): number
}

/** Where something was recorded. `time`: of the block, seconds since 1970. */
export interface Place {
  readonly block: number
  readonly blockHash: Hex
  readonly time: number
  readonly transaction: Hex
  readonly logIndex: number
}

/** From the first to the last unless `newestFirst`, in the order of recording. */
export interface PageRequest {
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
  readonly newestFirst?: boolean | undefined
}

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Absent on the last page. */
  readonly next?: string
}

export interface MirroredDepartments {
  find(department: Hex): DepartmentProfile | undefined
  /** The department that everything is accredited from; undefined before the chain's first event. */
  authority(): Hex | undefined
  /** Those accredited by it, not those further below. @throws LedgerError invalid/CURSOR_MALFORMED */
  below(department: Hex, page: PageRequest): Promise<Page<DepartmentProfile>>
  /**
   * As PartyRegistry.isAccredited: also of the past; of a time to come, as of now. Seconds since 1970.
   *
   * @param role undefined asks whether it, and each above it, is in good standing and in its time
   */
  isAccredited(
    department: Hex,
    role: Role | undefined,
    certificateType: Hex | undefined,
    at: number,
  ): boolean
  /** The account it acts by, while it may do this as of the newest block or `at`, if later; undefined otherwise. */
  accountAs(department: Hex, role: Role, certificateType?: Hex, at?: number): Hex | undefined
  /** The address itself unless it is a department that changed its account. */
  accountOf(department: Hex): Hex
  accountOfAt(department: Hex, at: number): Hex
  /** The departments that act by this account, in the order in which they came to; usually one, or none. */
  ofAccount(account: Hex): readonly Hex[]
}

/** As of the newest block. Times in seconds since 1970, both included. */
export interface DepartmentProfile {
  readonly department: Hex
  /** Undefined for the authority. */
  readonly accreditor: Hex | undefined
  /** See `rightTo` and EVERY_TYPE. Its own: those above it may lack them by now. */
  readonly rights: number
  /** 0 good, 1 suspended, 2 withdrawn; its own. */
  readonly standing: number
  readonly notBefore: number
  readonly notAfter: number
  readonly account: Hex
  /** How many accounts it came to act by, as the contract counts them; 0 while it acts by its first. */
  readonly rekeyings: number
  /** Certificate types permitted by name. */
  readonly types: readonly Hex[]
  readonly accredited: Place
}

export interface MirroredHolders {
  /** The department that bound the holder's first account. */
  registrarOf(holder: Hex): Hex | undefined
  /** Every account that was ever bound, in order. */
  accountsOf(holder: Hex): readonly HolderAccount[]
  /** Those that are bound to it now. */
  boundAccountsOf(holder: Hex): readonly Hex[]
  isBoundAt(holder: Hex, account: Hex, at: number): boolean
  /** Holders that the account is bound to now. @throws LedgerError invalid/CURSOR_MALFORMED */
  holdersOf(account: Hex, page: PageRequest): Promise<Page<Hex>>
}

export interface HolderAccount {
  readonly account: Hex
  /** Oldest first; `until` 0 while bound. Seconds since 1970. */
  readonly periods: readonly BoundPeriod[]
  /** Grants registered up to then count no longer; 0 if none. */
  readonly grantsEndedAt: number
}

export interface BoundPeriod {
  readonly from: number
  readonly until: number
  readonly registrar: Hex
  readonly bound: Place
}

export interface MirroredCertificates {
  /** The code last recorded; 0 when none ever was. */
  statusOf(certificate: Hex): number
  statusAt(certificate: Hex, at: number): number
  /** Oldest first. Their number is the sequence of the next. */
  changesOf(certificate: Hex): readonly StatusRecord[]
}

export interface StatusRecord {
  readonly status: number
  readonly issuer: Hex
  readonly recorded: Place
}

export interface MirroredGrants {
  /** All zero for a grant that the chain does not know. */
  stateOf(grant: Hex): GrantState
  epochOf(account: Hex): number
  /** Undefined for a grant that was never registered. */
  find(grant: Hex): MirroredGrant | undefined
  /** Passed on from this one, directly. All lists: @throws LedgerError invalid/CURSOR_MALFORMED */
  childrenOf(grant: Hex, page: PageRequest): Promise<Page<MirroredGrant>>
  /** Roots and all below. */
  ofHolder(holder: Hex, page: PageRequest): Promise<Page<MirroredGrant>>
  to(grantee: Hex, page: PageRequest): Promise<Page<MirroredGrant>>
  /** By the EIP-712 digest of the request. */
  findUse(useId: Hex): MirroredUse | undefined
  /** Of this very grant, not of those below it. */
  usesOf(grant: Hex, page: PageRequest): Promise<Page<MirroredUse>>
}

export interface MirroredGrant {
  readonly grant: Hex
  readonly holder: Hex
  /** Undefined for a root. */
  readonly parent: Hex | undefined
  readonly grantor: Hex
  readonly grantee: Hex
  readonly registered: Place
  readonly state: GrantState
  readonly revocation: { readonly revoker: Hex; readonly recorded: Place } | undefined
}

export interface MirroredUse {
  readonly useId: Hex
  readonly grant: Hex
  readonly user: Hex
  readonly sequence: number
  /** Bit n: hop n, the root 0, counted it. */
  readonly counted: number
  readonly recorded: Place
}

/**
 * `undoneTo`: a reorganisation took back every block above this height, or everything if -1, before `events`, which are
 * of the blocks after it. `block` is the newest now.
 */
export interface MirrorChange {
  readonly undoneTo?: number
  readonly events: readonly RegistryEvent[]
  readonly block: Head
}

export interface MirrorStatus {
  /** starting: no head was seen yet; retrying: the chain did not answer as it must. */
  readonly state: 'starting' | 'catchingUp' | 'following' | 'retrying' | 'closed'
  readonly block: Head | undefined
  /** As last heard. */
  readonly head: Head | undefined
  /** Seconds. */
  readonly age: number
  readonly isFresh: boolean
  /** Since the process began. */
  readonly events: number
  readonly reorganisations: number
  readonly rebuilds: number
  readonly error: { readonly code: string; readonly at: number } | undefined
}
