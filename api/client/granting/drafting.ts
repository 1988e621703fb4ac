import { bitsOf, maskOf } from '../../../node/core/grants/mask.ts'
import { canonicalize } from '../../../node/core/json.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { grantIdOf } from '../../../node/core/grants/rules.ts'
import { narrowView, openScope, scopeOf, verifyScopeView } from '../../../node/core/grants/scope.ts'
import type { Opened, ScopeDocument, ScopeView } from '../../../node/core/grants/scope.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { GrantClient } from '../grants.ts'
import { randomWord } from '../signing/random.ts'
import type { Places } from './places.ts'

/** What somebody decides who grants. */
export interface Giving {
  readonly to: Hex
  readonly items: Places
  readonly purposes: Places
  /** Seconds since 1970, as `until`; both moments are within. */
  readonly from?: number
  readonly until: number
  /** Levels over which it may be passed on. */
  readonly depth: number
  /** How often it may be used; 0: any number of times. As of the grant that is passed on unless given. */
  readonly uses?: number
}

/** Where a grant comes from: the lists of the holder, or a grant that was received. */
export type Source =
  | { readonly holder: Hex; readonly document: ScopeDocument; readonly grantor: Hex }
  | { readonly chain: readonly Grant[]; readonly view: ScopeView }

export interface DraftedGrant {
  readonly grant: Grant
  /** From the root down to the grant. */
  readonly chain: readonly Grant[]
  /** What its grantee is to be shown. */
  readonly view: ScopeView
  /** What that says. */
  readonly opened: Opened
}

/**
 * The grant to sign, made here, so that nothing but what was asked for is signed. The ledger is asked for the grantor's
 * epoch, and for what speaks against it.
 *
 * @throws LedgerError the first thing that speaks against it, as `verifyRegistration`
 * @throws LedgerError invalid/GRANT_MASK_BEYOND_LIST, SCOPE_OPENING_MISSING
 */
export async function draftGrant(
  grants: GrantClient,
  giving: Giving,
  source: Source,
  registries: Registries,
): Promise<DraftedGrant> {
  const above = 'chain' in source ? source.chain : []
  const wanted = termsOf(giving, source, registries)
  const view =
    'chain' in source ? narrowView(source.view, wanted) : openScope(source.document, wanted)
  const opened = verifyScopeView(wanted.scope, view, wanted)
  const preview = await grants.preview({ grant: wanted, above: [...above], view })
  const grant = preview.typedData.message
  // Whatever the ledger answers: only the epoch is for it to say.
  if (canonicalize({ ...grant, epoch: 0 }) !== canonicalize({ ...wanted, epoch: 0 }))
    throw new LedgerError('invalid', 'ANSWER_UNEXPECTED')
  const [reason] = preview.reasons
  if (reason !== undefined) throw new LedgerError('forbidden', reason.code, { ...reason })
  return { grant, chain: [...above, grant], view, opened }
}

function termsOf(giving: Giving, source: Source, registries: Registries): Omit<Grant, 'epoch'> {
  const { to, from, until, depth } = giving
  const parent = 'chain' in source ? source.chain.at(-1) : undefined
  const lists = 'chain' in source ? parent : source.document
  const uses = giving.uses ?? parent?.uses
  if (uses === undefined) throw new TypeError('a grant from lists says how often it may be used')
  const places = (list: 'items' | 'purposes') =>
    maskOf(giving[list] === 'all' ? allOf(lists?.[list]) : giving[list])
  const shared =
    'chain' in source
      ? inherited(parent)
      : { holder: source.holder, scope: scopeOf(source.document), grantor: source.grantor }
  return {
    parent: parent === undefined ? NO_PARENT : grantIdOf(parent, registries),
    ...shared,
    grantee: to,
    items: places('items'),
    purposes: places('purposes'),
    notBefore: from ?? parent?.notBefore ?? 0,
    notAfter: until,
    depth,
    uses,
    salt: `0x${randomWord()}`,
  }
}

const NO_PARENT: Hex = `0x${'0'.repeat(64)}`

function inherited(parent: Grant | undefined): Pick<Grant, 'holder' | 'scope' | 'grantor'> {
  if (parent === undefined) throw new TypeError('a grant that is passed on was received')
  return { holder: parent.holder, scope: parent.scope, grantor: parent.grantee }
}

/** Of a list, or of a mask: what there is to give. */
function allOf(list: readonly unknown[] | Hex | undefined): number[] {
  if (typeof list === 'string') return bitsOf(list)
  return Array.from({ length: list?.length ?? 0 }, (_, place) => place)
}
