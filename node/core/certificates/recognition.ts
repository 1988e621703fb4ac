import type { CertificateIdentifier } from '../identifiers/certificateIdentifier.ts'
import { LedgerError } from '../errors.ts'
import { isWithinRegion } from '../parties/region.ts'

/** Certificates of a region that count as ones of a type here, and the code that the type has there. */
export interface Recognition {
  readonly region: string
  readonly type: string
}

/** What a certificate of elsewhere was recognised as. */
export interface Recognised {
  /** 6 digits, of whoever issued it. */
  readonly region: string
}

/** A unified social credit code; digits 3 to 8 are the region that its bearer is registered in (GB 32100-2015 §4). */
const BEARER = /^[0-9A-HJ-NPQRTUWXY]{2}(\d{6})[0-9A-HJ-NPQRTUWXY]{10}$/

/**
 * Holds the identifier of a certificate that somebody brings along against the list of its type 互认目录.
 *
 * @throws LedgerError invalid/CERTIFICATE_TYPE_NOT_RECOGNISED {certificateType, region}
 */
export function requireRecognised(
  { type, issuer }: CertificateIdentifier,
  list: readonly Recognition[],
): Recognised {
  const region = BEARER.exec(issuer)?.[1]
  const isListed = (one: Recognition) =>
    one.type === type && region !== undefined && isWithinRegion(region, one.region)
  if (region === undefined || !list.some(isListed)) {
    const details = { certificateType: type, ...(region !== undefined && { region }) }
    throw new LedgerError('invalid', 'CERTIFICATE_TYPE_NOT_RECOGNISED', details)
  }
  return { region }
}
