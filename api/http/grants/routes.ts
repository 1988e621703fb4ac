import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { STATEMENT_LIMITS } from '../../../node/core/json.ts'
import type { JsonLimits } from '../../../node/core/json.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { mayReadView } from '../../../node/grants/access.ts'
import type { GrantPage as FoundPage, Relaying } from '../../../node/grants/grants.ts'
import { readJson } from '../body.ts'
import { send, sendJson } from '../respond.ts'
import { principalOf } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { anchoredSignal } from '../wait.ts'
import {
  grantOf,
  readerOf,
  requireGrantee,
  requireHolder,
  requireOwn,
  requireOwnGrant,
} from './access.ts'
import type { AccessParts } from './access.ts'
import * as documentation from './documentation.ts'
import { presentDetail, presentPreview, presentSummary, sendRecorded } from './present.ts'
import {
  ActRequest,
  EpochPreviewRequest,
  GrantPreviewRequest,
  GrantQuery,
  GrantRegistration,
  RevocationPreviewRequest,
} from './schema.ts'
import type {
  EpochPreview,
  GrantPage,
  GrantPreview,
  GrantTree,
  RevocationPreview,
} from './schema.ts'
import { minedSignal, whenAnchored } from './waiting.ts'

export interface GrantRouteParts extends AccessParts {
  /** Milliseconds that an answer waits for the chain unless the request says. */
  readonly wait: number
}

/** 256 items and purposes laid open, with names of fields as long as they usually are. */
const VIEW_LIMITS: JsonLimits = { ...STATEMENT_LIMITS, bytes: 1024 * 1024 }

/** Terms and openings are for those they are shown to. */
const PRIVATE = { 'Cache-Control': 'private, no-cache' }

export function grantRoutes(parts: GrantRouteParts): Route[] {
  return [...readingRoutes(parts), ...grantingRoutes(parts), ...endingRoutes(parts)]
}

