import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { JsonLimits } from '../../../node/core/json.ts'
import { STATEMENT_LIMITS } from '../../../node/core/json.ts'
import { parseBy } from '../../../node/core/schema.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import { AskedGrant } from '../../../node/requests/requests.ts'
import type {
  GrantRequests,
  RequestPage as FoundPage,
  RequestRecord,
} from '../../../node/requests/requests.ts'
import { readJson } from '../body.ts'
import { sendRecorded } from '../grants/present.ts'
import { minedSignal, whenAnchored } from '../grants/waiting.ts'
import { cursorOf, pageOf } from '../pages.ts'
import { callerOf, isHolder } from '../registered/access.ts'
import { send, sendJson } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { anchoredSignal } from '../wait.ts'
import * as documentation from './documentation.ts'
import { presentRequest } from './present.ts'
import {
  GrantRequestQuery,
  RequestApproval,
  RequestEvidenceQuery,
  RequestRefusal,
} from './schema.ts'
import type { GrantRequestPage } from './schema.ts'

export interface RequestRouteParts {
  readonly requests: GrantRequests
  readonly mirror: Pick<Mirror, 'assertFresh' | 'holders'>
  /** Milliseconds that an answer waits for the chain or an anchor unless the request says. */
  readonly wait: number
}

/** As of grants: items and purposes laid open. */
const VIEW_LIMITS: JsonLimits = { ...STATEMENT_LIMITS, bytes: 1024 * 1024 }
/** Who asks whom for what is for the two of them. */
const PRIVATE = { 'Cache-Control': 'private, no-cache' }

export function requestRoutes(parts: RequestRouteParts): Route[] {
  return [...askingRoutes(parts), ...readingRoutes(parts), ...answeringRoutes(parts)]
}

function askingRoutes(parts: RequestRouteParts): Route[] {
  const { requests } = parts
  return [
    {
      method: 'POST',
      path: '/v1/grant-requests',
      action: 'requestGrant',
      documentation: documentation.make,
      async handle(ctx) {
        const asked = await readJson(ctx, AskedGrant, 'GRANT_REQUEST_MALFORMED')
        const { department } = callerOf(ctx)
        const grantee = partyOf(ctx)
        const asker = { grantee, department, isOneOf: holdsFor(ctx, parts) }
        const { id, created, evidence } = await requests.make(asked, asker)
        const headers = { ...PRIVATE, Location: `/v1/grant-requests/${id}` }
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, headers)
      },
    },
  ]
}

function readingRoutes(parts: RequestRouteParts): Route[] {
  const { requests } = parts
  return [
    {
      method: 'GET',
      path: '/v1/grant-requests',
      action: 'readGrants',
      documentation: documentation.list,
      async handle(ctx) {
        const { page, isOwn } = await findPage(ctx, parts)
        const { items, next } = page
        const answer: GrantRequestPage = {
          requests: await Promise.all(items.map((one) => presentRequest(one, requests, isOwn))),
          ...cursorOf(next),
        }
        sendJson(ctx, 200, answer, PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/grant-requests/{id}',
      action: 'readGrants',
      documentation: documentation.get,
      async handle(ctx) {
        const record = await getConcerned(ctx, parts)
        const isOwn = holdsFor(ctx, parts)([record.statement.holder])
        sendJson(ctx, 200, await presentRequest(record, requests, isOwn), PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/grant-requests/{id}/evidence',
      action: 'readGrants',
      documentation: documentation.evidenceOf,
      async handle(ctx) {
        const { of } = parseBy(RequestEvidenceQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { id } = (await getConcerned(ctx, parts)).statement
        const anchored = anchoredSignal(ctx, parts.wait)
        const evidence = await whenAnchored(
          `/v1/grant-requests/${id}/evidence?of=${of}`,
          requests.evidence(id, of, anchored && { anchored }),
        )
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence, PRIVATE)
      },
    },
  ]
}

function answeringRoutes(parts: RequestRouteParts): Route[] {
  const { requests } = parts
  return [
    {
      method: 'POST',
      path: '/v1/grant-requests/{id}/approve',
      action: 'relayAct',
      documentation: documentation.approve,
      async handle(ctx) {
        const { id } = (await getAsked(ctx, parts)).statement
        const { act, view } = await readJson(ctx, RequestApproval, 'ACT_MALFORMED', VIEW_LIMITS)
        const wait = minedSignal(ctx, parts.wait)
        const relaying = { by: callerOf(ctx).name, ...(wait && { wait }) }
        const approved = await requests.approve(id, act, { view, ...relaying })
        const { grant, shown } = approved
        const Location = `/v1/grants/${grant}`
        sendRecorded(ctx, approved, { grant, ...(shown && { shown }) }, { Location })
      },
    },
    {
      method: 'POST',
      path: '/v1/grant-requests/{id}/decline',
      action: 'answerRequest',
      documentation: documentation.decline,
      async handle(ctx) {
        const { id } = (await getAsked(ctx, parts)).statement
        const { reason } = await readJson(ctx, RequestRefusal, 'GRANT_REQUEST_MALFORMED')
        const { created, evidence } = await requests.decline(id, reason, callerOf(ctx).account)
        const headers = { ...PRIVATE, Location: `/v1/grant-requests/${id}/evidence?of=answer` }
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, headers)
      },
    },
  ]
}

/** As whom the caller asks: the department that acts by the account, or the account itself. */
function partyOf(ctx: Context) {
  const { account, department } = callerOf(ctx)
  return department ?? account
}

/** @throws LedgerError unavailable/MIRROR_STALE: an account may have been released since */
function holdsFor(ctx: Context, { mirror }: RequestRouteParts) {
  mirror.assertFresh()
  const { account } = callerOf(ctx)
  return (holders: Parameters<typeof isHolder>[1]) => isHolder(account, holders, mirror)
}

async function findPage(
  ctx: Context,
  parts: RequestRouteParts,
): Promise<{ readonly page: FoundPage; readonly isOwn: boolean }> {
  const query = parseBy(GrantRequestQuery, { ...ctx.query }, 'QUERY_MALFORMED')
  const { holder, grantee } = query
  const page = pageOf(query)
  if (grantee !== undefined) {
    if (grantee !== partyOf(ctx)) throw notYours()
    return { page: await parts.requests.ofGrantee(grantee, page), isOwn: false }
  }
  if (holder === undefined || !holdsFor(ctx, parts)([holder])) throw notYours()
  return { page: await parts.requests.ofHolder(holder, page), isOwn: true }
}

/**
 * Of the two whom it concerns.
 *
 * @throws LedgerError notFound/GRANT_REQUEST_NOT_FOUND, forbidden/GRANT_REQUEST_NOT_YOURS
 */
async function getConcerned(ctx: Context, parts: RequestRouteParts): Promise<RequestRecord> {
  const record = await parts.requests.get(parameter(ctx, 'id'))
  const { grantee, holder } = record.statement
  if (grantee !== partyOf(ctx) && !holdsFor(ctx, parts)([holder])) throw notYours()
  return record
}

/** Of the holder whose answer it is. @throws LedgerError as `getConcerned` */
async function getAsked(ctx: Context, parts: RequestRouteParts): Promise<RequestRecord> {
  const record = await parts.requests.get(parameter(ctx, 'id'))
  if (!holdsFor(ctx, parts)([record.statement.holder])) throw notYours()
  return record
}

function notYours(): LedgerError {
  return new LedgerError('forbidden', 'GRANT_REQUEST_NOT_YOURS')
}
