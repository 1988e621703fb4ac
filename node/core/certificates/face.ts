import { parseCertificateIdentifier } from '../checks/certificateIdentifier.ts'
import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import { getCertificateType, verifyFields, type CertificateFields } from './types.ts'
import { validityOf, type Validity } from './validity.ts'

/** A certificate with all that is written on it. */
export interface Face {
  readonly type: string
  readonly identifier: string
  readonly holders: readonly Hex[]
  readonly fields: CertificateFields
}

/**
 * Everything on the face agrees: fields and type, identifier and fields, holders and type.
 *
 * @returns the time that the face says
 * @throws LedgerError invalid/CERTIFICATE_TYPE_UNKNOWN, CERTIFICATE_FIELDS_MALFORMED, CERTIFICATE_VALIDITY_EMPTY
 * @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_MALFORMED, CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG
 * @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_MISMATCH with the `part` that differs
 * @throws LedgerError invalid/CERTIFICATE_HOLDERS_TOO_MANY
 */
export function requireFace({ type: code, identifier, holders, fields }: Face): Validity {
  const type = getCertificateType(code)
  verifyFields(code, fields)
  const parts = parseCertificateIdentifier(identifier)
  requireSame('type', parts.type, code)
  requireSame('issuer', parts.issuer, fields['issuerCode'])
  requireSame('serial', parts.serial, fields['certificateNumber'])
  if (holders.length > 1 && !type.multiHolder) {
    throw new LedgerError('invalid', 'CERTIFICATE_HOLDERS_TOO_MANY', { certificateType: code })
  }
  return validityOf(fields)
}

function requireSame(part: string, inIdentifier: string, onFace: unknown): void {
  if (inIdentifier !== onFace) {
    throw new LedgerError('invalid', 'CERTIFICATE_IDENTIFIER_MISMATCH', { part })
  }
}
