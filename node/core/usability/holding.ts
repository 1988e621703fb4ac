import type { Day } from '../catalogue/day.ts'
import type { MaterialType } from '../catalogue/materialType.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { FieldValue } from '../statements/parts.ts'
import { usabilityOfCertificate } from './certificate.ts'
import type { CertificateFacts } from './certificate.ts'
import { usabilityOfMaterial } from './material.ts'
import type { MaterialFacts } from './material.ts'
import { unusable } from './usability.ts'
import type { Usability } from './usability.ts'

/** Something that somebody has, with what is known of how it stands. */
export type Holding = HeldMaterial | HeldCertificate

interface Held {
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
}

export interface HeldMaterial extends Held, Pick<MaterialFacts, 'ended' | 'spent'> {
  readonly kind: 'material'
  /** Undefined once erased. */
  readonly material?: {
    readonly id: string
    readonly type: string
    /** Ids that its holder is known by. */
    readonly holders: readonly Hex[]
    /** Name of the principal that handed it in. */
    readonly submitter: string
    readonly fields?: { readonly [name: string]: FieldValue }
    readonly caseCode?: string
    /** A copy of a certificate of elsewhere that its type recognises. */
    readonly isRecognised?: boolean
  }
  /** Departments issued to its holder here what it is a copy of. */
  readonly isCertified?: boolean
}

export interface HeldCertificate extends Held, CertificateFacts {
  readonly kind: 'certificate'
  readonly id: string
  readonly type: string
  /** All of them: each has to grant. */
  readonly holders: readonly Hex[]
}

/** What something is looked at for. */
export interface Purpose {
  /** As in force by then; undefined where nobody published it. */
  readonly type: MaterialType | undefined
  /** The case, and others of its bundle: what came in for one of them came in for all. None where there is none. */
  readonly caseCodes: ReadonlySet<string>
  readonly day: Day
  /** Seconds since 1970. */
  readonly time: number
}

/** Whether something can be used: resolution, uses, data checks and benefits all ask here. */
export function usabilityOf(holding: Holding, purpose: Purpose): Usability {
  if (holding.kind === 'certificate') return usabilityOfCertificate(holding, purpose.time)
  const { material, at, ended, spent, isCertified } = holding
  if (material === undefined) return unusable({ code: 'MATERIAL_ERASED' })
  const { submitter, fields, caseCode, isRecognised } = material
  const facts = {
    at,
    submitter,
    ...(fields && { fields }),
    ...(caseCode !== undefined && { caseCode }),
    ...(ended && { ended }),
    ...(spent && { spent }),
    ...(isRecognised && { isRecognised }),
    ...(isCertified && { isCertified }),
  }
  return usabilityOfMaterial(purpose.type, facts, purpose)
}

export function idOf(holding: Holding): string | undefined {
  return holding.kind === 'material' ? holding.material?.id : holding.id
}
