import { requireFace } from '../../../node/core/certificates/face.ts'
import type { Face } from '../../../node/core/certificates/face.ts'
import { requireFields } from '../../../node/core/certificates/types.ts'
import type { CertificateFields, CertificateType } from '../../../node/core/certificates/types.ts'
import { shorten } from '../../../node/core/acts/phrases.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { misuse } from '../context.ts'
import { readJsonFile } from '../granting/scopeFile.ts'
import type { Sentence } from '../../client/index.ts'
import { identifierOf } from './identifier.ts'

export interface FaceOptions {
  readonly type: string
  readonly holder: readonly Hex[]
  readonly identifier?: string
  readonly edition: string
  readonly valid?: string
}

/**
 * What will stand on a certificate: a file of fields, and what the options say instead.
 *
 * @param certificateType as the ledger has it in force
 * @throws LedgerError as `requireFace`
 */
export async function readFace(
  path: string,
  options: FaceOptions,
  certificateType: CertificateType,
): Promise<Face> {
  const { type, holder, edition } = options
  const given = await readJsonFile(path)
  const now = Date.now()
  const told = { ...asObject(given), ...validityOf(options.valid) }
  const fields = requireFields(certificateType, told, now)
  const identifier = options.identifier ?? identifierOf(certificateType, fields, edition)
  const face = { type, identifier, holders: holder, fields }
  requireFace(face, certificateType, now)
  return face
}

/** Issuing is no act of the chain: this is what a department agrees to. */
export function describeIssue(
  { type, identifier, holders, fields }: Face,
  { name }: CertificateType,
  issuer: Hex,
): Sentence {
  const ids = holders.map(shorten)
  const { validFrom, validTo = '长期' } = fields as CertificateFields & {
    readonly validFrom: string
    readonly validTo?: string
  }
  const end = validTo === '长期' ? 'without end' : `until ${validTo}`
  return {
    zh: `${shorten(issuer)} 向持证主体 ${ids.join('、')} 颁发${name}（类型 ${type}），证照标识 ${identifier}，有效期自 ${validFrom} 至 ${validTo}。`,
    en: `${shorten(issuer)} issues to holder${ids.length === 1 ? '' : 's'} ${ids.join(', ')} the certificate ${identifier} of type ${type} (${name}), valid from ${validFrom} ${end}.`,
  }
}

/** `2026-01-01..2030-12-31`, or `2026-01-01..` for no end. */
function validityOf(text: string | undefined): CertificateFields {
  if (text === undefined) return {}
  const [, validFrom, validTo] = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})?$/.exec(text) ?? []
  if (validFrom === undefined)
    misuse('--valid is two days with dots between them: 2026-01-01..2030-12-31, or 2026-01-01..')
  return { validFrom, validTo: validTo ?? '长期' }
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
