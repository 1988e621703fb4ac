import { HexAddress } from '../../../node/core/ethereum/hex.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { maskMaterial } from '../../../node/materials/masked.ts'
import type { MaterialTypes } from '../../../node/materials/soundness.ts'
import type { LoggedDecision, Material, Materials } from '../../../node/materials/materials.ts'
import { isAllowed } from '../auth.ts'
import type { Action, Principal } from '../auth.ts'
import { parameter, principalOf } from '../route.ts'
import type { Context } from '../route.ts'
import type { MaterialParties } from './parties.ts'

export interface Reading {
  readonly materials: Materials
  readonly parties: MaterialParties
  /** By which auditors are shown what is not theirs. */
  readonly types: MaterialTypes
}

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

/**
 * The material of the path, if the principal handed it in or is its holder, and masked for whoever may read all.
 *
 * @throws LedgerError notFound/MATERIAL_NOT_FOUND, forbidden/MATERIAL_NOT_YOURS
 */
export async function getShown(ctx: Context, reading: Reading): Promise<Material> {
  const material = await reading.materials.get(parameter(ctx, 'id'))
  const principal = principalOf(ctx)
  if (await isWholeFor(principal, material, reading.parties)) return material
  if (!isAllowed(principal, 'readEveryMaterial'))
    throw new LedgerError('forbidden', 'MATERIAL_NOT_YOURS')
  return shownTo(principal, material, reading.types)
}

/** As `getShown`, and for those alone who may see all of it. */
export async function getWhole(
  ctx: Context,
  { materials, parties }: Pick<Reading, 'materials' | 'parties'>,
): Promise<Material> {
  const material = await materials.get(parameter(ctx, 'id'))
  if (!(await isWholeFor(principalOf(ctx), material, parties)))
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
function isOwn({ statement }: Pick<Material, 'statement'>, { name }: Principal): boolean {
  return statement === undefined || statement.submitter === name
}

/** The name of the department that handed it in, where that is registered. */
export async function submitterNameOf(
  { statement }: Pick<Material, 'statement'>,
  parties: MaterialParties,
): Promise<{ submitterName?: string }> {
  const [, address] = /^department (0x.*)$/.exec(statement?.submitter ?? '') ?? []
  const department = HexAddress.safeParse(address)
  const name = department.success ? await parties.nameOf(department.data) : undefined
  return name === undefined ? {} : { submitterName: name }
}

/** Once it is erased nobody can tell who may know why. */
export async function decisionsOn(
  { erased }: Pick<Material, 'erased'>,
  id: string,
  materials: Pick<Materials, 'decisionsOf'>,
): Promise<{ decisions?: LoggedDecision[] }> {
  const decisions = erased ? [] : await materials.decisionsOf(id)
  return decisions.length > 0 ? { decisions } : {}
}

async function isWholeFor(
  principal: Principal,
  material: Material,
  parties: MaterialParties,
): Promise<boolean> {
  if (isOwn(material, principal)) return true
  const holder = material.statement?.holder
  if (holder === undefined || principal.account === undefined) return false
  return parties.isBound(principal.account, holder)
}