function grantingRoutes(parts: GrantRouteParts): Route[] {
  const { grants } = parts
  return [
    {
      method: 'POST',
      path: '/v1/grants/preview',
      action: 'readGrants',
      documentation: documentation.preview,
      async handle(ctx) {
        const { grant, above, view, scopeDocument } = await readJson(
          ctx,
          GrantPreviewRequest,
          'PREVIEW_MALFORMED',
          VIEW_LIMITS,
        )
        const reader = readerOf(ctx, parts)
        const isRoot = above.length === 0
        const found = await grants.preview({
          draft: isRoot ? { ...grant, grantor: grant.grantor ?? reader.account } : grant,
          above,
          lists: view ? { view } : scopeDocument && { document: scopeDocument },
          reader,
        })
        const { typedData } = found
        const answer = {
          id: found.id,
          ...presentPreview(found),
          chain: [...found.chain],
          ...(found.view && { view: found.view }),
        }
        sendJson(ctx, 200, { ...answer, typedData } satisfies Loose<GrantPreview>, PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/grants',
      action: 'relayAct',
      documentation: documentation.register,
      async handle(ctx) {
        const request = await readJson(ctx, GrantRegistration, 'ACT_MALFORMED', VIEW_LIMITS)
        const { act, view } = request
        const registered = await grants.register(act, { ...relaying(ctx, parts), view })
        const { grant, shown } = registered
        const Location = `/v1/grants/${grant}`
        sendRecorded(ctx, registered, { grant, ...(shown && { shown }) }, { Location })
      },
    },
  ]
}

function readingRoutes(parts: GrantRouteParts): Route[] {
  const { grants } = parts
  return [
    {
      method: 'GET',
      path: '/v1/grants',
      action: 'readGrants',
      documentation: documentation.list,
      handle: async (ctx) => sendPage(ctx, await findPage(ctx, parts)),
    },
    {
      method: 'GET',
      path: '/v1/grants/{id}',
      action: 'readGrants',
      documentation: documentation.get,
      async handle(ctx) {
        const record = await grants.get(await requireOwn(ctx, parts))
        sendJson(ctx, 200, presentDetail(record), PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/grants/{id}/tree',
      action: 'readGrants',
      documentation: documentation.tree,
      async handle(ctx) {
        const { items, unread } = await grants.tree(await requireOwn(ctx, parts))
        const answer: GrantTree = { grants: items.map(presentSummary), unread: [...unread] }
        sendJson(ctx, 200, answer, PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/grants/{id}/view',
      action: 'readGrants',
      documentation: documentation.view,
      async handle(ctx) {
        const view = await grants.viewOf(await requireOwn(ctx, parts, mayReadView))
        sendJson(ctx, 200, view, PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/grants/{id}/evidence',
      action: 'readGrants',
      documentation: documentation.evidence,
      async handle(ctx) {
        const id = await requireOwn(ctx, parts)
        const anchored = anchoredSignal(ctx, parts.wait)
        const evidence = await whenAnchored(
          `/v1/grants/${id}/evidence`,
          grants.evidence(id, anchored && { anchored }),
        )
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence, PRIVATE)
      },
    },
  ]
}

function endingRoutes(parts: GrantRouteParts): Route[] {
  const { grants } = parts
  return [
    {
      method: 'POST',
      path: '/v1/grants/{id}/revoke/preview',
      action: 'readGrants',
      documentation: documentation.previewRevocation,
      async handle(ctx) {
        const { revoker } = await readJson(ctx, RevocationPreviewRequest, 'PREVIEW_MALFORMED')
        const id = await requireOwn(ctx, parts)
        const found = await grants.describeRevocation(id, { reader: readerOf(ctx, parts), revoker })
        const { typedData, chain } = found
        const answer = { ...presentPreview(found), chain: [...chain], typedData }
        sendJson(ctx, 200, answer satisfies Loose<RevocationPreview>, PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/grants/{id}/revoke',
      action: 'relayAct',
      documentation: documentation.revoke,
      async handle(ctx) {
        const { act } = await readJson(ctx, ActRequest, 'ACT_MALFORMED')
        sendRecorded(ctx, await grants.revoke(grantOf(ctx), act, relaying(ctx, parts)))
      },
    },
    {
      method: 'POST',
      path: '/v1/grants/epoch/preview',
      action: 'readGrants',
      documentation: documentation.previewEpoch,
      async handle(ctx) {
        const { account } = await readJson(ctx, EpochPreviewRequest, 'PREVIEW_MALFORMED')
        const found = await grants.describeEpochBump(account ?? callerOf(ctx, parts))
        const answer = { ...presentPreview(found), typedData: found.typedData }
        sendJson(ctx, 200, answer satisfies Loose<EpochPreview>, PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/grants/epoch',
      action: 'relayAct',
      documentation: documentation.bumpEpoch,
      async handle(ctx) {
        const { act } = await readJson(ctx, ActRequest, 'ACT_MALFORMED')
        sendRecorded(ctx, await grants.bumpEpoch(act, relaying(ctx, parts)))
      },
    },
  ]
}

/** What is composed of an act has its type in the value, where the schema has it in the type. */
type Loose<Answer> = Omit<Answer, 'typedData'> & { typedData: object }

async function findPage(ctx: Context, parts: GrantRouteParts): Promise<FoundPage> {
  const { grants } = parts
  const query = parseBy(GrantQuery, { ...ctx.query }, 'QUERY_MALFORMED')
  const { holder, grantee, parent, ...page } = query
  if (holder !== undefined) {
    requireHolder(ctx, holder, parts)
    return grants.ofHolder(holder, page)
  }
  if (grantee !== undefined) {
    requireGrantee(ctx, grantee, parts)
    return grants.to(grantee, page)
  }
  if (parent === undefined) throw new TypeError('the query names what is asked for')
  await requireOwnGrant(ctx, parent, parts)
  return grants.below(parent, page)
}

function sendPage(ctx: Context, { items, next }: FoundPage): void {
  const answer: GrantPage = { grants: items.map(presentSummary), ...(next && { next }) }
  sendJson(ctx, 200, answer, PRIVATE)
}

function relaying(ctx: Context, { wait }: GrantRouteParts): Relaying {
  const signal = minedSignal(ctx, wait)
  return { by: principalOf(ctx).name, ...(signal && { wait: signal }) }
}

/** The department that acts by the account, or the account itself. */
function callerOf(ctx: Context, parts: GrantRouteParts) {
  const principal = principalOf(ctx)
  return principal.account === undefined
    ? readerOf(ctx, parts).account
    : (principal.department ?? principal.account)
}
