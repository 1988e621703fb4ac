import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { BenefitPage, Confirming } from '../../../node/benefits/benefits.ts'
import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { StatementId } from '../../../node/core/statement.ts'
import type { PageRequest } from '../../../node/store/pages.ts'
import { readJson } from '../body.ts'
import { CSV_TYPE, csvHead, wantsCsv } from '../csv.ts'
import { whenAnchored } from '../grants/waiting.ts'
import { cursorOf, pageOf } from '../pages.ts'
import { callerOf, callingDepartment, isHolder } from '../registered/access.ts'
import { send, sendJson, sendStream } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { anchoredSignal } from '../wait.ts'
import { getOwn } from './access.ts'
import type { BenefitAccessParts } from './access.ts'
import { answerSubjects } from './batch.ts'
import type { Step } from './batch.ts'
import * as documentation from './documentation.ts'
import { presentRecord, RECORD_COLUMNS, recordRow } from './present.ts'
import {
  BatchQuery,
  BenefitConfirmationRequest,
  BenefitRunRequest,
  HolderQuery,
  RecordsQuery,
} from './schema.ts'
import type { BenefitRecordPage } from './schema.ts'

export interface BenefitRouteParts extends BenefitAccessParts {
  /** Bytes of one batch at most. */
  readonly maxBatch: number
  /** Milliseconds that an answer waits for an anchor unless the request says. */
  readonly wait: number
}

/** Who gets what is for those it concerns. */
const PRIVATE = { 'Cache-Control': 'private, no-cache' }

/** What benefits there are stands in the catalogue. */
export function benefitRoutes(parts: BenefitRouteParts): Route[] {
  return [...runRoutes(parts), ...recordRoutes(parts), ...listRoutes(parts)]
}

function runRoutes(parts: BenefitRouteParts): Route[] {
  const { benefits } = parts
  return [
    {
      method: 'POST',
      path: '/v1/benefits/{code}/checks',
      action: 'runBenefit',
      documentation: documentation.check,
      async handle(ctx) {
        const { subjects, subject } = await beginOne(ctx, parts)
        const { id } = await subjects.check(subject)
        const record = presentRecord(await benefits.get(id), parts.catalogue)
        sendJson(ctx, 201, record, { ...PRIVATE, Location: pathOf(id) })
      },
    },
    {
      method: 'POST',
      path: '/v1/benefits/{code}/grants',
      action: 'runBenefit',
      documentation: documentation.grant,
      async handle(ctx) {
        const { subjects, subject } = await beginOne(ctx, parts)
        const { id, created, evidence } = await subjects.grant(subject)
        const headers = { ...PRIVATE, Location: pathOf(id) }
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, headers)
      },
    },
    batchRoute('/v1/benefits/{code}/checks/batch', 'check', parts),
    batchRoute('/v1/benefits/{code}/grants/batch', 'grant', parts),
    {
      method: 'POST',
      path: '/v1/benefits/{code}/confirmations',
      action: 'confirmBenefit',
      documentation: documentation.confirm,
      async handle(ctx) {
        const confirming = await readConfirming(ctx, parts)
        const { id, created, evidence } = await benefits.confirm(parameter(ctx, 'code'), confirming)
        const headers = { ...PRIVATE, Location: pathOf(id) }
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, headers)
      },
    },
  ]
}

function batchRoute(path: string, step: Step, { benefits, maxBatch }: BenefitRouteParts): Route {
  return {
    method: 'POST',
    path,
    action: 'runBenefit',
    documentation: step === 'check' ? documentation.checkBatch : documentation.grantBatch,
    async handle(ctx) {
      const { format, ...run } = parseBy(BatchQuery, { ...ctx.query }, 'QUERY_MALFORMED')
      const by = callingDepartment(ctx)
      const subjects = benefits.begin({ ...run, benefit: parameter(ctx, 'code'), by })
      const asTable = wantsCsv(ctx, format)
      await answerSubjects(ctx, subjects, step, { asTable, maxBytes: maxBatch })
    },
  }
}

