import { dayOf } from '../core/catalogue/day.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { MaterialType } from '../core/catalogue/materialType.ts'
import type { Sensitivity } from '../core/catalogue/parts.ts'
import { findIncludedType } from '../core/certificates/included.ts'
import { isNumberSensitive } from '../core/certificates/types.ts'
import { holdsCitizenNumber } from '../core/identifiers/citizenNumber.ts'
import { HIDDEN, maskField } from '../core/masking.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import type { MaterialTypes } from './soundness.ts'

/** What nobody has published a type for may be anything. */
const UNKNOWN: Sensitivity = 'L4'

/**
 * A material as it is shown to whoever looks after the bank and uses none of it: its fields masked as sensitive as the
 * type in force when it was logged says, and no word of whose it is.
 *
 * @param at milliseconds since 1970, when it was logged
 */
export function maskMaterial(
  statement: MaterialSubmitted,
  types: MaterialTypes | undefined,
  at: number,
): MaterialSubmitted {
  const { holder: _, title: __, fields, certificateIdentifier, ...shown } = statement
  const day = dayOf(at)
  const type = types?.find('materialType', statement.type, day)
  const masked = Object.entries(fields ?? {}).map(([name, value]) => {
    const field = type?.fields.find((one) => one.name === name)
    return [name, maskField(value, field?.sensitivity ?? UNKNOWN, field?.type ?? 'string')] as const
  })
  return {
    ...shown,
    ...(fields && { fields: Object.fromEntries(masked) }),
    ...(certificateIdentifier !== undefined && {
      certificateIdentifier: isTold(certificateIdentifier, type, types, day)
        ? certificateIdentifier
        : HIDDEN,
    }),
  }
}

/**
 * Elsewhere identifiers are made of the number of the certificate, be that its holder's own: told is one of a type that
 * is known, by its own name or as what its material is a copy of, and says that its number is nobody's own.
 */
function isTold(
  identifier: string,
  material: MaterialType | undefined,
  types: MaterialTypes | undefined,
  day: Day,
): boolean {
  const parts = identifier.toUpperCase().split('.')
  const codes = [...parts, ...(material?.certificateType ? [material.certificateType] : [])]
  // As `findCertificateTypeOn`: what comes along counts where nobody had published the type by then.
  const known = codes
    .map((code) => types?.find('certificateType', code, day) ?? findIncludedType(code))
    .filter((type) => type !== undefined)
  return known.length > 0 && !known.some(isNumberSensitive) && !parts.some(holdsCitizenNumber)
}
