import type { RelayedAct } from '../acts/acts.ts'
import type { Act, ActOf, SignedAct } from '../core/acts/acts.ts'
import type { TypedData } from '../core/acts/typedData.ts'
import type { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Grant } from '../core/grants/grant.ts'
import type { ScopeDocument, ScopeView } from '../core/grants/scope.ts'
import type { MirroredGrant, PageRequest } from '../mirror/mirror.ts'
import type { GrantDraft } from './draft.ts'
import type { Reader } from './access.ts'

/**
 * Grants: shown in words before they are signed, recorded on chain and in the log, found with their state.
 *
 * Ids are the grants' EIP-712 digests. Whatever asks how things stand throws unavailable/MIRROR_STALE where that is not
 * known. Who may ask is for the caller to check: see `access.ts`.
 */
export interface Grants {
  /**
   * What a grantor has to sign, in words as well, and all that speaks against it now. Nothing is logged.
   *
   * @throws LedgerError invalid/GRANT_DRAFT_INCOMPLETE {missing}
   */
  preview(request: PreviewRequest): Promise<GrantPreview>

  /**
   * Records a signed grant on chain, and what its grantee may be shown beside it. The same again is the same answer.
   *
   * @throws LedgerError invalid/ACT_UNEXPECTED {expected}
   * @throws LedgerError as `verifyScopeView`, before anything is logged or sent, and as `Acts.submit`
   */
  register(unverified: unknown, registration?: Registration): Promise<RegisteredGrant>

  /** @throws LedgerError notFound/GRANT_NOT_FOUND; so does all that takes an id */
  get(id: Hex): Promise<GrantRecord>

  /** From the root down to the grant itself, who they are about: what `mayRead` asks. */
  lineOf(id: Hex): Promise<GrantLine>

  /** The grant and all below it, each before those below it, as many as fit. */
  tree(id: Hex): Promise<GrantTree>

  /** Those registered, newest first unless the page says otherwise. @throws LedgerError invalid/CURSOR_MALFORMED */
  ofHolder(holder: Hex, page: PageRequest): Promise<GrantPage>
  to(grantee: Hex, page: PageRequest): Promise<GrantPage>
  /** Passed on from this one, directly. */
  below(id: Hex, page: PageRequest): Promise<GrantPage>

  /** What its grantee is shown of the lists. @throws LedgerError notFound/GRANT_VIEW_NOT_KEPT */
  viewOf(id: Hex): Promise<ScopeView>

  /**
   * What it takes to end a grant. Without `revoker`, the party on its chain that the account acts as.
   *
   * @throws LedgerError notFound/GRANT_TERMS_UNKNOWN {grant}: registered elsewhere, so that its terms are not here
   */
  describeRevocation(id: Hex, asking: RevocationRequest): Promise<RevocationPreview>

  /**
   * @throws LedgerError invalid/ACT_UNEXPECTED {expected}, invalid/ACT_GRANT_MISMATCH: of another grant than `id`
   * @throws LedgerError as `Acts.submit`
   */
  revoke(id: Hex, unverified: unknown, relaying?: Relaying): Promise<RecordedAct>

  /** What it takes to end all that an account or department granted so far. */
  describeEpochBump(account: Hex): Promise<ActPreview<'EpochBump'>>

  /** @throws LedgerError invalid/ACT_UNEXPECTED {expected}, and as `Acts.submit` */
  bumpEpoch(unverified: unknown, relaying?: Relaying): Promise<RecordedAct>

  /** Evidence JSON of the act that granted. @throws LedgerError notFound/GRANT_TERMS_UNKNOWN {grant} */
  evidence(id: Hex, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array>
}

export interface PreviewRequest {
  readonly draft: GrantDraft
  /** The grants above, root first; none for a root. */
  readonly above: readonly Grant[]
  /** What the grantor was shown of the lists, or all of them: for the words, and to find what is not on them. */
  readonly lists?: { readonly view: ScopeView } | { readonly document: ScopeDocument } | undefined
  /** Who asks: a stranger is not told who a holder is. */
  readonly reader: Reader
}

/** An act that nobody signed yet. */
export interface ActPreview<Type extends Act['type']> {
  readonly act: ActOf<Type>
  /** As `eth_signTypedData_v4` takes it. */
  readonly typedData: TypedData<ActOf<Type>>
  readonly sentence: { readonly zh: string; readonly en: string }
  /** The account that has to sign. */
  readonly signer: Hex
  /** Why it would be refused now: all that is wrong. */
  readonly reasons: readonly LedgerError[]
}

export interface GrantPreview extends ActPreview<'Grant'> {
  readonly id: Hex
  /** To be handed in beside the signature: the grants above and this one. */
  readonly chain: readonly Grant[]
  /** To be shown to the grantee; where the lists were given and hold all that is granted. */
  readonly view: ScopeView | undefined
}

export interface RevocationPreview extends ActPreview<'Revocation'> {
  readonly chain: readonly Grant[]
}

export interface RevocationRequest {
  readonly reader: Reader
  readonly revoker?: Hex | undefined
}

export interface Relaying {
  /** Name of the authenticated principal that hands it in. */
  readonly by?: string
  /** Waits until the act is mined and mirrored; when it aborts, the answer says how far it is. */
  readonly wait?: AbortSignal
}

export interface Registration extends Relaying {
  readonly view?: ScopeView | undefined
}

export interface RecordedAct extends RelayedAct {
  readonly act: SignedAct
  /** Evidence JSON of the act's statement. */
  readonly evidence: Uint8Array
}

export interface RegisteredGrant extends RecordedAct {
  readonly grant: Hex
  /** Statement id of what the grantee is shown. */
  readonly shown: string | undefined
}

/** A grant with how it stands now. */
export interface GrantRecord {
  readonly grant: Hex
  readonly holder: Hex
  readonly grantor: Hex
  readonly grantee: Hex
  /** Ids from the root down to this one. */
  readonly line: readonly Hex[]
  /** The terms of all of `line`; undefined where it was registered elsewhere. */
  readonly chain: readonly Grant[] | undefined
  /** The statement of the act that granted it. */
  readonly statement: { readonly id: string; readonly index: number } | undefined
  /** What the chain says; undefined where it knows of no such grant. */
  readonly registered: MirroredGrant | undefined
  readonly standing: Standing
}

/** `unknown`: nothing on chain is against it, but its terms are not here to be checked. */
export type Standing =
  | { readonly is: 'live' | 'unknown' }
  /** The first reason why not, as the rules name it. */
  | { readonly is: 'dead'; readonly because: LedgerError }

export type GrantLine = readonly Pick<Grant, 'holder' | 'grantor' | 'grantee'>[]

export interface GrantPage {
  readonly items: readonly GrantRecord[]
  /** Cursor of the next page; absent on the last. */
  readonly next?: string
}

export interface GrantTree {
  /** The first is the grant asked for. */
  readonly items: readonly GrantRecord[]
  /** Grants below which there are more than were read. */
  readonly unread: readonly Hex[]
}
