import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { ResolvedMaterial } from '../../../node/core/resolution/document.ts'
import { fieldsToGrant } from '../../../node/core/checks/questions.ts'
import type { Question } from '../../../node/core/checks/questions.ts'
import { verifyContext } from '../../../node/core/uses/context.ts'
import type { UseRequest } from '../../../node/core/uses/documents.ts'
import type { CheckRequest } from '../../../node/checks/checks.ts'
import type { ReuseRequest } from '../../../node/reuse/reuse.ts'
import { departmentOf, sayAndSign } from '../signing/signatory.ts'
import type { Signatory, SigningOptions } from '../signing/signatory.ts'
import { describeRequest, namesOf } from '../signing/words.ts'
import type { Agree } from '../signing/words.ts'
import { draftUse, readyOf } from './drafting.ts'
import type { Asker, Granted, Unsigned, UseDraft, UseReason, Wanted } from './drafting.ts'

export interface UseSigning extends SigningOptions {
  /** Seconds since 1970: up to then it may be asked; an hour from now unless given. */
  readonly notAfter?: number | undefined
}

/** What a use is to be drafted for. */
export interface Drafting extends Pick<UseSigning, 'notAfter'> {
  /** The department that is to use it; one's own unless given. */
  readonly user?: Hex | undefined
}

const HOUR = 60 * 60

export function draft(
  by: Signatory,
  what: ResolvedMaterial | Wanted,
  reason: UseReason & { readonly salt?: string },
  drafting: Drafting & Pick<Asker, 'before'> = {},
  questions?: readonly Question[],
): Promise<UseDraft> {
  const { user, notAfter, before } = drafting
  const asker = {
    user: user ?? departmentOf(by),
    notAfter: notAfter ?? Math.floor(Date.now() / 1000) + HOUR,
    ...(before && { before }),
  }
  return draftUse('state' in what ? readyOf(what) : what, reason, asker, by, questions)
}

export async function signUse(
  by: Signatory,
  drafted: UseDraft,
  agree: Agree | undefined,
): Promise<UseRequest> {
  const { questions: _, authorizations, ...asked } = drafted
  const department = departmentOf(by)
  const signed: UseRequest['authorizations'] = []
  for (const one of authorizations) {
    if (one.use.user !== department) throw new LedgerError('forbidden', 'USE_NOT_YOURS')
    signed.push({ ...one, signature: await signOne(by, one, drafted, agree) })
  }
  return { ...asked, authorizations: signed }
}

export async function cosignUse(
  by: Signatory,
  drafted: UseDraft,
  agree: Agree | undefined,
): Promise<UseDraft> {
  const authorizations: Unsigned[] = []
  for (const one of drafted.authorizations)
    authorizations.push({ ...one, granteeSignature: await signOne(by, one, drafted, agree) })
  return { ...drafted, authorizations }
}

export async function signCheck(
  by: Signatory,
  what: ResolvedMaterial | Granted,
  questions: readonly Question[],
  reason: UseReason,
  { agree, notAfter, before }: UseSigning & Pick<Asker, 'before'>,
): Promise<CheckRequest> {
  const granted = 'state' in what ? readyOf(what) : what
  const use = { fields: fieldsToGrant(granted, questions), manner: 'read' } as const
  const drafting = { notAfter, ...(before && { before }) }
  const drafted = await draft(by, { ...granted, use }, reason, drafting, questions)
  const { subject, context, authorizations } = await signUse(by, drafted, agree)
  return { subject, questions: [...questions], context, authorizations }
}

/**
 * A use of each material of a case that is ready, or the questions of its matter; uses under one grant are counted in
 * this order.
 */
export async function signReady(
  by: Signatory,
  code: string,
  reason: Omit<UseReason, 'case' | 'matter'>,
  { agree, notAfter }: UseSigning,
): Promise<ReuseRequest['uses']> {
  const { cases } = by.client
  const [{ matter }, { materials }] = await Promise.all([cases.get(code), cases.resolve(code)])
  const why = { ...reason, case: code, matter: matter.code }
  const before = new Map<Hex, number>()
  const uses: ReuseRequest['uses'] = []
  for (const one of materials) {
    if (one.state !== 'ready' || one.candidate?.use === undefined) continue
    const { material, candidate } = one
    const { questions } = candidate.use ?? {}
    const request =
      questions === undefined
        ? await signUse(by, await draft(by, one, why, { notAfter, before }), agree)
        : await signCheck(by, one, questions, why, { agree, notAfter, before })
    uses.push({ material, request })
  }
  return uses
}

async function signOne(
  by: Signatory,
  { use, chain, openings }: Unsigned,
  asked: UseDraft,
  agree: Agree | undefined,
): Promise<Hex> {
  // Nobody signs for a case or fields that the hash might stand for: it has to.
  verifyContext(use, asked)
  const { purpose, ...shown } = openings
  const grant = chain.at(-1)
  // Names are for whoever reads the words.
  const departments = agree === undefined ? [] : await namesOf(by.client, [use.user])
  const names = new Map([...departments, [use.audience, by.origin]])
  const around = { scope: { ...shown, purposes: [purpose] }, names, ...(grant && { grant }) }
  const act = { type: 'Use', message: use } as const
  return (await sayAndSign(act, around, by, agree, describeRequest(asked))).signature
}
