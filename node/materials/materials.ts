import type { Readable } from 'node:stream'
import type { Holder, MaterialSubmission, MaterialSubmitted } from '../core/statement.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { Page, PageRequest } from '../store/pages.ts'
import type { MaterialState, Standing } from './states.ts'

/** Materials: handed in once, found again, replaced, withdrawn, erased when the law says so. */
export interface Materials {
  /**
   * @throws LedgerError invalid/CONTENT_DIGEST_MISMATCH content differs from a stated digest
   * @throws LedgerError invalid/CONTENT_EMPTY, invalid/CONTENT_SIZE_MISMATCH, invalid/DIGEST_REQUIRED
   * @throws LedgerError invalid/MATERIAL_ID_RESERVED, MATERIAL_SUPERSEDES_IN_DOUBT; check characters: see `judge`
   * @throws LedgerError unverified/MATERIAL_FIELDS_INVALID {material, version, issues}, MATERIAL_FORMAT_NOT_TAKEN
   *   {formats}
   * @throws LedgerError tooLarge/CONTENT_TOO_LARGE, MATERIAL_TOO_LARGE_FOR_TYPE {maxBytes}
   * @throws LedgerError conflict/MATERIAL_SUPERSEDES_OTHER, MATERIAL_SUPERSEDED, MATERIAL_WITHDRAWN
   */
  submit(request: SubmitRequest): Promise<Submitted>

  /** @throws LedgerError notFound/MATERIAL_NOT_FOUND */
  get(id: string): Promise<Material>

  /**
   * What is there of somebody, newest first and without what was erased. How much is looked at for one page is bounded:
   * a page may be short, or empty, and still have a `next`.
   */
  list(whose: Whose, query: MaterialQuery): Promise<Page<ListedMaterial>>

  /** @throws LedgerError notFound/MATERIAL_NOT_FOUND, notFound/MATERIAL_ERASED, notFound/CONTENT_NOT_KEPT */
  openContent(id: string, range?: ByteRange): Promise<Readable>

  /** Evidence, UTF-8 of JSON. @throws LedgerError notFound/MATERIAL_NOT_FOUND, notFound/MATERIAL_ERASED */
  evidence(id: string, wait?: { anchored: AbortSignal }): Promise<Uint8Array>

  /** What nobody has decided about, newest first; of one submitter, or of all. */
  quarantined(page: PageRequest & { readonly submitter?: string }): Promise<Page<HeldMaterial>>

  /**
   * From now on it is not to be used. Like each decision, said twice in the same words it is the same entry.
   *
   * @throws LedgerError notFound/MATERIAL_NOT_FOUND, MATERIAL_ERASED; so do `release` and `reject`
   * @throws LedgerError conflict/MATERIAL_WITHDRAWN
   */
  withdraw(id: string, decision: Decision): Promise<Appended>

  /** Lets a material out of quarantine. @throws LedgerError conflict/MATERIAL_NOT_QUARANTINED, MATERIAL_DECIDED */
  release(id: string, decision: Decision): Promise<Appended>

  /** It is never to be used. @throws LedgerError as `release` */
  reject(id: string, decision: Decision): Promise<Appended>

  /** What was decided about it, in the order of the log; nothing where there is no such material. */
  decisionsOf(id: string): Promise<LoggedDecision[]>

  /** Destroys the material's key with a logged statement. @throws LedgerError conflict/MATERIAL_ERASED */
  erase(id: string, erasure: Erasure): Promise<Appended>
}

export interface Submitted extends Appended {
  /** What is wrong with it: it is not to be used until somebody has looked at it. */
  readonly quarantine?: { readonly code: string }
}

export interface SubmitRequest {
  readonly submission: MaterialSubmission
  /** Absent: the content stays with the department, and the submission states its digests. */
  readonly content?: Uint8Array | AsyncIterable<Uint8Array>
  /** Digests the transport promised (Content-Digest, RFC 9530), tagged as in the statement. */
  readonly promised?: readonly string[]
  readonly submitter: string
  readonly idempotencyKey?: string
}

export interface Material {
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  /** Undefined once erased. */
  readonly statement: MaterialSubmitted | undefined
  readonly erased: boolean
  readonly standing: Standing
}

/**
 * Whose materials: what one of these holders has, or what of that somebody handed in; what somebody handed in; or all
 * there are.
 */
export type Whose =
  | { readonly of: 'holders'; readonly holders: readonly Holder[]; readonly submitter?: string }
  | { readonly of: 'submitter'; readonly submitter: string }
  | { readonly of: 'all' }

export interface MaterialQuery extends PageRequest {
  /** Codes of material types; all unless given. */
  readonly types?: readonly string[] | undefined
  readonly state?: MaterialState | undefined
}

/** A material that is there, not erased. */
export interface HeldMaterial {
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  readonly statement: MaterialSubmitted
}

export interface ListedMaterial extends HeldMaterial {
  readonly standing: Standing
}

/** Bytes `start` to `end`, both inclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface Decision {
  readonly reason: string
  /** Name of the authenticated principal. */
  readonly by: string
}

export interface LoggedDecision extends Decision {
  /** Of its statement. */
  readonly id: string
  readonly kind: 'material.withdrawn' | 'material.released' | 'material.rejected'
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
}

export interface Erasure extends Decision {
  readonly legalBasis: string
}
