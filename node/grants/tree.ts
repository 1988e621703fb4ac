import type { Hex } from '../core/ethereum/hex.ts'
import type { MirroredGrants } from '../mirror/mirror.ts'
import type { GrantRecord, GrantTree } from './grants.ts'
import type { GrantRecords } from './records.ts'

/** Grants in one tree at most: as many as one answer should hold. */
export const TREE_LIMIT = 500

/** Level by level, so that what does not fit is what lies deepest. */
export async function readTree(
  root: Hex,
  grants: Pick<MirroredGrants, 'childrenOf'>,
  records: GrantRecords,
): Promise<GrantTree> {
  const below = new Map<Hex, Hex[]>()
  const unread: Hex[] = []
  let room = TREE_LIMIT - 1
  let level = [root]
  while (level.length > 0) {
    const next: Hex[] = []
    for (const grant of level) {
      const page = await grants.childrenOf(grant, { limit: Math.max(room, 1) })
      const children = page.items.slice(0, room).map((child) => child.grant)
      if (page.next !== undefined || children.length < page.items.length) unread.push(grant)
      room -= children.length
      below.set(grant, children)
      next.push(...children)
    }
    level = next
  }
  const items: GrantRecord[] = []
  for (const grant of inOrder(root, below)) items.push(await records.get(grant))
  return { items, unread }
}

/** Each before those below it. */
function* inOrder(grant: Hex, below: ReadonlyMap<Hex, readonly Hex[]>): Generator<Hex> {
  yield grant
  for (const child of below.get(grant) ?? []) yield* inOrder(child, below)
}
