import type { z } from 'zod'
import { LedgerError } from '../core/errors.ts'
import { decodeHex } from '../core/bytes.ts'
import { encode0x } from '../core/ethereum/hex.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { GrantDocument } from '../core/grants/grant.ts'
import type { Grant } from '../core/grants/grant.ts'
import { scopeOf } from '../core/grants/scope.ts'
import { hashRoots } from '../core/grants/scopeTree.ts'
import type { PreviewRequest } from './grants.ts'

const NO_PARENT: Hex = `0x${'0'.repeat(64)}`

/** What a grantor has to decide; the rest follows, or may be stated too. */
export const GrantDraft = GrantDocument.partial()
  .required({ grantee: true, items: true, purposes: true, notAfter: true, uses: true })
  .meta({ id: 'GrantDraft' })
export type GrantDraft = z.infer<typeof GrantDraft>

export interface DraftingParts {
  readonly idOf: (grant: Grant) => Hex
  readonly epochOf: (account: Hex) => number
  /** Seconds since 1970. */
  readonly now: number
  /** 32 bytes. */
  readonly salt: () => Uint8Array
}

/**
 * The grant that a draft stands for. What is not stated follows from the grant above, or is the least there is.
 *
 * @throws LedgerError invalid/GRANT_DRAFT_INCOMPLETE {missing}: a root's grantor, holder or scope
 */
export function completeDraft(
  { draft, above, lists }: PreviewRequest,
  { idOf, epochOf, now, salt }: DraftingParts,
): Grant {
  const parent = above.at(-1)
  const stated = {
    grantor: draft.grantor ?? parent?.grantee,
    holder: draft.holder ?? parent?.holder,
    scope: draft.scope ?? parent?.scope ?? committedBy(lists),
  }
  const { grantor, holder, scope } = stated
  if (grantor === undefined || holder === undefined || scope === undefined) {
    const missing = Object.entries(stated).flatMap(([name, value]) => (value ? [] : [name]))
    throw new LedgerError('invalid', 'GRANT_DRAFT_INCOMPLETE', { missing })
  }
  const { grantee, items, purposes, notAfter, uses } = draft
  return {
    parent: draft.parent ?? (parent ? idOf(parent) : NO_PARENT),
    grantor,
    grantee,
    holder,
    scope,
    items,
    purposes,
    notBefore: draft.notBefore ?? parent?.notBefore ?? now,
    notAfter,
    depth: draft.depth ?? 0,
    uses,
    epoch: draft.epoch ?? epochOf(grantor),
    salt: draft.salt ?? encode0x(salt()),
  }
}

function committedBy(lists: PreviewRequest['lists']): Hex | undefined {
  if (lists === undefined) return undefined
  if ('document' in lists) return scopeOf(lists.document)
  const { itemsRoot, purposesRoot } = lists.view
  return encode0x(hashRoots(decodeHex(itemsRoot), decodeHex(purposesRoot)))
}
