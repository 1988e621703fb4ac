import { randomBytes } from 'node:crypto'
import { computeAddress } from 'ethers'
import { signer, type Sign } from '../../../node/core/certificates/es256k.ts'
import { issueCertificate, type CertificateDraft } from '../../../node/core/certificates/issuing.ts'
import type { CertificateType } from '../../../node/core/certificates/types.ts'
import { parseCertificateIdentifier } from '../../../node/core/identifiers/certificateIdentifier.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { isLedgerError } from '../../../node/core/errors.ts'

export const LICENCE = '11100000MB0143028R001'
export const PROPERTY = '11100000MB03271699001'
export const FOOD = '11100000MB0143028R901'

/** 2023-08-05T10:00:00+08:00 */
export const NOW = 1_691_200_800
export const CHAIN = 31337

/** A key with its account. */
export interface KeyPair {
  readonly key: Uint8Array
  readonly account: Hex
  readonly sign: Sign
}

export function newKey(): KeyPair {
  const key = randomBytes(32)
  const account = computeAddress(`0x${key.toString('hex')}`).toLowerCase() as Hex
  return { key, account, sign: signer(key) }
}

export const newHolder = (): Hex => `0x${randomBytes(32).toString('hex')}`

const ISSUER_CODES: Readonly<Record<string, string>> = {
  [LICENCE]: '11310110MBDEM0082K',
  [PROPERTY]: '12310000MBDEM0293B',
  [FOOD]: '11310110MBDEM0082K',
}

let papers = 0

/** An identifier that was never given before, with its right check character. */
export function newIdentifier(type: string, serial = `2023${String(++papers).padStart(16, '0')}`) {
  const body = `1.2.156.3005.2.${type}.${ISSUER_CODES[type] ?? '11310110MBDEM0082K'}.${serial}.001`
  return withCheckCharacter(body)
}

export function withCheckCharacter(body: string): string {
  for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
    const identifier = `${body}.${character}`
    try {
      parseCertificateIdentifier(identifier)
      return identifier
    } catch (error) {
      if (!isLedgerError(error, 'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG')) throw error
    }
  }
  throw new Error('no check character fits')
}

const SPECIFIC: Readonly<Record<string, CertificateDraft['fields']>> = {
  [LICENCE]: {
    name: '上海云启数科（示例）有限公司',
    creditCode: '91310110MADEM002XN',
    legalRep: '张示例',
    domicile: '杨浦区旧址路1号',
    businessScope: '软件开发',
  },
  [PROPERTY]: {
    certNo: '沪(2021)杨字不动产权第012345号',
    unitNo: '310110005002GB00012F00010024',
    owners: ['上海业主（示例）有限公司'],
    coOwnership: '单独所有',
    location: '杨浦区示例路100号8层',
    usage: '办公',
    area: '123.45',
    mortgaged: false,
  },
  [FOOD]: {
    validTo: '2024-10-09',
    permitNo: 'JY23101100000041',
    operator: '上海五角场鲜味餐饮（示例）有限公司',
    premises: '杨浦区示例路2号',
    items: ['热食类食品制售'],
  },
}

/** What a department would issue of this type, all of it right. */
export function draftOf(
  type: string,
  issuer: Hex,
  changes: Partial<CertificateDraft> = {},
): CertificateDraft {
  const identifier = changes.identifier ?? newIdentifier(type)
  return {
    issuer,
    chainId: CHAIN,
    type,
    identifier,
    holders: [newHolder()],
    issuedAt: NOW,
    ...changes,
    fields: {
      // An identity card has no number but its holder's.
      certificateNumber: changes.fields?.['idNumber'] ?? identifier.split('.')[7] ?? '',
      issueDate: '2021-05-18',
      validFrom: '2021-05-18',
      issuer: '上海市（示例）登记机关',
      issuerCode: identifier.split('.')[6] ?? '',
      ...SPECIFIC[type],
      ...changes.fields,
    },
  }
}

export function issueBy(
  { sign }: KeyPair,
  draft: CertificateDraft,
  certificateType?: CertificateType,
): Promise<string> {
  return issueCertificate(draft, {
    sign,
    random: randomBytes,
    ...(certificateType && { certificateType }),
  })
}

/** A credential that no honest department would make: signed over any payload and header. */
export async function forge(
  { sign }: KeyPair,
  payload: unknown,
  { header, disclosures = [] }: { header?: unknown; disclosures?: readonly string[] } = {},
): Promise<string> {
  const head = header === undefined ? { typ: 'dc+sd-jwt', alg: 'ES256K' } : header
  const input = [head, payload].map((part) => base64url(JSON.stringify(part))).join('.')
  const signature = base64url(await sign(Buffer.from(input)))
  return [`${input}.${signature}`, ...disclosures, ''].join('~')
}

export const base64url = (data: string | Uint8Array) => Buffer.from(data).toString('base64url')
export const payloadOf = (sdJwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(sdJwt.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >
