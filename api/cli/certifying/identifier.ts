import { parseCertificateIdentifier } from '../../../node/core/checks/certificateIdentifier.ts'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import type { CertificateFields } from '../../../node/core/certificates/types.ts'

const PREFIX = '1.2.156.3005.2'
const CHECK_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * 电子证照标识 of a certificate whose face is known: all that it says stands there.
 *
 * @param edition 3 digits
 * @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_MALFORMED
 */
export function identifierOf(type: string, fields: CertificateFields, edition: string): string {
  const body = [
    PREFIX,
    type,
    ...['issuerCode', 'certificateNumber'].map((name) => textOf(fields[name])),
    edition,
  ].join('.')
  for (const character of CHECK_CHARACTERS) {
    const identifier = `${body}.${character}`
    try {
      parseCertificateIdentifier(identifier)
      return identifier
    } catch (error) {
      if (!isLedgerError(error, 'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG')) throw error
    }
  }
  throw new LedgerError('invalid', 'CERTIFICATE_IDENTIFIER_MALFORMED')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
