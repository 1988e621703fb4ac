import type { RegistryChain } from '../../../node/chain/registries.ts'
import { typedDataOf } from '../../../node/core/acts/typedData.ts'
import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { describeUndertaking } from '../../../node/core/undertakings/sentences.ts'
import { SignedUndertaking, UndertakingCheck } from '../../../node/undertakings/undertakings.ts'
import type { UndertakingPage as FoundPage } from '../../../node/undertakings/undertakings.ts'
import { readJson } from '../body.ts'
import { askerOf } from '../cases/access.ts'
import { whenAnchored } from '../grants/waiting.ts'
import { cursorOf, pageOf } from '../pages.ts'
import { callingDepartment } from '../registered/access.ts'
import { send, sendJson } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { anchoredSignal } from '../wait.ts'
import { getConcerned, mayRead, notYours, undertakenBy } from './access.ts'
import type { UndertakingAccessParts } from './access.ts'
import * as documentation from './documentation.ts'
import { presentUndertaking } from './present.ts'
import { UndertakingDraft, UndertakingEvidenceQuery, UndertakingQuery } from './schema.ts'
import type { UndertakingPage, UndertakingPreview } from './schema.ts'

export interface UndertakingRouteParts extends UndertakingAccessParts {
  readonly chain: Pick<RegistryChain, 'registries'>
  /** Milliseconds that an answer waits for an anchor unless the request says. */
  readonly wait: number
}

/** Who gives whose word is for those it concerns. */
const PRIVATE = { 'Cache-Control': 'private, no-cache' }

export function undertakingRoutes(parts: UndertakingRouteParts): Route[] {
  return [...givingRoutes(parts), ...readingRoutes(parts), ...checkingRoutes(parts)]
}

function givingRoutes(parts: UndertakingRouteParts): Route[] {
  const { undertakings, chain } = parts
  return [
    {
      method: 'POST',
      path: '/v1/undertakings/preview',
      action: 'relayAct',
      documentation: documentation.preview,
      async handle(ctx) {
        const draft = await readJson(ctx, UndertakingDraft, 'UNDERTAKING_MALFORMED')
        const undertaken = await undertakenBy(ctx, draft, parts)
        const message = await undertakings.draft(draft.case, undertaken)
        const { registries } = chain
        const { types, ...typedData } = typedDataOf({ type: 'Undertaking', message }, registries)
        const answer: UndertakingPreview = {
          typedData: { ...typedData, types: copied(types) },
          sentence: describeUndertaking(message, registries),
        }
        sendJson(ctx, 200, answer, PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/undertakings',
      action: 'relayAct',
      documentation: documentation.give,
      async handle(ctx) {
        const signed = await readJson(ctx, SignedUndertaking, 'UNDERTAKING_MALFORMED')
        const { id, created, evidence } = await undertakings.give(signed)
        const headers = { ...PRIVATE, Location: `/v1/undertakings/${id}` }
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, headers)
      },
    },
  ]
}

function readingRoutes(parts: UndertakingRouteParts): Route[] {
  const { undertakings } = parts
  return [
    {
      method: 'GET',
      path: '/v1/undertakings',
      action: 'readCase',
      documentation: documentation.list,
      async handle(ctx) {
        const { items, next } = await findPage(ctx, parts)
        const answer: UndertakingPage = {
          undertakings: items.map(presentUndertaking),
          ...cursorOf(next),
        }
        sendJson(ctx, 200, answer, PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/undertakings/{id}',
      action: 'readCase',
      documentation: documentation.get,
      async handle(ctx) {
        sendJson(ctx, 200, presentUndertaking(await getConcerned(ctx, parts)), PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/undertakings/{id}/evidence',
      action: 'readCase',
      documentation: documentation.evidenceOf,
      async handle(ctx) {
        const { of } = parseBy(UndertakingEvidenceQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { id } = (await getConcerned(ctx, parts)).statement
        const anchored = anchoredSignal(ctx, parts.wait)
        const evidence = await whenAnchored(
          `/v1/undertakings/${id}/evidence?of=${of}`,
          undertakings.evidence(id, of, anchored && { anchored }),
        )
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence, PRIVATE)
      },
    },
  ]
}

function checkingRoutes(parts: UndertakingRouteParts): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/undertakings/{id}/checks',
      action: 'handleCase',
      documentation: documentation.check,
      async handle(ctx) {
        const check = await readJson(ctx, UndertakingCheck, 'UNDERTAKING_CHECK_MALFORMED')
        const [id, by] = [parameter(ctx, 'id'), callingDepartment(ctx)]
        const { created, evidence } = await parts.undertakings.check(id, check, by)
        const Location = `/v1/undertakings/${id}/evidence?of=checked`
        const headers = { ...PRIVATE, Location }
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, headers)
      },
    },
  ]
}

async function findPage(ctx: Context, parts: UndertakingRouteParts): Promise<FoundPage> {
  const query = parseBy(UndertakingQuery, { ...ctx.query }, 'QUERY_MALFORMED')
  const { case: code, holder, department } = query
  const page = pageOf(query)
  const { undertakings } = parts
  if (code !== undefined) {
    if (!(await mayRead(ctx, code, parts))) throw notYours()
    return { items: await undertakings.ofCase(code) }
  }
  const asker = askerOf(ctx, parts)
  if (department !== undefined && department === asker.department)
    return undertakings.ofDepartment(department, page)
  if (holder !== undefined && asker.isOneOf([holder])) return undertakings.ofHolder(holder, page)
  throw notYours()
}

function copied(
  types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>,
) {
  return Object.fromEntries(
    Object.entries(types).map(([name, fields]) => [name, fields.map((field) => ({ ...field }))]),
  )
}
