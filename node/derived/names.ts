import { extension } from 'mime-types'
import { EVIDENCE_MEDIA_TYPE } from '../core/evidence.ts'
import { DERIVED_COPY_MEDIA_TYPE } from '../core/uses/derivedCopy.ts'
import type { Attachment } from './pdf/attachments.ts'

/** What a copy carries beside its original. */
export const COPY_NAME = 'copy.json'
export const EVIDENCE_NAME = 'evidence.json'

/** GB/T 33190: not among the registered types. */
const UNREGISTERED: Readonly<Record<string, string>> = { 'application/ofd': 'ofd' }

/** Name of the untouched original in a cover or an archive; the ledger keeps no names that people chose. */
export function originalName(mediaType: string): string {
  return `original.${UNREGISTERED[mediaType] ?? (extension(mediaType) || 'bin')}`
}

export function isOriginalName(fileName: string): boolean {
  return /^original\.\w+$/.test(fileName)
}

/** What lies in a copy, whatever its form. */
export interface CopyFiles {
  /** The derived copy, byte for byte as the receipt of its use has its digests. */
  readonly copy: Uint8Array
  /** Of the receipt. */
  readonly evidence: Uint8Array
}

/** In the order of their names, in which they lie in a copy. */
export function attachmentsOf(
  { copy, evidence }: CopyFiles,
  original?: Pick<Attachment, 'mediaType' | 'bytes'>,
): Attachment[] {
  return [
    { fileName: COPY_NAME, mediaType: DERIVED_COPY_MEDIA_TYPE, bytes: copy },
    { fileName: EVIDENCE_NAME, mediaType: EVIDENCE_MEDIA_TYPE, bytes: evidence },
    ...(original ? [{ fileName: originalName(original.mediaType), ...original }] : []),
  ]
}
