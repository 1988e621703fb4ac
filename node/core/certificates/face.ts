import { parseCertificateIdentifier } from '../identifiers/certificateIdentifier.ts'
import type { CertificateIdentifier } from '../identifiers/certificateIdentifier.ts'
import { holdsCitizenNumber } from '../identifiers/citizenNumber.ts'
import { isSensitive } from '../catalogue/typeField.ts'
import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import {
  isNumberSensitive,
  requireFields,
  type CertificateFields,
  type CertificateType,
} from './types.ts'
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
 * @param type as in force where it is issued
 * @param now milliseconds since 1970
 * @returns the time that the face says
 * @throws LedgerError invalid/CERTIFICATE_FIELDS_MALFORMED, CERTIFICATE_VALIDITY_EMPTY
 * @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_MALFORMED, CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG
 * @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_MISMATCH with the `part` that differs
 * @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_DISCLOSES {field}: it says what only the field may say
 * @throws LedgerError invalid/CERTIFICATE_HOLDERS_TOO_MANY
 */
export function requireFace(
  { type: code, identifier, holders, fields }: Face,
  type: CertificateType,
  now: number,
): Validity {
  requireFields(type, fields, now)
  const parts = parseCertificateIdentifier(identifier)
  requireSame('type', parts.type, code)
  requireNumbered(parts, type, fields)
  if (isNumberSensitive(type)) requireSilent(parts.serial, type, fields)
  if (holders.length > 1 && !type.multiHolder) {
    throw new LedgerError('invalid', 'CERTIFICATE_HOLDERS_TOO_MANY', { certificateType: code })
  }
  return validityOf(fields)
}

/**
 * That identifier and face name the same issuer and, where the number may stand in an identifier, the same number.
 *
 * @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_MISMATCH with the `part` that differs
 */
export function requireNumbered(
  { issuer, serial }: Pick<CertificateIdentifier, 'issuer' | 'serial'>,
  type: CertificateType,
  fields: { readonly [name: string]: unknown },
): void {
  requireSame('issuer', issuer, fields['issuerCode'])
  if (!isNumberSensitive(type)) requireSame('serial', serial, fields['certificateNumber'])
}

function requireSame(part: string, inIdentifier: string, onFace: unknown): void {
  if (inIdentifier !== onFace) {
    throw new LedgerError('invalid', 'CERTIFICATE_IDENTIFIER_MISMATCH', { part })
  }
}

/**
 * The identifier stands in clear in the credential, in its statement and in every copy: where the number of a
 * certificate is somebody's own, as a citizen number is, its serial is a made one.
 */
function requireSilent(
  serial: string,
  { fields: declared }: CertificateType,
  fields: CertificateFields,
): void {
  const told = declared.filter(isSensitive).find(({ name }) => isWithin(fields[name], serial))
  const field = told?.name ?? (holdsCitizenNumber(serial) ? 'certificateNumber' : undefined)
  if (field !== undefined)
    throw new LedgerError('invalid', 'CERTIFICATE_IDENTIFIER_DISCLOSES', { field })
}

/** Shorter ones stand in any serial by chance. */
const SHORTEST = 6

function isWithin(value: unknown, serial: string): boolean {
  if (typeof value !== 'string') return false
  const characters = value.toUpperCase().replace(/[^0-9A-Z]/g, '')
  return characters.length >= SHORTEST && serial.includes(characters)
}
