import { isHandler, partiesOf } from '../../../node/cases/access.ts'
import { CaseOpening, CaseStaging } from '../../../node/cases/cases.ts'
import type { CasePage as FoundPage } from '../../../node/cases/cases.ts'
import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { CaseResolving, ResolutionRequest } from '../../../node/resolution/resolutions.ts'
import type { Resolutions } from '../../../node/resolution/resolutions.ts'
import { ReuseRequest } from '../../../node/reuse/reuse.ts'
import type { Reuse } from '../../../node/reuse/reuse.ts'
import type { JsonLimits } from '../../../node/core/json.ts'
import { STATEMENT_LIMITS } from '../../../node/core/json.ts'
import { readJson } from '../body.ts'
import { whenAnchored } from '../grants/waiting.ts'
import { idempotencyOf } from '../idempotency.ts'
import { cursorOf, pageOf } from '../pages.ts'
import { callerOf, callingDepartment } from '../registered/access.ts'
import { send, sendJson } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { anchoredSignal } from '../wait.ts'
import { askerOf, getReadable, requireHandler } from './access.ts'
import type { CaseAccessParts } from './access.ts'
import * as documentation from './documentation.ts'
import { presentCase, presentReused } from './present.ts'
import { CaseEvidenceQuery, CaseQuery } from './schema.ts'
import type { CasePage, ReusedMaterials as ReusedPage } from './schema.ts'

export interface CaseRouteParts extends CaseAccessParts {
  readonly resolutions: Resolutions
  readonly reuse: Reuse
  /** Milliseconds that an answer waits for an anchor unless the request says. */
  readonly wait: number
}

/** Some dozens of uses, with items laid open. */
const REUSE_LIMITS: JsonLimits = { ...STATEMENT_LIMITS, bytes: 4 * 1024 * 1024 }
/** Who applies for what is for those it concerns. */
const PRIVATE = { 'Cache-Control': 'private, no-cache' }

export function caseRoutes(parts: CaseRouteParts): Route[] {
  return [...handlingRoutes(parts), ...readingRoutes(parts), ...resolvingRoutes(parts)]
}

function handlingRoutes(parts: CaseRouteParts): Route[] {
  const { cases } = parts
  return [
    {
      method: 'POST',
      path: '/v1/cases',
      action: 'handleCase',
      documentation: documentation.open,
      async handle(ctx) {
        const opening = await readJson(ctx, CaseOpening, 'CASE_MALFORMED')
        const { created, evidence } = await cases.open(opening, callingDepartment(ctx))
        const headers = { ...PRIVATE, Location: `/v1/cases/${opening.case}` }
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, headers)
      },
    },
    {
      method: 'POST',
      path: '/v1/cases/{code}/stages',
      action: 'handleCase',
      documentation: documentation.stage,
      async handle(ctx) {
        const department = await requireHandler(ctx, parts)
        const staging = await readJson(ctx, CaseStaging, 'CASE_STAGE_MALFORMED')
        const code = parameter(ctx, 'code')
        const { created, evidence } = await cases.stage(code, staging, department)
        const Location = `/v1/cases/${code}/evidence?stage=${staging.stage}`
        const status = created ? 201 : 200
        send(ctx, status, EVIDENCE_MEDIA_TYPE, evidence, { ...PRIVATE, Location })
      },
    },
  ]
}

function readingRoutes(parts: CaseRouteParts): Route[] {
  const { cases } = parts
  return [
    {
      method: 'GET',
      path: '/v1/cases',
      action: 'readCase',
      documentation: documentation.list,
      async handle(ctx) {
        const { items, next } = await findPage(ctx, parts)
        const answer: CasePage = {
          cases: items.map(presentCase),
          ...cursorOf(next),
        }
        sendJson(ctx, 200, answer, PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/cases/{code}',
      action: 'readCase',
      documentation: documentation.get,
      async handle(ctx) {
        sendJson(ctx, 200, presentCase(await getReadable(ctx, parts)), PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/cases/{code}/evidence',
      action: 'readCase',
      documentation: documentation.evidenceOf,
      async handle(ctx) {
        const { stage } = parseBy(CaseEvidenceQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        await getReadable(ctx, parts)
        const code = parameter(ctx, 'code')
        const anchored = anchoredSignal(ctx, parts.wait)
        const evidence = await whenAnchored(
          `/v1/cases/${code}/evidence${stage === undefined ? '' : `?stage=${stage}`}`,
          cases.evidence(code, stage, anchored && { anchored }),
        )
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence, PRIVATE)
      },
    },
  ]
}

function resolvingRoutes(parts: CaseRouteParts): Route[] {
  const { resolutions } = parts
  return [
    {
      method: 'POST',
      path: '/v1/cases/{code}/resolve',
      action: 'resolveMaterials',
      documentation: documentation.resolveCase,
      async handle(ctx) {
        const code = parameter(ctx, 'code')
        const { statement } = await parts.cases.get(code)
        const asker = askerOf(ctx, parts)
        const { department: own } = asker
        const handles = own !== undefined && isHandler(statement, own)
        if (!handles && asker.isOneOf(partiesOf(statement))) {
          const asked = await readJson(ctx, CaseResolving, 'RESOLUTION_MALFORMED')
          // What is applied for is what the case says, and whoever handles it.
          if (Object.keys(asked).length > 0) throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
          return sendJson(ctx, 200, await resolutions.ofParty(code, asker), PRIVATE)
        }
        const department = await requireHandler(ctx, parts)
        const asked = await readJson(ctx, CaseResolving, 'RESOLUTION_MALFORMED')
        sendJson(ctx, 200, await resolutions.ofCase(code, department, asked), PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/cases/{code}/reuse',
      action: 'handleCase',
      documentation: documentation.reuse,
      async handle(ctx) {
        const department = await requireHandler(ctx, parts)
        const request = await readJson(ctx, ReuseRequest, 'REUSE_MALFORMED', REUSE_LIMITS)
        const code = parameter(ctx, 'code')
        const asked = { case: code, ...request }
        const idempotency = idempotencyOf(ctx, callerOf(ctx).name, 'reuse', asked)
        const reused = await parts.reuse.reuse(code, department, request, idempotency)
        sendJson(ctx, 200, { materials: reused.map(presentReused) } satisfies ReusedPage, PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/resolutions',
      action: 'resolveMaterials',
      documentation: documentation.dryRun,
      async handle(ctx) {
        const request = await readJson(ctx, ResolutionRequest, 'RESOLUTION_MALFORMED')
        const asker = askerOf(ctx, parts)
        const { applicant, agents = [] } = request
        if (asker.department === undefined && !asker.isOneOf([applicant, ...agents]))
          throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
        sendJson(ctx, 200, await resolutions.dryRun(request, asker), PRIVATE)
      },
    },
  ]
}

function findPage(ctx: Context, parts: CaseRouteParts): Promise<FoundPage> {
  const query = parseBy(CaseQuery, { ...ctx.query }, 'QUERY_MALFORMED')
  const { holder, department } = query
  const asker = askerOf(ctx, parts)
  const page = pageOf(query)
  if (department !== undefined) {
    if (department !== asker.department) throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
    return parts.cases.ofDepartment(department, page)
  }
  if (holder === undefined || !asker.isOneOf([holder]))
    throw new LedgerError('forbidden', 'CASE_NOT_YOURS')
  return parts.cases.ofHolder(holder, page)
}
