import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { JsonLimits } from '../../../node/core/json.ts'
import { STATEMENT_LIMITS } from '../../../node/core/json.ts'
import { userOf } from '../../../node/core/uses/request.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import { CheckRequest } from '../../../node/checks/checks.ts'
import type { CheckRecord, Checks } from '../../../node/checks/checks.ts'
import { readJson } from '../body.ts'
import { whenAnchored } from '../grants/waiting.ts'
import { cursorOf } from '../pages.ts'
import { callingDepartment } from '../registered/access.ts'
import { send, sendJson } from '../respond.ts'
import type { Route } from '../route.ts'
import { anchoredSignal } from '../wait.ts'
import { findOwnPage, getOwn } from '../uses/access.ts'
import * as documentation from './documentation.ts'
import type { Check, CheckPage } from './schema.ts'

export interface CheckRouteParts {
  readonly checks: Checks
  readonly mirror: Pick<Mirror, 'holders'>
  /** Milliseconds that an answer waits for an anchor unless the request says. */
  readonly wait: number
}

/** As of uses: items laid open, with names of fields as long as they usually are. */
const LIMITS: JsonLimits = { ...STATEMENT_LIMITS, bytes: 56 * 1024 }
const PRIVATE = { 'Cache-Control': 'private, no-cache' }

export function checkRoutes(parts: CheckRouteParts): Route[] {
  const { checks, mirror } = parts
  return [
    {
      method: 'POST',
      path: '/v1/checks',
      action: 'requestUse',
      documentation: documentation.ask,
      async handle(ctx) {
        const request = await readJson(ctx, CheckRequest, 'CHECK_MALFORMED', LIMITS)
        // A signed request that fell into other hands is good for nothing there.
        if (userOf(request) !== callingDepartment(ctx))
          throw new LedgerError('forbidden', 'USE_NOT_YOURS')
        const { id } = await checks.ask(request)
        const headers = { ...PRIVATE, Location: `/v1/checks/${id}` }
        sendJson(ctx, 201, presentCheck(await checks.get(id)), headers)
      },
    },
    {
      method: 'GET',
      path: '/v1/checks',
      action: 'readUses',
      documentation: documentation.list,
      async handle(ctx) {
        const { items, next } = await findOwnPage(ctx, checks, mirror)
        const answer: CheckPage = {
          checks: items.map(presentCheck),
          ...cursorOf(next),
        }
        sendJson(ctx, 200, answer, PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/checks/{id}',
      action: 'readUses',
      documentation: documentation.get,
      async handle(ctx) {
        sendJson(ctx, 200, presentCheck(await getOwn(ctx, checks, mirror)), PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/checks/{id}/evidence',
      action: 'readUses',
      documentation: documentation.evidenceOf,
      async handle(ctx) {
        const { id } = await getOwn(ctx, checks, mirror)
        const anchored = anchoredSignal(ctx, parts.wait)
        const evidence = await whenAnchored(
          `/v1/checks/${id}/evidence`,
          checks.evidence(id, anchored && { anchored }),
        )
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence, PRIVATE)
      },
    },
  ]
}

function presentCheck({ id, index, at, statement }: CheckRecord): Check {
  const { subject, holders, user, questions, answers } = statement
  const { salt: _, ...context } = statement.context
  const { kind, type } = subject
  return {
    id,
    index,
    at,
    subject: { kind, id: subject.id, type },
    holders,
    user,
    context,
    questions,
    answers,
  }
}
