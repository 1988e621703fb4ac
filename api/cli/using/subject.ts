import { isStatementIdOfCertificate } from '../../../node/core/certificates/issued.ts'
import type { UseSubject } from '../../../node/core/uses/documents.ts'

/** What is named on the command line: its id tells, unless a material was given one like a certificate's. */
export function subjectOf(id: string, { material }: { readonly material?: boolean }): UseSubject {
  const isCertificate = material !== true && isStatementIdOfCertificate(id)
  return { kind: isCertificate ? 'certificate' : 'material', id }
}
