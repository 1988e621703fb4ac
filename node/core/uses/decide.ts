import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import { verifyUse } from '../grants/rules.ts'
import type { GrantIds } from '../grants/rules.ts'
import { verifyOpenings } from '../grants/scope.ts'
import type { ScopeItem } from '../grants/scope.ts'
import { verifyAudience, verifyPurpose } from '../grants/use.ts'
import type { GrantWorld } from '../grants/world.ts'
import type { Registries } from '../parties/registries.ts'
import { verifyContext } from './context.ts'
import type { Asked } from './context.ts'
import type { Authorization } from './documents.ts'

// Who may use what: the same rules decide when a department asks, and when anyone checks the receipt later.
// What signatures say is a matter of its own, see `signatures.ts`.

/** What is asked for, and by whom. */
export interface AskedUse extends Asked {
  readonly subject: Asked['subject'] & { readonly type: string }
  /** Holder ids of the subject. */
  readonly holders: readonly Hex[]
  /** Origin of the log of the node that is asked. */
  readonly origin: string
  /** Of the department, 6 digits; undefined where it is not known. */
  readonly region: string | undefined
}

/**
 * That every holder authorizes the use, and nobody else does.
 *
 * @throws LedgerError forbidden/USE_HOLDER_MISSING {holder}, invalid/USE_HOLDER_NOT_CONCERNED {holder}
 */
export function verifyHolders(
  holders: readonly Hex[],
  authorizations: readonly Pick<Authorization, 'chain'>[],
): void {
  const granting = authorizations.map(({ chain }) => chain[0]?.holder)
  for (const holder of holders)
    if (!granting.includes(holder))
      throw new LedgerError('forbidden', 'USE_HOLDER_MISSING', { holder })
  for (const [i, holder] of granting.entries())
    if (holder === undefined || !holders.includes(holder) || granting.indexOf(holder) !== i)
      throw new LedgerError('invalid', 'USE_HOLDER_NOT_CONCERNED', { holder })
}

/**
 * That one holder's grants allow this use, now and for this purpose. Answers the ids of the grants, root first.
 *
 * @throws LedgerError what `verifyUse`, `verifyOpenings` and `verifyPurpose` throw
 * @throws LedgerError unverified/USE_CONTEXT_MISMATCH, forbidden/USE_AUDIENCE_OTHER
 * @throws LedgerError forbidden/USE_SUBJECT_NOT_GRANTED, USE_FIELDS_NOT_GRANTED {fields}, USE_COPY_NOT_GRANTED
 */
export function verifyAuthorization(
  authorization: Authorization,
  asked: AskedUse,
  world: GrantWorld,
  registries: Registries,
  idOf?: GrantIds,
): Hex[] {
  const { chain, use } = authorization
  verifyContext(use, asked)
  verifyAudience(use, asked.origin)
  const ids = verifyUse(chain, use, world, registries, idOf)
  verifyScope(authorization, asked)
  return ids
}

/** What the holder wrote of items and purposes, which the chain sees only as masks. */
export function verifyScope(
  { chain, use, openings }: Pick<Authorization, 'chain' | 'use' | 'openings'>,
  asked: AskedUse,
): void {
  const scope = chain[0]?.scope ?? '0x'
  const opened = verifyOpenings(scope, openings, use)
  verifyItems(opened.items, asked)
  for (const purpose of opened.purposes)
    verifyPurpose(purpose, {
      matter: asked.context.matter,
      department: use.user,
      region: asked.region,
    })
}

/**
 * One item must allow all of it: what is allowed piece by piece was never allowed together.
 *
 * @throws LedgerError forbidden/USE_SUBJECT_NOT_GRANTED, USE_FIELDS_NOT_GRANTED {fields}, USE_COPY_NOT_GRANTED
 */
export function verifyItems(
  items: readonly ScopeItem[],
  {
    subject,
    fields,
    manner,
    questions,
  }: Pick<AskedUse, 'subject' | 'fields' | 'manner' | 'questions'>,
): void {
  const about = items.filter((item) => isAbout(item, subject))
  if (about.length === 0) throw new LedgerError('forbidden', 'USE_SUBJECT_NOT_GRANTED')
  // Whether it is valid can be told by whatever was granted of it.
  const isOfNone = questions !== undefined && fields.length === 0
  const showing = about.filter(({ fields: granted }) => isOfNone || isWithin(fields, granted))
  if (showing.length === 0) {
    const missing = fields.filter((name) => about.every((item) => !isWithin([name], item.fields)))
    throw new LedgerError('forbidden', 'USE_FIELDS_NOT_GRANTED', { fields: missing })
  }
  if (manner === 'copy' && showing.every(({ may }) => may !== 'copy'))
    throw new LedgerError('forbidden', 'USE_COPY_NOT_GRANTED')
}

/** Whether an item speaks of this certificate or material at all. */
export function isAbout(item: ScopeItem, { kind, id, type }: AskedUse['subject']): boolean {
  return 'material' in item
    ? kind === 'material' && item.material === id
    : kind === 'certificate' && item.certificateType === type
}

/** Whoever asks for no fields asks for the whole material, which is granted by naming none. */
function isWithin(fields: readonly string[], granted: readonly string[] | undefined): boolean {
  if (granted === undefined) return true
  return fields.length > 0 && fields.every((name) => granted.includes(name))
}
