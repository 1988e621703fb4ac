import { digestAlgorithm } from '../digest.ts'
import { contentOf } from '../statement.ts'
import type { Statement } from '../statement.ts'

/** What the verifier computed of the content at hand. */
export interface GivenContent {
  /** Tagged, as in a statement; those of more algorithms than stated do no harm. */
  readonly digests: readonly string[]
  /** Bytes. */
  readonly size: number
  /** Where the content is a derived copy that was taken out of a marked document. */
  readonly marked?: MarkedOriginal
}

export interface MarkedOriginal {
  /** The material that the derived copy says was used. */
  readonly stated?: Pick<GivenContent, 'digests' | 'size'> | undefined
  /** The original that lies in the document untouched; absent where it is drawn on. */
  readonly given?: Pick<GivenContent, 'digests' | 'size'> | undefined
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
  // Else anything that was ever handed in could pass for a copy that a department got.
  if (content.marked && statement.kind !== 'use.released') return 'DERIVED_COPY_OF_NO_USE'
  const found = compareContent(stated, content)
  if (found !== undefined) return found
  if (content.marked?.given !== undefined && !isOriginal(content.marked))
    return 'DERIVED_COPY_ORIGINAL_MISMATCH'
  // The receipt stays good evidence of the use; it is the copy at hand that is to be used no longer.
  const isOver = statement.kind === 'use.released' && now !== undefined && now >= statement.expires
  return isOver ? 'DERIVED_COPY_EXPIRED' : 'CONTENT_MATCHES'
}

type Content = Pick<GivenContent, 'digests' | 'size'>

function compareContent({ digests, size }: Content, given: Content): string | undefined {
  if (given.size !== size) return 'CONTENT_SIZE_MISMATCH'
  const compared = digests.map((stated) => compare(stated, given.digests))
  if (compared.includes('different')) return 'CONTENT_DIGEST_MISMATCH'
  return compared.includes('not computed') ? 'CONTENT_DIGEST_NOT_COMPUTED' : undefined
}

function isOriginal({ stated, given }: MarkedOriginal): boolean {
  return stated !== undefined && given !== undefined && compareContent(stated, given) === undefined
}

function compare(
  stated: string,
  computed: readonly string[],
): 'same' | 'different' | 'not computed' {
  const own = computed.filter((digest) => digestAlgorithm(digest) === digestAlgorithm(stated))
  if (own.length === 0) return 'not computed'
  return own.every((digest) => digest === stated) ? 'same' : 'different'
}
