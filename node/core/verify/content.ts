import { digestAlgorithm } from '../digest.ts'
import { contentOf } from '../statement.ts'
import type { Statement } from '../statement.ts'

/** What the verifier computed of the content at hand. */
export interface GivenContent {
  /** Tagged, as in a statement; those of more algorithms than stated do no harm. */
  readonly digests: readonly string[]
  /** Bytes. */
  readonly size: number
}

/**
 * The content at hand is the one stated: its length, and every digest. A derived copy is for a time, too.
 *
 * @param now seconds since 1970; unless given, nobody asks whether a copy may still be used
 */
export function checkContent(
  statement: Statement,
  content: GivenContent | undefined,
  now?: number,
): string {
  const stated = contentOf(statement)
  if (stated === undefined) return 'CONTENT_NOT_APPLICABLE'
  // A statement stands without its content: it may lie with a department, or be erased.
  if (content === undefined) return 'CONTENT_NOT_GIVEN'
  const { digests, size } = stated
  if (content.size !== size) return 'CONTENT_SIZE_MISMATCH'
  const compared = digests.map((stated) => compare(stated, content.digests))
  if (compared.includes('different')) return 'CONTENT_DIGEST_MISMATCH'
  if (compared.includes('not computed')) return 'CONTENT_DIGEST_NOT_COMPUTED'
  // The receipt stays good evidence of the use; it is the copy at hand that is to be used no longer.
  const isOver = statement.kind === 'use.released' && now !== undefined && now >= statement.expires
  return isOver ? 'DERIVED_COPY_EXPIRED' : 'CONTENT_MATCHES'
}

function compare(
  stated: string,
  computed: readonly string[],
): 'same' | 'different' | 'not computed' {
  const own = computed.filter((digest) => digestAlgorithm(digest) === digestAlgorithm(stated))
  if (own.length === 0) return 'not computed'
  return own.every((digest) => digest === stated) ? 'same' : 'different'
}
