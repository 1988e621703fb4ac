import type { UseSubject } from '../../../node/core/uses/documents.ts'

/** What is named on the command line: a certificate, unless it is said to be a material. */
export function subjectOf(id: string, { material }: { readonly material?: boolean }): UseSubject {
  return { kind: material === true ? 'material' : 'certificate', id }
}
