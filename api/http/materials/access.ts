import { LedgerError } from '../../../node/core/errors.ts'
import type { Material, Materials } from '../../../node/materials/materials.ts'
import { isAllowed } from '../auth.ts'
import type { Action } from '../auth.ts'
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
  unless: Action,
): Promise<Material> {
  const material = await materials.get(parameter(ctx, 'id'))
  const principal = principalOf(ctx)
  // Once erased nobody can tell whose it was, and nothing of it is left to protect.
  const submitter = material.statement?.submitter ?? principal.name
  if (submitter !== principal.name && !isAllowed(principal, unless))
    throw new LedgerError('forbidden', 'MATERIAL_NOT_YOURS')
  return material
}
