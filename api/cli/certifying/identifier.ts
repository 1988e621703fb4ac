import { randomBytes } from 'node:crypto'
import { parseCertificateIdentifier } from '../../../node/core/identifiers/certificateIdentifier.ts'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import { isNumberSensitive } from '../../../node/core/certificates/types.ts'
import type { CertificateFields, CertificateType } from '../../../node/core/certificates/types.ts'

const PREFIX = '1.2.156.3005.2'
const CHECK_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * 电子证照标识 of a certificate whose face is known: all that it says stands there. Where the number is somebody's own, a
 * serial is made up in its place, each time another one.
 *
 * @param edition 3 digits
 * @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_MALFORMED {made} what the fields give, without its check character
 */
export function identifierOf(
  type: CertificateType,
  fields: CertificateFields,
  edition: string,
): string {
  const body = [
    PREFIX,
    type.code,
    textOf(fields['issuerCode']),
    isNumberSensitive(type) ? makeSerial() : textOf(fields['certificateNumber']),
    edition,
  ].join('.')
  for (const character of CHECK_CHARACTERS) {
    const identifier = `${body}.${character}`
    try {
      parseCertificateIdentifier(identifier)
      return identifier
    } catch (error) {
      if (isLedgerError(error, 'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG')) continue
      // Nobody typed it: without what it was made of, nobody could tell which field to correct.
      if (isLedgerError(error)) throw new LedgerError(error.kind, error.code, { made: body })
      throw error
    }
  }
  throw new LedgerError('invalid', 'CERTIFICATE_IDENTIFIER_MALFORMED', { made: body })
}

function makeSerial(): string {
  return randomBytes(16).toString('hex').toUpperCase()
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
