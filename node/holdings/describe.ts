import type { CertificateRecord } from '../certificates/certificates.ts'
import type { Spent } from '../core/catalogue/singleUse.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import type { CertificateFacts } from '../core/usability/certificate.ts'
import type { HeldCertificate, HeldMaterial } from '../core/usability/holding.ts'
import { endOf } from '../materials/states.ts'
import type { Standing } from '../materials/states.ts'

/** A material as the ledger has it. */
export interface FoundMaterial {
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  /** Undefined once erased. */
  readonly statement: MaterialSubmitted | undefined
}

/** @param holders ids that its holder is known by */
export function describeMaterial(
  { index, at, statement }: FoundMaterial,
  holders: readonly Hex[],
  {
    standing,
    spent,
    isCertified = false,
  }: {
    readonly standing?: Standing | undefined
    readonly spent?: Spent | undefined
    readonly isCertified?: boolean
  },
): HeldMaterial {
  const ended = standing && endOf(standing)
  const found = {
    kind: 'material',
    index,
    at,
    ...(ended && { ended }),
    ...(spent && { spent }),
    ...(isCertified && { isCertified }),
  } as const
  if (statement === undefined) return found
  const { id, type, submitter, fields, caseCode, recognised } = statement
  const material = {
    id,
    type,
    holders,
    submitter,
    ...(fields && { fields }),
    ...(caseCode !== undefined && { caseCode }),
    ...(recognised && { isRecognised: true }),
  }
  return { ...found, material }
}

export function describeCertificate(
  { id, index, statement: { type, holders } }: CertificateRecord,
  facts: CertificateFacts,
): HeldCertificate {
  return { kind: 'certificate', id, index, type, holders, ...facts }
}
