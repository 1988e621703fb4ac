import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { canonicalize } from '../../../node/core/json.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { ResolvedMaterial } from '../../../node/core/resolution/document.ts'
import type { Question } from '../../../node/core/checks/questions.ts'
import type { UseRequest } from '../../../node/core/uses/documents.ts'
import type { Check } from '../../http/checks/schema.ts'
import type { RecordedAct, RegisteredGrant } from '../../http/grants/schema.ts'
import type { ReuseOutcome } from '../cases.ts'
import type { Narrowing } from '../granting/answering.ts'
import type { Giving } from '../granting/drafting.ts'
import * as granting from '../granting/signing.ts'
import type {
  AnsweredRequest,
  DecideRequest,
  EndSigning,
  GrantSigning,
  GrantSource,
} from '../granting/signing.ts'
import type { OnceClient } from '../onceClient.ts'
import type { Handed } from '../requests.ts'
import type { Signer } from '../signer.ts'
import type { UseOptions } from '../uses.ts'
import type { Granted, UseDraft, UseReason, Wanted } from '../using/drafting.ts'
import * as using from '../using/signing.ts'
import type { Drafting, UseSigning } from '../using/signing.ts'
import { accountOf } from './signAct.ts'
import type { Said, Signatory, SigningOptions } from './signatory.ts'
import { undertake } from './undertaking.ts'
import type { WantedUndertaking } from './undertaking.ts'

/**
 * An account that signed in, and what it signs: each in one call, made from what was asked for alone, so that a ledger
 * cannot have anything else signed.
 *
 * Throws as `OnceClient` does, and what the signer and `agree` throw; by then nothing was sent.
 */
export class SigningAccount implements Signatory {
  readonly client: OnceClient
  readonly signer: Signer
  readonly account: Hex
  readonly department: Hex | undefined
  readonly registries: Registries
  readonly origin: string

  constructor(signatory: Omit<Signatory, 'account'>) {
    this.client = signatory.client
    this.signer = signatory.signer
    this.account = accountOf(signatory.signer)
    this.department = signatory.department
    this.registries = signatory.registries
    this.origin = signatory.origin
  }

  /**
   * Uses a certificate or material; answers the receipt. By a department.
   *
   * @param what as a resolution tells of it, where it is ready; or any other, and the grants for it
   * @throws LedgerError conflict/REUSE_NOT_READY {state}; forbidden/DEPARTMENT_NEEDED {account}, and as `composeUse`
   */
  async use(
    what: ResolvedMaterial | Wanted,
    reason: UseReason,
    options: UseSigning & UseOptions = {},
  ): Promise<Handed> {
    const draft = await using.draft(this, what, reason, { notAfter: options.notAfter })
    const request = await using.signUse(this, draft, options.agree)
    return this.client.uses.request(request, options)
  }

  /**
   * Asks questions about a certificate or material, to be told yes or no without seeing it 数据核验. By a department.
   *
   * @throws LedgerError as `use`
   */
  async check(
    what: ResolvedMaterial | Granted,
    questions: readonly Question[],
    reason: UseReason,
    options: UseSigning = {},
  ): Promise<Check> {
    const request = await using.signCheck(this, what, questions, reason, options)
    return this.client.checks.ask(request)
  }

  /**
   * Uses all that the resolution of a case finds ready, in one request; nothing where nothing is. What is refused
   * spoils no other. By a department that handles the case.
   *
   * @throws LedgerError as `use`, and as `CaseClient.reuse`
   */
  async reuse(
    code: string,
    reason: Omit<UseReason, 'case' | 'matter'>,
    options: UseSigning & UseOptions = {},
  ): Promise<ReuseOutcome[]> {
    const uses = await using.signReady(this, code, reason, options)
    return uses.length === 0 ? [] : this.client.cases.reuse(code, uses, options)
  }

