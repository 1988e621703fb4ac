import { LedgerError } from '../core/errors.ts'
import type { MirrorTable } from '../store/layout.ts'
import type { Page, PageRequest } from './mirror.ts'
import type { Stored } from './records.ts'
import type { MirrorState } from './state.ts'

const CURSOR = /^[0-9a-f]{1,64}$/

/**
 * One page of a list; what `present` does not find was taken back since, and is left out.
 *
 * @throws LedgerError invalid/CURSOR_MALFORMED
 */
export async function readPage<Item>(
  state: MirrorState,
  [table, first]: readonly [MirrorTable, string],
  { limit, cursor, newestFirst = false }: PageRequest,
  present: (record: Stored) => Item | undefined,
): Promise<Page<Item>> {
  if (cursor !== undefined && !CURSOR.test(cursor))
    throw new LedgerError('invalid', 'CURSOR_MALFORMED')
  const items: Item[] = []
  let last: string | undefined
  for await (const [second, record] of state.list(table, first, {
    after: cursor,
    reverse: newestFirst,
  })) {
    if (items.length >= limit) return { items, ...(last !== undefined && { next: last }) }
    const item = present(record)
    if (item !== undefined) items.push(item)
    last = second
  }
  return { items }
}
