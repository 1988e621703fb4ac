import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { ScopeDocument } from '../../../node/core/grants/scope.ts'
import { verifyNarrowed } from '../../../node/core/requests/narrowing.ts'
import type { RecordedAct, RegisteredGrant } from '../../http/grants/schema.ts'
import type { GrantRequest } from '../../http/requests/schema.ts'
import type { RelayOptions } from '../grants.ts'
import { sayAndSign } from '../signing/signatory.ts'
import type { Said, Signatory, SigningOptions } from '../signing/signatory.ts'
import type { Agree } from '../signing/words.ts'
import { answerTo, requirePending } from './answering.ts'
import type { Narrowing, RequestAnswer } from './answering.ts'
import { chainOf } from './chain.ts'
import { draftGrant } from './drafting.ts'
import type { DraftedGrant, Giving, Source } from './drafting.ts'

export interface GrantSigning extends SigningOptions, RelayOptions {}

export interface EndSigning extends GrantSigning {
  /** In whose name: a department, or an account of a holder. */
  readonly as?: Hex | undefined
}

/** From the lists of a holder whose account one is; or from a grant that was received. */
export type GrantSource =
  { readonly holder: Hex; readonly document: ScopeDocument } | { readonly parent: Hex }

export type AnsweredRequest =
  | ({ readonly answer: 'approved' } & Said<RegisteredGrant>)
  | {
      readonly answer: 'declined'
      /** Evidence JSON text of the answer. */
      readonly evidence: string
    }

export type DecideRequest = (request: GrantRequest) => RequestAnswer | Promise<RequestAnswer>

/** Nothing is decided, and nothing signed, where nobody waits for it. */
export async function answerRequest(
  by: Signatory,
  id: string,
  decide: DecideRequest,
  options: GrantSigning,
): Promise<AnsweredRequest> {
  const { requests } = by.client
  const request = await requests.get(id)
  requirePending(request)
  const decided = await decide(request)
  if ('decline' in decided)
    return { answer: 'declined', evidence: await requests.decline(id, decided.decline) }
  const narrowing = decided.grant === 'all' ? {} : decided.grant
  return { answer: 'approved', ...(await approve(by, request, narrowing, options)) }
}

/**
 * @throws LedgerError invalid/GRANT_REQUEST_EXCEEDED {of} before anything is signed: the ledger would refuse it as well
 */
export async function approve(
  by: Signatory,
  request: GrantRequest,
  narrowing: Narrowing,
  { agree, ...relay }: GrantSigning,
): Promise<Said<RegisteredGrant>> {
  requirePending(request)
  const { giving, source } = answerTo(request, narrowing, by.account)
  const drafted = await draftGrant(by.client.grants, giving, source, by.registries)
  verifyNarrowed(drafted.grant, drafted.opened, request)
  const { act, view, sentence } = await signGrant(by, drafted, agree)
  const { requests } = by.client
  return { ...(await requests.approve(request.id, act, view, relay)), sentence }
}

export async function grant(
  by: Signatory,
  giving: Giving,
  from: GrantSource,
  { agree, ...relay }: GrantSigning,
): Promise<Said<RegisteredGrant>> {
  const { grants } = by.client
  const drafted = await draftGrant(grants, giving, await sourceOf(by, from), by.registries)
  const { act, view, sentence } = await signGrant(by, drafted, agree)
  return { ...(await grants.register(act, { ...relay, view })), sentence }
}

export async function revoke(
  by: Signatory,
  id: Hex,
  { as, agree, ...relay }: EndSigning,
): Promise<Said<RecordedAct>> {
  const { grants } = by.client
  const { typedData, chain } = await grants.previewRevocation(id, as)
  const { revoker, grant: named } = typedData.message
  if (named !== id || (as !== undefined && revoker !== as))
    throw new LedgerError('invalid', 'ANSWER_UNEXPECTED')
  const act = { type: 'Revocation', message: { grant: id, revoker } } as const
  const last = chain.at(-1)
  const { signature, sentence } = await sayAndSign(act, last ? { grant: last } : {}, by, agree)
  return { ...(await grants.revoke(id, { ...act, signature, chain }, relay)), sentence }
}

export async function endGrants(
  by: Signatory,
  { as, agree, ...relay }: EndSigning,
): Promise<Said<RecordedAct>> {
  const { grants } = by.client
  const account = as ?? by.department ?? by.account
  const { message } = (await grants.previewEpoch(account)).typedData
  if (message.account !== account) throw new LedgerError('invalid', 'ANSWER_UNEXPECTED')
  const act = { type: 'EpochBump', message } as const
  const { signature, sentence } = await sayAndSign(act, {}, by, agree)
  return { ...(await grants.bumpEpoch({ ...act, signature }, relay)), sentence }
}

async function signGrant(
  by: Signatory,
  { grant: message, chain, view }: DraftedGrant,
  agree: Agree | undefined,
) {
  const act = { type: 'Grant', message } as const
  const { signature, sentence } = await sayAndSign(act, { scope: view }, by, agree)
  return { act: { ...act, signature, chain: [...chain] }, view, sentence }
}

async function sourceOf(
  { client: { grants }, account, registries }: Signatory,
  from: GrantSource,
): Promise<Source> {
  if (!('parent' in from)) return { ...from, grantor: account }
  const [chain, view] = await Promise.all([
    chainOf(grants, from.parent, registries),
    grants.view(from.parent),
  ])
  return { chain, view }
}
