import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { ScopeView } from '../../../node/core/grants/scope.ts'
import type { UseContext } from '../../../node/core/grants/use.ts'
import type { ResolvedMaterial } from '../../../node/core/resolution/document.ts'
import { reasonsOf } from '../../../node/core/resolution/reasons.ts'
import type { Question } from '../../../node/core/checks/questions.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { isLimited } from '../../../node/core/uses/documents.ts'
import type { Authorization, Manner, UseRequest } from '../../../node/core/uses/documents.ts'
import { composeUse } from '../composeUse.ts'
import { chainOf } from '../granting/chain.ts'
import type { GrantClient } from '../grants.ts'
import type { DepartmentClient } from '../parties.ts'
import { randomWord } from '../signing/random.ts'

/** A certificate or material, and under which grants: one of each holder. */
export interface Granted {
  readonly kind: 'certificate' | 'material'
  /** Statement id. */
  readonly id: string
  readonly grants: readonly { readonly grant: Hex }[]
  /** Code of the certificate type; unless given, one that the grant is about. */
  readonly type?: string
}

/** What to use of it; the candidate of a resolution says so by itself. */
export interface Wanted extends Granted {
  /** Fields to see; none: the whole material. */
  readonly use: { readonly fields: readonly string[]; readonly manner: Manner }
}

/** Why: the case, and what a department says of it. */
export type UseReason = Omit<UseContext, 'salt'>

/** What is asked for, with the acts that have to be signed for it. */
export interface UseDraft extends Omit<UseRequest, 'authorizations'> {
  readonly authorizations: readonly Unsigned[]
  /** Of a data check. */
  readonly questions?: readonly Question[]
}
export type Unsigned = Omit<Authorization, 'signature'>

/** Who asks, and until when. */
export interface Asker {
  /** The department. */
  readonly user: Hex
  /** Seconds since 1970: up to then it may be asked. */
  readonly notAfter: number
  /** Of each grant, uses that were signed and are not counted yet; what is drafted is added. */
  readonly before?: Map<Hex, number>
}

/** Where grants are found, and where what is signed is recorded. */
export interface Place {
  readonly client: { readonly grants: GrantClient; readonly departments: DepartmentClient }
  readonly registries: Registries
  /** Of the log. */
  readonly origin: string
}

/**
 * @throws LedgerError conflict/REUSE_NOT_READY {state, reasons}: the resolution found nothing that could be used now
 */
export function readyOf(resolved: ResolvedMaterial): Wanted {
  const { state, candidate } = resolved
  if (state !== 'ready' || candidate?.use === undefined)
    throw new LedgerError('conflict', 'REUSE_NOT_READY', { state, reasons: reasonsOf(resolved) })
  const { kind, id, grants, use } = candidate
  return { kind, id, grants, use }
}

/**
 * What there is to sign to use something under grants that one received.
 *
 * @throws LedgerError as `composeUse` and `chainOf`
 */
export async function draftUse(
  { kind, id, grants, type, use }: Wanted,
  reason: UseReason & Partial<Pick<UseContext, 'salt'>>,
  { before = new Map<Hex, number>(), ...asker }: Asker,
  place: Place,
  questions?: readonly Question[],
): Promise<UseDraft> {
  const asked = {
    subject: { kind, id },
    fields: [...new Set(use.fields)].toSorted(),
    manner: use.manner,
    ...(questions && { questions }),
    context: { salt: randomWord(), ...reason },
  }
  const authorizations: Unsigned[] = []
  for (const { grant } of grants) {
    const sooner = before.get(grant) ?? 0
    const drafted = await draftUnder(grant, { ...asked, ...asker, type }, place, sooner)
    if (isLimited(drafted)) before.set(grant, sooner + 1)
    authorizations.push(drafted)
  }
  return { ...asked, authorizations }
}

type Asking = Omit<UseDraft, 'authorizations'> &
  Pick<Asker, 'user' | 'notAfter'> & { readonly type: string | undefined }

async function draftUnder(
  grant: Hex,
  asking: Asking,
  { client, registries, origin }: Place,
  sooner: number,
): Promise<Unsigned> {
  const [chain, view, { used }, { region }] = await Promise.all([
    chainOf(client.grants, grant, registries),
    client.grants.view(grant),
    client.grants.get(grant),
    client.departments.get(asking.user),
  ])
  const type = asking.type ?? typeIn(view, asking)
  const subject = { ...asking.subject, type }
  // Only what is limited is counted.
  const sequence = isLimited({ chain }) ? used + sooner : used
  const wanted = { ...asking, subject, region, origin, chain, view, sequence }
  return { chain, ...composeUse(wanted, registries) }
}

/** The type of certificates whose fields were granted: a department may not look up what it asks for. */
function typeIn({ items }: ScopeView, { fields }: Pick<Asking, 'fields'>): string {
  const types = items.flatMap(({ item }) => ('certificateType' in item ? [item] : []))
  const found = types.find((item) => fields.every((name) => item.fields.includes(name))) ?? types[0]
  return found?.certificateType ?? ''
}
