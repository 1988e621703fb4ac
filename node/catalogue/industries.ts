import type { Day } from '../core/catalogue/day.ts'
import { isOfIndustry } from '../core/catalogue/industry.ts'
import type { Industry } from '../core/catalogue/industry.ts'
import type { Catalogue } from './catalogue.ts'

/** Codes of types. */
export interface TypesOfIndustry {
  readonly materials: ReadonlySet<string>
  readonly certificates: ReadonlySet<string>
}

/**
 * What an industry goes by on a day: what its matters ask for, and certificates that are of the industry themselves. A
 * certificate and the material that is a copy of it go together, by whichever way a matter takes it.
 */
export function typesOfIndustry(
  catalogue: Pick<Catalogue, 'list'>,
  industry: Industry,
  day: Day,
): TypesOfIndustry {
  const inForce = <Kind extends 'matter' | 'certificateType'>(kind: Kind) =>
    catalogue
      .list(kind, day)
      .map(({ entry }) => entry)
      .filter((entry) => isOfIndustry(entry, industry))
  const asked = new Set(
    inForce('matter').flatMap(({ materials }) => materials.map(({ material }) => material)),
  )
  const certificates = new Set(inForce('certificateType').map(({ code }) => code))
  const copies = catalogue.list('materialType', day).map(({ entry }) => entry)
  const materials = copies.filter(
    ({ code, certificateType = '' }) => asked.has(code) || certificates.has(certificateType),
  )
  for (const { certificateType } of materials)
    if (certificateType !== undefined) certificates.add(certificateType)
  return { materials: new Set(materials.map(({ code }) => code)), certificates }
}
