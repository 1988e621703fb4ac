import type { MaterialType } from '../../../node/core/catalogue/materialType.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { CatalogueClient } from '../../client/index.ts'

/** The version in force today; undefined where the catalogue has none. */
export async function findMaterialType(
  catalogue: CatalogueClient,
  code: string,
): Promise<MaterialType | undefined> {
  try {
    const { entry } = await catalogue.get('materialType', code)
    return entry.kind === 'materialType' ? entry : undefined
  } catch (error) {
    if (isLedgerError(error) && error.kind === 'notFound') return undefined
    throw error
  }
}
