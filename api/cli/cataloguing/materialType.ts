import type { MaterialType } from '../../../node/core/catalogue/materialType.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { CatalogueClient } from '../../client/index.ts'

/**
 * The version in force today, with the fields of the certificate that it is a copy of; undefined where the catalogue
 * has none.
 */
export async function findMaterialType(
  catalogue: CatalogueClient,
  code: string,
): Promise<MaterialType | undefined> {
  try {
    const { entry } = await catalogue.get('materialType', code)
    if (entry.kind !== 'materialType') return undefined
    const { certificateType, fields } = entry
    if (certificateType === undefined) return entry
    const own = new Set(fields.map(({ name }) => name))
    const face = (await catalogue.certificateType(certificateType)).fields
    return { ...entry, fields: [...fields, ...face.filter(({ name }) => !own.has(name))] }
  } catch (error) {
    if (isLedgerError(error) && error.kind === 'notFound') return undefined
    throw error
  }
}

/** Whether the catalogue says of any type what it is. */
export async function hasMaterialTypes(catalogue: CatalogueClient): Promise<boolean> {
  for await (const _ of catalogue.list('materialType')) return true
  return false
}
