import * as z from 'zod'
import type { Asker } from '../cases/access.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { ScopeView } from '../core/grants/scope.ts'
import type { RequestState } from '../core/requests/state.ts'
import { requestedGrant } from '../core/statements/request.ts'
import type { RequestApproved, RequestDeclined, RequestMade } from '../core/statements/request.ts'
import type { RegisteredGrant, Relaying } from '../grants/grants.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { Page, PageRequest } from '../store/pages.ts'

/**
 * Requests for grants 授权申请: asked for a case, answered by the holder once, or by nobody in time or before the case was
 * decided.
 */
export interface GrantRequests {
  /**
   * Asks a holder. What would have the holder sign the same, but for its end, is the entry that waits: nobody is asked
   * twice for one thing. Its end is the one that was asked for first.
   *
   * @throws LedgerError notFound/CASE_NOT_FOUND, HOLDER_NOT_FOUND
   * @throws LedgerError conflict/CASE_DECIDED {case}: it needs nothing any more
   * @throws LedgerError forbidden/CASE_NOT_YOURS: whoever asks neither handles the case nor is a party to it
   * @throws LedgerError invalid/GRANT_REQUEST_PURPOSE_OTHER {matter}: it is for another matter than the case
   * @throws LedgerError invalid/GRANT_REQUEST_TIMES_WRONG {now, latest}
   * @throws LedgerError tooMany/GRANT_REQUESTS_PENDING {retryAfter}
   */
  make(asked: AskedGrant, asker: RequestAsker): Promise<Appended>

  /** @throws LedgerError notFound/GRANT_REQUEST_NOT_FOUND; so does all that takes an id */
  get(id: string): Promise<RequestRecord>

  /** Newest first; so is `ofGrantee`. */
  ofHolder(holder: Hex, page: PageRequest): Promise<RequestPage>
  ofGrantee(grantee: Hex, page: PageRequest): Promise<RequestPage>

  /** What somebody asked for, for a case: newest first, and of very many the newest. */
  ofCase(code: string, grantee: Hex): Promise<readonly RequestRecord[]>

  /** What is asked, in words. @param namesHolder whoever reads it may know who the holder is */
  sentenceOf(
    request: RequestMade,
    namesHolder: boolean,
  ): Promise<{ readonly zh: string; readonly en: string }>

  /**
   * Records the grant that the holder signed, of all that was asked or of less, and shows it to whoever asked. The same
   * grant again is the same answer.
   *
   * @throws LedgerError conflict/GRANT_REQUEST_EXPIRED {expires}, GRANT_REQUEST_ANSWERED {answer}
   * @throws LedgerError conflict/GRANT_REQUEST_ENDED {case}: the case was decided
   * @throws LedgerError invalid/GRANT_REQUEST_EXCEEDED {of}, ACT_MALFORMED, ACT_UNEXPECTED
   * @throws LedgerError as `verifyScopeView` and `Grants.register`
   */
  approve(id: string, unverified: unknown, approval: Approval): Promise<ApprovedRequest>

  /**
   * @throws LedgerError conflict/GRANT_REQUEST_EXPIRED {expires}, GRANT_REQUEST_ANSWERED {answer}, GRANT_REQUEST_ENDED
   *   {case}
   */
  decline(id: string, reason: string, by: Hex): Promise<Appended>

  /**
   * Evidence JSON that it was asked; or how it was answered.
   *
   * @throws LedgerError notFound/GRANT_REQUEST_NOT_ANSWERED
   */
  evidence(
    id: string,
    of: 'request' | 'answer',
    wait?: { readonly anchored: AbortSignal },
  ): Promise<Uint8Array>
}

/** What somebody sends to ask a holder. */
export const AskedGrant = z
  .strictObject({
    ...requestedGrant,
    uses: requestedGrant.uses.default(0),
    depth: requestedGrant.depth.default(0),
    expires: z.int().min(0).optional().meta({
      description: 'Seconds since 1970, 30 days from now at most; in 7 days unless given',
    }),
  })
  .meta({ id: 'AskedGrant' })
export type AskedGrant = z.infer<typeof AskedGrant>

export interface RequestAsker extends Asker {
  /** Who would receive the grant: the department that acts by the account, or the account itself. */
  readonly grantee: Hex
}

export interface Approval extends Relaying {
  /** What the grantee is to be shown: all that is granted. */
  readonly view: ScopeView
}

export interface ApprovedRequest extends RegisteredGrant {
  /** Statement id of the answer. */
  readonly answer: string
}

export interface RequestRecord {
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  readonly statement: RequestMade
  readonly state: RequestState
  readonly answer?: {
    readonly index: number
    readonly at: string
    readonly statement: RequestApproved | RequestDeclined
  }
}

export type RequestPage = Page<RequestRecord>
