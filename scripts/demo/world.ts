import source from './world.json' with { type: 'json' }
import type { CertificateFields } from '../../node/core/certificates/types.ts'
import type { Role } from '../../node/core/parties/roles.ts'
import type { Holder, HolderCodeType } from '../../node/core/statements/parts.ts'

/** Who and what the demo tells about. */

export type DepartmentKey = keyof typeof source.departments
export type HolderKey = keyof typeof source.holders
export type DelegateKey = keyof typeof source.delegates
export type TypeKey = keyof typeof source.types
export type CertificateKey = keyof typeof source.certificates

export interface DepartmentSource {
  readonly name: string
  readonly code: string
  readonly region: string
  readonly roles: readonly Role[]
  readonly types?: readonly TypeKey[]
  readonly above: DepartmentKey | 'authority'
}

export interface HolderSource {
  readonly name: string
  readonly codeType: HolderCodeType
  readonly code: string
}

export interface CertificateSource {
  readonly type: TypeKey
  readonly by: DepartmentKey
  readonly holders: readonly HolderKey[]
  readonly identifier: string
  readonly replaces?: CertificateKey
  readonly fields: CertificateFields
}

export const MATTERS = source.matters
export const CASE = source.case
export const CASES = source.cases
export const TYPES = source.types
export const BENEFITS = source.benefits
export const DELEGATES = source.delegates
export const DEPARTMENTS = source.departments as Readonly<Record<DepartmentKey, DepartmentSource>>
export const HOLDERS = source.holders as Readonly<Record<HolderKey, HolderSource>>
export const CERTIFICATES = source.certificates as Readonly<
  Record<CertificateKey, CertificateSource>
>

/** What the holder is known by elsewhere. */
export function codeOf(key: HolderKey): Holder {
  const { codeType, code } = HOLDERS[key]
  return { codeType, code }
}
