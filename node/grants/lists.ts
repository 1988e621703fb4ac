import { refusalBy } from '../core/errors.ts'
import type { LedgerError } from '../core/errors.ts'
import type { Grant } from '../core/grants/grant.ts'
import { narrowView, openScope, verifyScopeView } from '../core/grants/scope.ts'
import type { ScopeView } from '../core/grants/scope.ts'
import type { PreviewRequest } from './grants.ts'

/** What a grant opens of the lists, or why it does not. */
export interface OpenedLists {
  readonly view?: ScopeView
  readonly reason?: LedgerError
}

export function openLists(grant: Grant, lists: PreviewRequest['lists']): OpenedLists {
  if (lists === undefined) return {}
  let view: ScopeView | undefined
  const reason = refusalBy(() => {
    const opened =
      'document' in lists ? openScope(lists.document, grant) : narrowView(lists.view, grant)
    // Nothing else than what is signed may tell anybody what to sign.
    verifyScopeView(grant.scope, opened, grant)
    view = opened
  })
  return reason ? { reason } : { ...(view && { view }) }
}
