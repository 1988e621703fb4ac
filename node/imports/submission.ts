import { utf8 } from '../core/bytes.ts'
import { LedgerError } from '../core/errors.ts'
import { sha256 } from '../core/hash/hash.ts'
import { canonicalize } from '../core/json.ts'
import type { MaterialSubmission } from '../core/statement.ts'
import { digestId } from '../core/statements/parts.ts'
import type { ImportRecord } from './record.ts'

/** What was found of a file. */
export interface ImportedFile {
  /** Tagged. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
  readonly mediaType: string
}

/**
 * What is handed in for a line of a manifest. Unless the line names one, its id follows from all that it says and from
 * who says it: the same line is the same material, however often and wherever it is imported.
 *
 * @param file undefined where the content stays where it is
 * @param submitter name of the authenticated principal
 * @throws LedgerError invalid/CONTENT_DIGEST_MISMATCH, CONTENT_SIZE_MISMATCH, CONTENT_EMPTY: the file is another
 * @throws LedgerError invalid/DIGEST_REQUIRED, CONTENT_SIZE_REQUIRED: there is no file
 */
export function submissionOf(
  record: ImportRecord,
  file: ImportedFile | undefined,
  submitter: string,
): MaterialSubmission & { readonly id: string } {
  const { file: _, sha256: stated, size, mediaType, ...described } = record
  const content =
    file === undefined ? contentElsewhere(record) : contentOf(file, { stated, size, mediaType })
  const submission = { ...described, content, unsound: 'quarantine' as const }
  return { ...submission, id: record.id ?? idOf(submission, submitter) }
}

function contentOf(
  file: ImportedFile,
  {
    stated,
    size,
    mediaType,
  }: { stated?: string | undefined; size?: number | undefined; mediaType?: string | undefined },
): MaterialSubmission['content'] {
  if (file.size === 0) throw new LedgerError('invalid', 'CONTENT_EMPTY')
  if (size !== undefined && size !== file.size)
    throw new LedgerError('invalid', 'CONTENT_SIZE_MISMATCH', { stated: size, received: file.size })
  if (stated !== undefined && stated !== file.digest)
    throw new LedgerError('invalid', 'CONTENT_DIGEST_MISMATCH', { algorithm: 'sha-256' })
  return { digests: [file.digest], size: file.size, mediaType: mediaType ?? file.mediaType }
}

function contentElsewhere({
  sha256: stated,
  size,
  mediaType = 'application/octet-stream',
}: ImportRecord): MaterialSubmission['content'] {
  if (stated === undefined)
    throw new LedgerError('invalid', 'DIGEST_REQUIRED', { pointer: '/sha256' })
  if (size === undefined)
    throw new LedgerError('invalid', 'CONTENT_SIZE_REQUIRED', { pointer: '/size' })
  return { digests: [stated], size, mediaType, kept: 'department' }
}

function idOf(submission: object, submitter: string): string {
  return digestId('import', sha256(utf8(canonicalize({ ...submission, submitter }))))
}
