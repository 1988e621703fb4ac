import type { Readable } from 'node:stream'
import type { MaterialSubmission, MaterialSubmitted } from '../core/statement.ts'
import type { Appended } from '../ledger/ledger.ts'

export type { Appended as Submitted } from '../ledger/ledger.ts'

/** Materials: handed in once, found again, erased when the law says so. */
export interface Materials {
  /**
   * @throws LedgerError invalid/CONTENT_DIGEST_MISMATCH content differs from a stated digest
   * @throws LedgerError invalid/CONTENT_EMPTY, invalid/CONTENT_SIZE_MISMATCH, invalid/DIGEST_REQUIRED
   * @throws LedgerError tooLarge/CONTENT_TOO_LARGE
   */
  submit(request: SubmitRequest): Promise<Appended>

  /** @throws LedgerError notFound/MATERIAL_NOT_FOUND */
  get(id: string): Promise<Material>

  /** @throws LedgerError notFound/MATERIAL_NOT_FOUND, notFound/MATERIAL_ERASED, notFound/CONTENT_NOT_KEPT */
  openContent(id: string, range?: ByteRange): Promise<Readable>

  /** Evidence, UTF-8 of JSON. @throws LedgerError notFound/MATERIAL_NOT_FOUND, notFound/MATERIAL_ERASED */
  evidence(id: string, wait?: { anchored: AbortSignal }): Promise<Uint8Array>

  /** Destroys the material's key with a logged statement. @throws LedgerError conflict/MATERIAL_ERASED */
  erase(id: string, erasure: Erasure): Promise<Appended>
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
}

/** Bytes `start` to `end`, both inclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface Erasure {
  readonly reason: string
  readonly legalBasis: string
  readonly by: string
}
