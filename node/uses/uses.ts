import type { Readable } from 'node:stream'
import type { ActOf } from '../core/acts/acts.ts'
import type { TypedData } from '../core/acts/typedData.ts'
import type { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { UseRefused, UseReleased } from '../core/statements/use.ts'
import type { Asked } from '../core/uses/context.ts'
import type { Authorization, UseRequest } from '../core/uses/documents.ts'
import type { KeyedRequest } from '../ledger/idempotency.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { ByteRange } from '../materials/materials.ts'
import type { Page, PageRequest } from '../store/pages.ts'

/** Uses: a department asks with its signature, and gets a derived copy and a receipt, or a refusal; both are logged. */
export interface Uses {
  /**
   * Decides, counts where uses are limited, releases. What is refused is logged before it is thrown, once it is certain
   * that the department asked. Requests that share a signed use or a key are answered one after another.
   *
   * @throws LedgerError conflict/USE_ALREADY_MADE {use, refused}: this very request was answered, or another one with
   *   one of its uses; by which statement, and with which code it was refused, if it was
   * @throws LedgerError conflict/IDEMPOTENCY_KEY_REUSED: for another request
   * @throws LedgerError unverified/USE_SIGNATURE_INVALID: nobody who could be named asked, and nothing is logged
   * @throws LedgerError forbidden/USE_*, GRANT_*, GRANTOR_*, NOT_ACCREDITED, CERTIFICATE_NOT_USABLE
   *   {certificateStatus}, CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID; notFound/CERTIFICATE_NOT_FOUND, MATERIAL_*;
   *   unverified/SCOPE_*, …
   * @throws LedgerError of the case, see `CaseRules.requireUse`
   * @throws LedgerError conflict/MATERIAL_SINGLE_USE_SPENT {id, by}: it serves once, and went to another case or a
   *   benefit
   * @throws LedgerError unavailable/MIRROR_STALE, MATERIAL_BEING_USED, CHAIN_*: ask again later; nothing is logged
   */
  request(request: UseRequest, asking?: Asking): Promise<Appended>

  /**
   * What a department would have to sign, in words as well, and what speaks against it now. Nothing is logged.
   *
   * @throws LedgerError unavailable/MIRROR_STALE
   */
  preview(draft: UseDraft): Promise<UsePreview>

  /** @throws LedgerError notFound/USE_NOT_FOUND; so does all that takes an id */
  get(id: string): Promise<UseRecord>

  /** The derived copy, JSON. @throws LedgerError notFound/USE_NOTHING_RELEASED; forbidden/DERIVED_COPY_EXPIRED */
  openCopy(id: string): Promise<Readable>

  /** The bytes of a whole material, as openCopy. @throws LedgerError notFound/USE_WITHOUT_CONTENT */
  openContent(id: string, range?: ByteRange): Promise<Readable>

  /** With all that it takes to check it offline. */
  evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array>

  /** Uses and refusals of what the holder holds, newest first. */
  ofHolder(holder: Hex, page: PageRequest): Promise<UsePage>

  /** What the department asked for, newest first. */
  ofUser(user: Hex, page: PageRequest): Promise<UsePage>

  /**
   * Tells of every use and refusal, also of a data check, once it is logged and in the lists; not always in the order of
   * the log. Answers how to stop.
   */
  onRecorded(listener: (use: RecordedUse) => void): () => void
}

export interface Asking {
  /** Makes a repetition safe: a use that was released is answered again. */
  readonly idempotency?: KeyedRequest
  /** Ends waiting for the chain to count; the same request later finds it counted. */
  readonly signal?: AbortSignal
}

/** A request before anybody signed it; with questions, one for a data check. */
export interface UseDraft extends Asked {
  readonly subject: UseRequest['subject']
  readonly user: Hex
  /** What is opened is asked for. */
  readonly authorizations: readonly Pick<Authorization, 'chain' | 'openings'>[]
  /** Seconds since 1970, until which the request is good. */
  readonly notAfter: number
}

export interface UsePreview {
  /** One for each authorization, in their order. */
  readonly acts: readonly UseToSign[]
  /** Why it would be refused now; of each chain of grants the first. */
  readonly reasons: readonly LedgerError[]
}

export interface UseToSign {
  readonly act: ActOf<'Use'>
  /** As `eth_signTypedData_v4` takes it. */
  readonly typedData: TypedData<ActOf<'Use'>>
  readonly sentence: { readonly zh: string; readonly en: string }
  /** The account that the department acts by. */
  readonly signer: Hex
  /** The account of the last grantee, where that is another party: it has to sign the same. */
  readonly granteeSigner?: Hex
  /** The chain counts it, for good. */
  readonly isCounted: boolean
}

export interface UseRecord {
  readonly id: string
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  readonly statement: UseReleased | UseRefused
}

/** That there is one. */
export type RecordedUse = Pick<UseRecord, 'index' | 'statement'>

export type UsePage = Page<UseRecord>
