import type { Day } from '../catalogue/day.ts'
import type { StatusCode } from '../certificates/status.ts'
import { LedgerError } from '../errors.ts'
import type { ErrorKind } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'

/** What may be wrong with a certificate. */
export const CERTIFICATE_CODES = [
  'CERTIFICATE_NOT_USABLE',
  'CERTIFICATE_SUPERSEDED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_EXPIRED',
] as const
export type CertificateCode = (typeof CERTIFICATE_CODES)[number]

/** What may be wrong with a material. */
const MATERIAL_CODES = [
  'MATERIAL_ERASED',
  'MATERIAL_QUARANTINED',
  'MATERIAL_REJECTED',
  'MATERIAL_WITHDRAWN',
  'MATERIAL_SUPERSEDED',
  'MATERIAL_SINGLE_USE_SPENT',
  'MATERIAL_CERTIFICATE_DECIDES',
  'MATERIAL_NOT_FROM_ISSUER',
  'MATERIAL_UNDATED',
  'MATERIAL_NOT_VALID_YET',
  'MATERIAL_EXPIRED',
] as const
export type MaterialCode = (typeof MATERIAL_CODES)[number]

/** Why a certificate or material does not count. */
export interface Unusable<Code extends string = CertificateCode | MaterialCode> {
  readonly code: Code
  /** Statement that ended it; what took its place. */
  readonly by?: string
  /** The first day on which it was over. */
  readonly on?: Day
  /** The first day on which it counts. */
  readonly from?: Day
  /** Of MATERIAL_UNDATED: where the day that its validity goes by was never stated. */
  readonly field?: string
  /** Of MATERIAL_CERTIFICATE_DECIDES. */
  readonly certificateType?: string
  /** Of CERTIFICATE_NOT_USABLE. */
  readonly certificateStatus?: StatusCode
  /** Of MATERIAL_NOT_FROM_ISSUER: who makes it, where the type says so. */
  readonly issuer?: Hex
}

/** `until`: the first day on which it will be over; none where nothing but an event ends it. */
export type Usability<Code extends string = CertificateCode | MaterialCode> =
  | { readonly usable: true; readonly until?: Day }
  | { readonly usable: false; readonly why: Unusable<Code> }

export const USABLE = { usable: true } as const

export function unusable<Code extends string>(
  why: Unusable<Code>,
): { readonly usable: false; readonly why: Unusable<Code> } {
  return { usable: false, why }
}

/** Where nothing but leave is wanting, whoever asks has to get something else. */
const KINDS: Readonly<Partial<Record<string, ErrorKind>>> = {
  MATERIAL_ERASED: 'notFound',
  MATERIAL_SINGLE_USE_SPENT: 'conflict',
}

/** What whoever wants to use it is told: the code, {id} and what is known besides. */
export function refusalOf(id: string, { code, ...details }: Unusable): LedgerError {
  return new LedgerError(KINDS[code] ?? 'forbidden', code, { id, ...details })
}
