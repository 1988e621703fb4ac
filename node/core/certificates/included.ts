import * as z from 'zod'
import { TypeField } from '../catalogue/typeField.ts'
import { LedgerError } from '../errors.ts'
import source from './types.json' with { type: 'json' }
import { CertificateType } from './types.ts'
import { LONG_TERM } from './validity.ts'

/**
 * Types that come along, and the fields that all have, from the national catalogue of certificate types where it is
 * public; types whose code ends in 9xx are made up for demonstration, in the same form. Where a field that all have is
 * another matter on its face, such as a number that is somebody's own, a type says so itself.
 *
 * They are what a catalogue begins with. A ledger goes by them as long as nobody has published the type there, and from
 * then on by what was published: see `node/catalogue/certificateTypes.ts`. A new type is published, and needs no code.
 */
export const CERTIFICATE_TYPES: readonly CertificateType[] = z
  .strictObject({ common: z.array(TypeField), types: z.array(CertificateType) })
  .transform(({ common, types }) =>
    types.map((type) => ({ ...type, fields: fieldsOf(type, common) })),
  )
  .parse(source)

const TYPES = new Map(CERTIFICATE_TYPES.map((type) => [type.code, type]))

/** A type that comes along. */
export function findIncludedType(code: string): CertificateType | undefined {
  return TYPES.get(code)
}

/** A type that comes along. @throws LedgerError invalid/CERTIFICATE_TYPE_UNKNOWN */
export function getCertificateType(code: string): CertificateType {
  const type = findIncludedType(code)
  if (type === undefined)
    throw new LedgerError('invalid', 'CERTIFICATE_TYPE_UNKNOWN', { certificateType: code })
  return type
}

function fieldsOf(type: CertificateType, common: readonly TypeField[]): TypeField[] {
  const own = new Set(type.fields.map(({ name }) => name))
  const all = [...common.filter(({ name }) => !own.has(name)), ...type.fields]
  return all.map((field) =>
    field.name === 'validTo' && mayBeLongTerm(type) ? { ...field, longTerm: true } : field,
  )
}

function mayBeLongTerm({ validity: { mode, options } }: CertificateType): boolean {
  if (mode === 'DATE_RANGE') return false
  return mode !== 'YEARS' || (options?.includes(LONG_TERM) ?? false)
}
