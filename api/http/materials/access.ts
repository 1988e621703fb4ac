import { LedgerError } from '../../../node/core/errors.ts'
import { maskMaterial } from '../../../node/materials/masked.ts'
import type { MaterialTypes } from '../../../node/materials/soundness.ts'
import type { Material, Materials } from '../../../node/materials/materials.ts'
import { isAllowed } from '../auth.ts'
import type { Action, Principal } from '../auth.ts'
import { parameter, principalOf } from '../route.ts'
import type { Context } from '../route.ts'

/**
 * The material of the path, if the principal handed it in itself or may do `unless`.
 *
 * @throws LedgerError notFound/MATERIAL_NOT_FOUND, forbidden/MATERIAL_NOT_YOURS
 */
export async function getOwn(
  ctx: Context,
  materials: Materials,
  unless?: Action,
): Promise<Material> {
  const material = await materials.get(parameter(ctx, 'id'))
  const principal = principalOf(ctx)
  const isRefused = unless === undefined || !isAllowed(principal, unless)
  if (isRefused && !isOwn(material, principal))
    throw new LedgerError('forbidden', 'MATERIAL_NOT_YOURS')
  return material
}

/** As the principal may see it: whoever audits sees masks of what others handed in, and never more. */
export function shownTo<Found extends Pick<Material, 'statement' | 'at'>>(
  principal: Principal,
  found: Found,
  types: MaterialTypes,
): Found {
  const { statement, at } = found
  if (statement === undefined || isOwn(found, principal)) return found
  return { ...found, statement: maskMaterial(statement, types, Date.parse(at)) }
}

/** Once erased nobody can tell whose it was, and nothing of it is left to protect. */
export function isOwn({ statement }: Pick<Material, 'statement'>, { name }: Principal): boolean {
  return statement === undefined || statement.submitter === name
}
