import { dayOf } from '../core/catalogue/day.ts'
import type { Sensitivity } from '../core/catalogue/parts.ts'
import { CERTIFICATE_TYPES } from '../core/certificates/included.ts'
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
  const known = types?.find('materialType', statement.type, dayOf(at))?.fields ?? []
  const masked = Object.entries(fields ?? {}).map(([name, value]) => {
    const field = known.find((one) => one.name === name)
    return [name, maskField(value, field?.sensitivity ?? UNKNOWN, field?.type ?? 'string')] as const
  })
  return {
    ...shown,
    ...(fields && { fields: Object.fromEntries(masked) }),
    ...(certificateIdentifier !== undefined && {
      certificateIdentifier: maskIdentifier(certificateIdentifier),
    }),
  }
}

/** Elsewhere identifiers are made of the number of the certificate, be that its holder's own. */
function maskIdentifier(identifier: string): string {
  const parts = identifier.toUpperCase().split('.')
  const isPersonal = CERTIFICATE_TYPES.filter(isNumberSensitive).some(({ code }) =>
    parts.includes(code),
  )
  return isPersonal || parts.some(holdsCitizenNumber) ? HIDDEN : identifier
}
