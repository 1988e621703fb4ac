import { SDJwtInstance } from '@sd-jwt/core'
import { base64urlnopad } from '@scure/base'
import { utf8 } from '../bytes.ts'
import { sha256 } from '../hash/hash.ts'
import { CREDENTIAL_TYP, VCT, type CertificateClaims } from './credential.ts'
import { formatDid } from './did.ts'
import type { Sign } from './es256k.ts'
import { requireFace } from './face.ts'
import { getCertificateType } from './included.ts'
import type { CertificateFields, CertificateType } from './types.ts'

/** Apart from reading, so that a verifier does not carry what only departments need. */

/** What a department says when it issues; the rest follows from the face. */
export type CertificateDraft = Omit<CertificateClaims, 'validFrom' | 'validTo'> & {
  readonly fields: CertificateFields
}

export interface Issuing {
  /** By the account that the department acts by. */
  readonly sign: Sign
  /** Random bytes that nobody can foresee: a guessable salt lets fields be guessed. */
  readonly random: (length: number) => Uint8Array
  /** Its type as the ledger has it in force; the one that comes along unless given. */
  readonly certificateType?: CertificateType
}

/** Bytes: what RFC 9901 §9.3 recommends. */
const SALT_LENGTH = 16

/**
 * The whole SD-JWT, with every disclosure.
 *
 * @throws LedgerError invalid/CERTIFICATE_TYPE_UNKNOWN where none is given
 * @throws LedgerError invalid/CERTIFICATE_*: what `requireFace` refuses
 */
export async function issueCertificate(
  draft: CertificateDraft,
  { sign, random, certificateType }: Issuing,
): Promise<string> {
  const { issuer, chainId, type, identifier, holders, fields, renews, replaces } = draft
  const { validFrom, validTo } = requireFace(
    draft,
    certificateType ?? getCertificateType(type),
    draft.issuedAt * 1000,
  )
  const claims = {
    iss: formatDid(chainId, issuer),
    vct: `${VCT}${type}`,
    iat: draft.issuedAt,
    nbf: validFrom,
    ...(validTo !== undefined && { exp: validTo }),
    identifier,
    holders: [...holders],
    ...(renews !== undefined && { renews }),
    ...(replaces !== undefined && { replaces }),
    ...(draft.holderAccount !== undefined && {
      cnf: { kid: formatDid(chainId, draft.holderAccount) },
    }),
  }
  const payload: Record<string, unknown> = { ...claims, ...fields }
  const instance = new SDJwtInstance<Record<string, unknown>>({
    hasher: (data) => sha256(typeof data === 'string' ? utf8(data) : new Uint8Array(data)),
    hashAlg: 'sha-256',
    saltGenerator: () => base64urlnopad.encode(random(SALT_LENGTH)),
    signAlg: 'ES256K',
    signer: async (input) => base64urlnopad.encode(await sign(utf8(input))),
  })
  // Typed by the members of the payload, which depend on the certificate's type.
  const frame = { _sd: Object.keys(fields) } as never
  return instance.issue(payload, frame, { header: { typ: CREDENTIAL_TYP } })
}
