import type { FileDepartment } from '../../../node/catalogue/file.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { DepartmentClient } from '../parties.ts'

/**
 * Addresses of departments by the codes that a file gives them: as the map has it, else by the unified social credit
 * code that the department above has described them with. Of two that were described alike, neither counts.
 */
export async function findDepartments(
  departments: readonly FileDepartment[],
  known: ReadonlyMap<string, Hex>,
  client: Pick<DepartmentClient, 'authority' | 'list'>,
): Promise<ReadonlyMap<string, Hex>> {
  const asked = departments.filter(({ code }) => !known.has(code))
  if (asked.length === 0) return known
  const described = await describedDepartments(client)
  const found = asked.flatMap(({ code, uscc }): [string, Hex][] => {
    const addresses = described.get(uscc) ?? []
    const [only] = addresses
    return only !== undefined && addresses.length === 1 ? [[code, only]] : []
  })
  return new Map([...known, ...found])
}

/** By unified social credit code. */
async function describedDepartments(
  client: Pick<DepartmentClient, 'authority' | 'list'>,
): Promise<ReadonlyMap<string, readonly Hex[]>> {
  const found = new Map<string, Hex[]>()
  try {
    const all = [await client.authority()]
    for (const { address, code } of all) {
      if (code !== undefined) found.set(code, [...(found.get(code) ?? []), address])
      all.push(...(await Array.fromAsync(client.list(address))))
    }
  } catch (error) {
    // A ledger without registries has no departments to tell of.
    if (!isLedgerError(error, 'ROUTE_NOT_FOUND')) throw error
  }
  return found
}
