import { LedgerError } from '../errors.ts'

/** 电子证照标识 (GB/T 36904): where a certificate's parts stand in its identifier. */
export interface CertificateIdentifier {
  /** 21 characters: the unified social credit code of the authority that defined the type, and 3 digits. */
  readonly type: string
  readonly issuer: string
  readonly serial: string
  /** 3 digits. */
  readonly version: string
}

const SHAPE =
  /^1\.2\.156\.3005\.2\.([0-9A-HJ-NPQRTUWXY]{18}\d{3})\.([0-9A-Z]{1,18})\.([0-9A-Z]{1,64})\.(\d{3})\.([0-9A-Z])$/

/**
 * @throws LedgerError invalid/CERTIFICATE_IDENTIFIER_MALFORMED,
 *   CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG
 */
export function parseCertificateIdentifier(text: string): CertificateIdentifier {
  const [type, issuer, serial, version, check] = SHAPE.exec(text)?.slice(1) ?? []
  if (!type || !issuer || !serial || !version) {
    throw new LedgerError('invalid', 'CERTIFICATE_IDENTIFIER_MALFORMED')
  }
  if (check !== checkCharacter(type + issuer + serial + version)) {
    throw new LedgerError('invalid', 'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG')
  }
  return { type, issuer, serial, version }
}

/** ISO 7064 MOD 37,36. */
function checkCharacter(text: string): string {
  let product = 36
  for (const character of text) {
    const sum = (product + parseInt(character, 36)) % 36 || 36
    product = (2 * sum) % 37
  }
  return ((37 - product) % 36).toString(36).toUpperCase()
}
