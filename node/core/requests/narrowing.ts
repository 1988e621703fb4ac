import { LedgerError } from '../errors.ts'
import type { Grant } from '../grants/grant.ts'
import type { Opened, ScopeItem, ScopePurpose } from '../grants/scope.ts'
import type { RequestMade } from '../statements/request.ts'

const NO_PARENT = /^0x0{64}$/

/**
 * That a grant gives what was asked for, or less: never to another, of another, for longer, more often, or of more.
 *
 * @param opened what its lists say where its masks have a bit
 * @throws LedgerError invalid/GRANT_REQUEST_EXCEEDED {of}: the term that goes beyond, or is another
 */
export function verifyNarrowed(
  grant: Grant,
  opened: Opened,
  request: Omit<RequestMade, 'v' | 'kind'>,
): void {
  const { items, purposes } = opened
  if (grant.grantee !== request.grantee) throw exceeded('grantee')
  if (grant.holder !== request.holder) throw exceeded('holder')
  // What was passed on is another's to ask for.
  if (!NO_PARENT.test(grant.parent)) throw exceeded('parent')
  if (grant.notAfter > request.notAfter) throw exceeded('notAfter')
  if (grant.depth > request.depth) throw exceeded('depth')
  if (request.uses !== 0 && (grant.uses === 0 || grant.uses > request.uses)) throw exceeded('uses')
  if (!items.every((item) => request.items.some((asked) => isWithinItem(item, asked))))
    throw exceeded('items')
  if (!purposes.every((one) => request.purposes.some((asked) => isWithinPurpose(one, asked))))
    throw exceeded('purposes')
}

function isWithinItem(item: ScopeItem, asked: ScopeItem): boolean {
  if (item.may === 'copy' && asked.may === 'read') return false
  if ('material' in item) {
    if (!('material' in asked) || asked.material !== item.material) return false
  } else if (!('certificateType' in asked) || asked.certificateType !== item.certificateType)
    return false
  if (item.plain?.some((name) => !asked.plain?.includes(name))) return false
  // Without fields it is the whole material.
  if (asked.fields === undefined) return true
  return item.fields?.every((name) => asked.fields?.includes(name)) ?? false
}

function isWithinPurpose(one: ScopePurpose, asked: ScopePurpose): boolean {
  if (one.matter !== asked.matter) return false
  if (asked.department !== undefined && one.department !== asked.department) return false
  // GB/T 2260: 310000 includes 310110.
  const within = asked.region?.replace(/(00)+$/, '') ?? ''
  return asked.region === undefined || (one.region?.startsWith(within) ?? false)
}

function exceeded(of: string): LedgerError {
  return new LedgerError('invalid', 'GRANT_REQUEST_EXCEEDED', { of })
}
