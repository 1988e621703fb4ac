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
  readonly marked?: MarkedDocument
}

export interface MarkedDocument {
  /** The material that the derived copy says was used. */
  readonly stated?: Content | undefined
  /** The original that lies in the document untouched; absent where it is drawn on. */
  readonly given?: Content | undefined
  /** The PDF up to where its files begin; absent of an archive. */
  readonly drawn?: Content | undefined
  /** Put together again from its parts it is the same, byte for byte: there is nothing else in it. */
  readonly isWhole: boolean
}

type Content = Pick<GivenContent, 'digests' | 'size'>

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
  const { marked } = content
  if (marked?.given !== undefined && !isOriginal(marked)) return 'DERIVED_COPY_ORIGINAL_MISMATCH'
  if (marked && !isHandedOut(statement, marked)) return 'DERIVED_COPY_ALTERED'
  // The receipt stays good evidence of the use; it is the copy at hand that is to be used no longer.
  const isOver = statement.kind === 'use.released' && now !== undefined && now >= statement.expires
  if (isOver) return 'DERIVED_COPY_EXPIRED'
  if (marked === undefined) return 'CONTENT_MATCHES'
  return marked.given === undefined ? 'DERIVED_COPY_PAGES_MATCH' : 'DERIVED_COPY_ORIGINAL_MATCHES'
}

function compareContent({ digests, size }: Content, given: Content): string | undefined {
  if (given.size !== size) return 'CONTENT_SIZE_MISMATCH'
  const compared = digests.map((stated) => compare(stated, given.digests))
  if (compared.includes('different')) return 'CONTENT_DIGEST_MISMATCH'
  return compared.includes('not computed') ? 'CONTENT_DIGEST_NOT_COMPUTED' : undefined
}

function isOriginal({ stated, given }: MarkedDocument): boolean {
  return stated !== undefined && given !== undefined && compareContent(stated, given) === undefined
}

/** Attachments are easily put into other pages: the receipt says which ones they were handed out in. */
function isHandedOut(statement: Statement, { drawn, isWhole }: MarkedDocument): boolean {
  const stated = statement.kind === 'use.released' ? statement.document : undefined
  if (!isWhole || (stated === undefined) !== (drawn === undefined)) return false
  return stated === undefined || drawn === undefined || compareContent(stated, drawn) === undefined
}

function compare(
  stated: string,
  computed: readonly string[],
): 'same' | 'different' | 'not computed' {
  const own = computed.filter((digest) => digestAlgorithm(digest) === digestAlgorithm(stated))
  if (own.length === 0) return 'not computed'
  return own.every((digest) => digest === stated) ? 'same' : 'different'
}