function recordRoutes(parts: BenefitRouteParts): Route[] {
  const { benefits, catalogue, directory, mirror } = parts
  return [
    {
      method: 'GET',
      path: '/v1/benefit-records',
      action: 'readBenefits',
      documentation: documentation.list,
      async handle(ctx) {
        const { holder, ...page } = parseBy(HolderQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const known = isHolder(callerOf(ctx).account, [holder], mirror)
          ? await directory.holderOf(holder)
          : undefined
        if (known === undefined) throw new LedgerError('forbidden', 'BENEFIT_RECORD_NOT_YOURS')
        const { codeType, code } = known
        const found = await benefits.ofSubject({ codeType, code }, pageOf(page))
        sendJson(ctx, 200, presentPage(found, parts), PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/benefit-records/{id}',
      action: 'readBenefits',
      documentation: documentation.get,
      async handle(ctx) {
        sendJson(ctx, 200, presentRecord(await getOwn(ctx, parts), catalogue), PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/benefit-records/{id}/evidence',
      action: 'readBenefits',
      documentation: documentation.evidenceOf,
      async handle(ctx) {
        const { id } = await getOwn(ctx, parts)
        const anchored = anchoredSignal(ctx, parts.wait)
        const evidence = await whenAnchored(
          `${pathOf(id)}/evidence`,
          benefits.evidence(id, anchored && { anchored }),
        )
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence, PRIVATE)
      },
    },
  ]
}

/** What a department said of its own benefits: as pages, or whole as a table. */
function listRoutes(parts: BenefitRouteParts): Route[] {
  const { benefits } = parts
  return [
    {
      method: 'GET',
      path: '/v1/benefits/{code}/grants',
      action: 'runBenefit',
      documentation: documentation.grants,
      async handle(ctx) {
        const [code, by] = [parameter(ctx, 'code'), callingDepartment(ctx)]
        await sendRecords(ctx, (page) => benefits.granted(code, by, page), parts)
      },
    },
    {
      method: 'GET',
      path: '/v1/benefits/{code}/batches/{batch}',
      action: 'runBenefit',
      documentation: documentation.batch,
      async handle(ctx) {
        const [code, by] = [parameter(ctx, 'code'), callingDepartment(ctx)]
        const batch = parseBy(StatementId, parameter(ctx, 'batch'), 'QUERY_MALFORMED')
        await sendRecords(ctx, (page) => benefits.ofBatch(code, batch, by, page), parts)
      },
    },
  ]
}

type ReadPage = (page: PageRequest) => Promise<BenefitPage>

async function sendRecords(
  ctx: Context,
  read: ReadPage,
  parts: Pick<BenefitRouteParts, 'catalogue'>,
): Promise<void> {
  const { format, ...page } = parseBy(RecordsQuery, { ...ctx.query }, 'QUERY_MALFORMED')
  if (!wantsCsv(ctx, format))
    return sendJson(ctx, 200, presentPage(await read(pageOf(page)), parts), PRIVATE)
  // Whoever may not read it is refused before the table begins.
  const first = await read({ limit: TABLE_PAGE })
  const rows = Readable.from(writeRows(first, read, parts), { objectMode: false })
  await sendStream(ctx, 200, { ...PRIVATE, 'Content-Type': CSV_TYPE }, rows)
}

/** Records that are read together for a table. */
const TABLE_PAGE = 256

async function* writeRows(
  first: BenefitPage,
  read: ReadPage,
  { catalogue }: Pick<BenefitRouteParts, 'catalogue'>,
): AsyncGenerator<string, void> {
  yield csvHead(RECORD_COLUMNS)
  let page = first
  for (;;) {
    yield page.items.map((item) => recordRow(presentRecord(item, catalogue))).join('')
    if (page.next === undefined) return
    page = await read({ limit: TABLE_PAGE, before: page.next })
  }
}

async function beginOne(ctx: Context, { benefits }: BenefitRouteParts) {
  const request = await readJson(ctx, BenefitRunRequest, 'BENEFIT_RUN_MALFORMED')
  const { subject, officer, batch = randomUUID(), uploads = [] } = request
  const by = callingDepartment(ctx)
  const run = { benefit: parameter(ctx, 'code'), by, officer, batch, uploads }
  return { subjects: benefits.begin(run), subject }
}

/** @throws LedgerError forbidden/BENEFIT_RECORD_NOT_YOURS, DEPARTMENT_NEEDED */
async function readConfirming(ctx: Context, { mirror }: BenefitRouteParts): Promise<Confirming> {
  const request = await readJson(ctx, BenefitConfirmationRequest, 'BENEFIT_CONFIRMATION_MALFORMED')
  if ('subject' in request) return { way: 'department', by: callingDepartment(ctx), ...request }
  const { account } = callerOf(ctx)
  if (!isHolder(account, [request.holder], mirror))
    throw new LedgerError('forbidden', 'BENEFIT_RECORD_NOT_YOURS')
  return { way: 'account', holder: request.holder, account }
}

function presentPage(
  { items, next }: BenefitPage,
  { catalogue }: Pick<BenefitRouteParts, 'catalogue'>,
): BenefitRecordPage {
  return {
    records: items.map((item) => presentRecord(item, catalogue)),
    ...cursorOf(next),
  }
}

function pathOf(id: string): string {
  return `/v1/benefit-records/${id}`
}
