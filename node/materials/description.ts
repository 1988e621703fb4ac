import { LedgerError } from '../core/errors.ts'
import { digestAlgorithm } from '../core/digest.ts'
import type { MaterialSubmission, MaterialSubmitted } from '../core/statement.ts'

/** What was computed of a content that came along. */
export interface Measured {
  /** Tagged, in the order of the algorithms' names. */
  readonly digests: readonly string[]
  /** Bytes. */
  readonly size: number
}

/**
 * The content as the statement tells it. What the submitter said of it must be true.
 *
 * @param stated tagged digests of the submission and of the transport
 * @throws LedgerError invalid/CONTENT_EMPTY, invalid/CONTENT_KEPT_MISMATCH
 * @throws LedgerError invalid/CONTENT_DIGEST_MISMATCH, invalid/CONTENT_SIZE_MISMATCH
 */
export function describeKept(
  { content: { mediaType, kept, size } }: MaterialSubmission,
  stated: readonly string[],
  measured: Measured,
): MaterialSubmitted['content'] {
  if (measured.size === 0) throw new LedgerError('invalid', 'CONTENT_EMPTY')
  if (kept === 'department') throw new LedgerError('invalid', 'CONTENT_KEPT_MISMATCH', { kept })
  if (size !== undefined && size !== measured.size) {
    const details = { stated: size, received: measured.size }
    throw new LedgerError('invalid', 'CONTENT_SIZE_MISMATCH', details)
  }
  for (const digest of stated) {
    if (!measured.digests.includes(digest)) {
      const algorithm = digestAlgorithm(digest)
      throw new LedgerError('invalid', 'CONTENT_DIGEST_MISMATCH', { algorithm })
    }
  }
  return { digests: [...measured.digests], size: measured.size, mediaType, kept: 'here' }
}

/**
 * A content that stays with the department: only what it says of it is known.
 *
 * @throws LedgerError invalid/CONTENT_KEPT_MISMATCH, invalid/DIGEST_REQUIRED, invalid/CONTENT_SIZE_REQUIRED
 */
export function describeElsewhere({
  content: { mediaType, kept, digests, size },
}: MaterialSubmission): MaterialSubmitted['content'] {
  if (kept === 'here') throw new LedgerError('invalid', 'CONTENT_KEPT_MISMATCH', { kept })
  // SHA-256 always: it is the digest that every verifier can compute.
  if (!digests?.some((digest) => digestAlgorithm(digest) === 'sha-256')) {
    throw new LedgerError('invalid', 'DIGEST_REQUIRED', { pointer: '/content/digests' })
  }
  if (size === undefined) {
    throw new LedgerError('invalid', 'CONTENT_SIZE_REQUIRED', { pointer: '/content/size' })
  }
  return { digests, size, mediaType, kept: 'department' }
}
