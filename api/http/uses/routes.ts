import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { JsonLimits } from '../../../node/core/json.ts'
import { STATEMENT_LIMITS } from '../../../node/core/json.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { DERIVED_COPY_MEDIA_TYPE } from '../../../node/core/uses/derivedCopy.ts'
import { UseRequest } from '../../../node/core/uses/documents.ts'
import { userOf } from '../../../node/core/uses/request.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import type { PartyDirectory } from '../../../node/parties/directory.ts'
import type { UseDocuments } from '../../../node/uses/useDocuments.ts'
import type { Uses } from '../../../node/uses/uses.ts'
import { readJson } from '../body.ts'
import { whenAnchored } from '../grants/waiting.ts'
import { findHeader } from '../headers.ts'
import { idempotencyOf } from '../idempotency.ts'
import { cursorOf } from '../pages.ts'
import { callerOf, callingDepartment, isHolder } from '../registered/access.ts'
import { indexCursor } from '../registered/schema.ts'
import { send, sendJson, sendStream } from '../respond.ts'
import type { Route } from '../route.ts'
import { anchoredSignal } from '../wait.ts'
import { findOwnPage, getOwn } from './access.ts'
import * as documentation from './documentation.ts'
import type { LiveUses } from './live.ts'
import { presentPreview, presentUse } from './present.ts'
import { LiveQuery, UsePreviewRequest } from './schema.ts'
import type { UsePage } from './schema.ts'

export interface UseParts {
  readonly uses: Uses
  readonly documents: UseDocuments
  readonly mirror: Mirror
  readonly directory: PartyDirectory
  readonly live: LiveUses
  /** Milliseconds that an answer waits for an anchor unless the request says. */
  readonly wait: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** 256 items laid open, with names of fields as long as they usually are. */
const LIMITS: JsonLimits = { ...STATEMENT_LIMITS, bytes: 1024 * 1024 }

/** Seconds that a request is good for unless its department says. */
const USUAL_TIME = 600

const PRIVATE = { 'Cache-Control': 'private, no-cache' }

export function useRoutes(parts: UseParts): Route[] {
  return [...askingRoutes(parts), ...listRoutes(parts), ...readingRoutes(parts)]
}

function askingRoutes(parts: UseParts): Route[] {
  const { uses } = parts
  return [
    {
      method: 'POST',
      path: '/v1/uses',
      action: 'requestUse',
      documentation: documentation.request,
      async handle(ctx) {
        const request = await readJson(ctx, UseRequest, 'USE_MALFORMED', LIMITS)
        // A signed request that fell into other hands is good for nothing there.
        if (userOf(request) !== callingDepartment(ctx))
          throw new LedgerError('forbidden', 'USE_NOT_YOURS')
        const idempotency = idempotencyOf(ctx, callerOf(ctx).name, 'use', request)
        const asking = { ...(idempotency && { idempotency }) }
        const { id, created, evidence } = await uses.request(request, asking)
        const headers = { Location: `/v1/uses/${id}` }
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, headers)
      },
    },
    {
      method: 'POST',
      path: '/v1/uses/preview',
      action: 'requestUse',
      documentation: documentation.preview,
      async handle(ctx) {
        const draft = await readJson(ctx, UsePreviewRequest, 'PREVIEW_MALFORMED', LIMITS)
        const { notAfter = Math.floor(parts.now() / 1000) + USUAL_TIME } = draft
        const user = callingDepartment(ctx)
        sendJson(
          ctx,
          200,
          presentPreview(await uses.preview({ ...draft, user, notAfter })),
          PRIVATE,
        )
      },
    },
  ]
}

function listRoutes(parts: UseParts): Route[] {
  const { uses, mirror, live } = parts
  return [
    {
      method: 'GET',
      path: '/v1/uses',
      action: 'readUses',
      documentation: documentation.list,
      async handle(ctx) {
        const { items, next } = await findOwnPage(ctx, uses, mirror)
        const answer: UsePage = {
          uses: await Promise.all(items.map((use) => presentUse(use, parts.directory))),
          ...cursorOf(next),
        }
        sendJson(ctx, 200, answer, PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/uses/live',
      action: 'readUses',
      documentation: documentation.live,
      async handle(ctx) {
        const { holder } = parseBy(LiveQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { account } = callerOf(ctx)
        const isAllowed = () => isHolder(account, [holder], mirror)
        if (!isAllowed()) throw new LedgerError('forbidden', 'USE_NOT_YOURS')
        const lastEvent = findHeader(ctx.req, 'last-event-id')
        const after = parseBy(indexCursor, lastEvent, 'EVENT_ID_MALFORMED')
        await live.open(ctx, { holder, after, isAllowed })
      },
    },
  ]
}

function readingRoutes(parts: UseParts): Route[] {
  const { uses, documents, mirror } = parts
  return [
    {
      method: 'GET',
      path: '/v1/uses/{id}',
      action: 'readUses',
      documentation: documentation.get,
      async handle(ctx) {
        sendJson(
          ctx,
          200,
          await presentUse(await getOwn(ctx, uses, mirror), parts.directory),
          PRIVATE,
        )
      },
    },
    {
      method: 'GET',
      path: '/v1/uses/{id}/copy',
      action: 'readUses',
      documentation: documentation.copy,
      async handle(ctx) {
        const { id } = await getOwn(ctx, uses, mirror)
        const headers = {
          'Content-Type': DERIVED_COPY_MEDIA_TYPE,
          'Cache-Control': 'private, no-store',
        }
        await sendStream(ctx, 200, headers, await uses.openCopy(id))
      },
    },
    {
      method: 'GET',
      path: '/v1/uses/{id}/document',
      action: 'readUses',
      documentation: documentation.document,
      async handle(ctx) {
        const { id, statement } = await getOwn(ctx, uses, mirror)
        // The mark says whom it is for. A holder has the original.
        if (statement.user !== callerOf(ctx).department)
          throw new LedgerError('forbidden', 'USE_NOT_YOURS')
        const anchored = anchoredSignal(ctx, parts.wait)
        const { mediaType, fileName, body } = await whenAnchored(
          `/v1/uses/${id}/evidence`,
          documents.open(id, anchored && { anchored }),
        )
        const headers = {
          'Content-Type': mediaType,
          'Cache-Control': 'private, no-store',
          // What lies in it is a stranger's: it is saved, never shown in the name of this origin.
          'Content-Disposition': `attachment; filename="${fileName}"`,
          'Content-Security-Policy': "default-src 'none'; sandbox",
        }
        await sendStream(ctx, 200, headers, body)
      },
    },
    {
      method: 'GET',
      path: '/v1/uses/{id}/evidence',
      action: 'readUses',
      documentation: documentation.evidenceOf,
      async handle(ctx) {
        const { id } = await getOwn(ctx, uses, mirror)
        const anchored = anchoredSignal(ctx, parts.wait)
        const evidence = await whenAnchored(
          `/v1/uses/${id}/evidence`,
          uses.evidence(id, anchored && { anchored }),
        )
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence, PRIVATE)
      },
    },
  ]
}