  /**
   * What there is to sign for a use under grants that one received, where more than one has to sign it.
   *
   * @param reason with the salt of a draft, to add to that: one request is for one use
   * @throws LedgerError as `use`
   */
  draftUse(
    what: ResolvedMaterial | Wanted,
    reason: UseReason & { readonly salt?: string },
    drafting: Drafting = {},
  ): Promise<UseDraft> {
    return using.draft(this, what, reason, drafting)
  }

  /**
   * Signs for one's department; the signatures of grantees stay.
   *
   * @throws LedgerError forbidden/USE_NOT_YOURS: it was drafted for another department
   * @throws LedgerError unverified/USE_CONTEXT_MISMATCH: the acts are about something else than the draft says
   */
  signUse(draft: UseDraft, { agree }: SigningOptions = {}): Promise<UseRequest> {
    return using.signUse(this, draft, agree)
  }

  /** As `signUse`, by the last grantee, who lets a department use what it was granted this once. */
  cosignUse(draft: UseDraft, { agree }: SigningOptions = {}): Promise<UseDraft> {
    return using.cosignUse(this, draft, agree)
  }

  /**
   * Grants what was asked for, or less. By the holder, whom `agree` shows what that is; to say no, see
   * `requests.decline`.
   *
   * @throws LedgerError conflict/GRANT_REQUEST_EXPIRED {expires}, GRANT_REQUEST_ANSWERED {answer}
   * @throws LedgerError as `answerTo` and `draftGrant`
   */
  async approveRequest(
    id: string,
    narrowing: Narrowing = {},
    options: GrantSigning = {},
  ): Promise<Said<RegisteredGrant>> {
    return granting.approve(this, await this.client.requests.get(id), narrowing, options)
  }

  /**
   * Fetches a request, lets `decide` say what to answer, and signs just that, or declines. By the holder.
   *
   * @throws LedgerError as `approveRequest`
   */
  answerRequest(
    id: string,
    decide: DecideRequest,
    options: GrantSigning = {},
  ): Promise<AnsweredRequest> {
    return granting.answerRequest(this, id, decide, options)
  }

  /**
   * Grants from the lists of a holder, or passes a grant on.
   *
   * @throws LedgerError as `draftGrant` and `chainOf`
   */
  grant(
    giving: Giving,
    from: GrantSource,
    options: GrantSigning = {},
  ): Promise<Said<RegisteredGrant>> {
    return granting.grant(this, giving, from, options)
  }

  /**
   * Undertakes to have a material that a case asks for, in the place of handing it in 告知承诺. By the holder, or who acts
   * for the applicant; `agree` shows what is undertaken word for word.
   *
   * @throws LedgerError invalid/ANSWER_UNEXPECTED {member}: the ledger would have something else signed
   */
  undertake(what: WantedUndertaking, options: SigningOptions = {}): Promise<Said<Handed>> {
    return undertake(this, what, options)
  }

  /** Ends a grant for good, and all that was passed on from it. */
  revoke(id: Hex, options: EndSigning = {}): Promise<Said<RecordedAct>> {
    return granting.revoke(this, id, options)
  }

  /** Ends all that was granted so far, for good: when a key may be lost. Of one's department unless told otherwise. */
  endGrants(options: EndSigning = {}): Promise<Said<RecordedAct>> {
    return granting.endGrants(this, options)
  }
}

/**
 * Signs in, and learns where what is signed is recorded.
 *
 * @param trusted registries that one knows from elsewhere, such as a trust.json
 * @throws LedgerError unavailable/REGISTRIES_ABSENT, unverified/REGISTRIES_OTHER: the ledger names others
 * @throws LedgerError as `OnceClient.signIn`
 */
export async function openAccount(
  client: OnceClient,
  signer: Signer,
  trusted?: Registries,
): Promise<SigningAccount> {
  const { origin, registries } = await client.describe()
  if (registries === undefined) throw new LedgerError('unavailable', 'REGISTRIES_ABSENT')
  if (trusted !== undefined && canonicalize(trusted) !== canonicalize(registries))
    throw new LedgerError('unverified', 'REGISTRIES_OTHER')
  await client.signIn(signer)
  const { department } = await client.whoAmI()
  return new SigningAccount({ client, signer, origin, registries, department })
}
