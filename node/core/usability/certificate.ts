import { dayOf } from '../catalogue/day.ts'
import type { Day } from '../catalogue/day.ts'
import { isUsable, statusCodeOf } from '../certificates/status.ts'
import type { CertificateCode, Usability } from './usability.ts'
import { unusable, USABLE } from './usability.ts'

/** What a certificate's usability goes by, as it stood at one moment. */
export interface CertificateFacts {
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  /** As recorded on chain by then; 0 for none. */
  readonly status: number
  /** Seconds since 1970: the first second in which it is valid, and the first in which it no longer is. */
  readonly validFrom: number
  readonly validTo?: number
  /** What renewed or replaced it by then. */
  readonly superseded?: { readonly id: string; readonly at: string }
}

/** Whether a certificate can be used at a moment. @param time seconds since 1970 */
export function usabilityOfCertificate(
  { at, status, validFrom, validTo, superseded }: CertificateFacts,
  time: number,
): Usability<CertificateCode> {
  const issued = Math.floor(Date.parse(at) / 1000)
  // Nobody could have used what was not there, whatever is written on it.
  if (time < issued) return unusable({ code: 'CERTIFICATE_NOT_YET_VALID', from: dayAt(issued) })
  if (!isUsable(status))
    return unusable({ code: 'CERTIFICATE_NOT_USABLE', certificateStatus: statusCodeOf(status) })
  if (superseded) {
    const on = dayOf(Date.parse(superseded.at))
    return unusable({ code: 'CERTIFICATE_SUPERSEDED', by: superseded.id, on })
  }
  if (time < validFrom)
    return unusable({ code: 'CERTIFICATE_NOT_YET_VALID', from: dayAt(validFrom) })
  if (validTo === undefined) return USABLE
  const until = dayAt(validTo)
  return time < validTo
    ? { usable: true, until }
    : unusable({ code: 'CERTIFICATE_EXPIRED', on: until })
}

/** @param seconds since 1970 */
function dayAt(seconds: number): Day {
  return dayOf(seconds * 1000)
}
