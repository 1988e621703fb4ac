import { extension } from 'mime-types'

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
