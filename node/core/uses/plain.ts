import { isLedgerError } from '../errors.ts'
import type { ScopeItem } from '../grants/scope.ts'
import { verifyItems } from './decide.ts'
import type { AskedUse } from './decide.ts'
import type { Authorization } from './documents.ts'

/**
 * Whether every holder lets a field be seen in clear, whatever its sensitivity: by an item that allows all that is
 * asked.
 */
export function isGrantedPlain(
  field: string,
  authorizations: readonly Pick<Authorization, 'openings'>[],
  asked: Pick<AskedUse, 'subject' | 'fields' | 'manner'>,
): boolean {
  return authorizations.every(({ openings }) =>
    openings.items.some(({ item }) => item.plain?.includes(field) === true && allows(item, asked)),
  )
}

function allows(item: ScopeItem, asked: Pick<AskedUse, 'subject' | 'fields' | 'manner'>): boolean {
  try {
    verifyItems([item], asked)
    return true
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return false
  }
}
