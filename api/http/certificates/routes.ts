import type { CertificateRecord, Certificates } from '../../../node/certificates/certificates.ts'
import { judgePresentation } from '../../../node/certificates/presentations.ts'
import { CREDENTIAL_MEDIA_TYPE } from '../../../node/core/certificates/credential.ts'
import { certificateTypeWord } from '../../../node/core/acts/certificateType.ts'
import { EVIDENCE_MEDIA_TYPE } from '../../../node/core/evidence.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { JsonLimits } from '../../../node/core/json.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { parseMoment } from '../../../node/core/verify/moment.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import { readJson } from '../body.ts'
import { sendRecorded } from '../grants/present.ts'
import { whenAnchored } from '../grants/waiting.ts'
import { cursorOf, pageOf } from '../pages.ts'
import { callerOf, isHolder } from '../registered/access.ts'
import { previewAct, requireActOf, submitAct } from '../registered/acts.ts'
import type { ActParts } from '../registered/acts.ts'
import { ActWithNote } from '../registered/schema.ts'
import { send, sendJson } from '../respond.ts'
import { parameter } from '../route.ts'
import type { Context, Route } from '../route.ts'
import { anchoredSignal } from '../wait.ts'
import * as documentation from './documentation.ts'
import { presentCertificate, presentFindings, presentStatus, presentSummary } from './present.ts'
import {
  CertificateQuery,
  CertificateRequest,
  DisclosureQuery,
  PresentationRequest,
  StatusPreviewRequest,
  StatusQuery,
} from './schema.ts'
import type { CertificatePage } from './schema.ts'

export interface CertificateParts extends ActParts {
  readonly certificates: Certificates
  readonly mirror: Mirror
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A face with pictures of text fits; JSON escapes nothing of it. */
const CREDENTIAL_LIMITS: JsonLimits = { bytes: 640 * 1024, depth: 4 }

const PRIVATE = { 'Cache-Control': 'private, no-cache' }

export function certificateRoutes(parts: CertificateParts): Route[] {
  return [
    ...issuingRoutes(parts),
    ...readingRoutes(parts),
    ...statusRoutes(parts),
    presentationRoute(parts),
  ]
}

function issuingRoutes({ certificates }: CertificateParts): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/certificates',
      action: 'issueCertificate',
      documentation: documentation.issue,
      async handle(ctx) {
        const { credential } = await readJson(
          ctx,
          CertificateRequest,
          'CREDENTIAL_MALFORMED',
          CREDENTIAL_LIMITS,
        )
        const { id, created, evidence } = await certificates.issue(credential)
        const headers = { Location: `/v1/certificates/${id}` }
        send(ctx, created ? 201 : 200, EVIDENCE_MEDIA_TYPE, evidence, headers)
      },
    },
  ]
}

function readingRoutes(parts: CertificateParts): Route[] {
  const { certificates } = parts
  return [
    {
      method: 'GET',
      path: '/v1/certificates',
      action: 'readCertificate',
      documentation: documentation.list,
      async handle(ctx) {
        sendJson(ctx, 200, await findPage(ctx, parts), PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/certificates/{id}',
      action: 'readCertificate',
      documentation: documentation.get,
      async handle(ctx) {
        const record = await getOwn(ctx, parts)
        const [status, lineage] = await Promise.all([
          certificates.statusOf(record.id),
          certificates.lineage(record.id),
        ])
        sendJson(ctx, 200, presentCertificate(record, status, lineage), PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/certificates/{id}/evidence',
      action: 'readCertificate',
      documentation: documentation.evidenceOf,
      async handle(ctx) {
        const { id } = await getOwn(ctx, parts)
        const anchored = anchoredSignal(ctx, parts.wait)
        const evidence = await whenAnchored(
          `/v1/certificates/${id}/evidence`,
          certificates.evidence(id, anchored && { anchored }),
        )
        send(ctx, 200, EVIDENCE_MEDIA_TYPE, evidence, PRIVATE)
      },
    },
    {
      method: 'GET',
      path: '/v1/certificates/{id}/credential',
      action: 'readCertificate',
      documentation: documentation.disclose,
      async handle(ctx) {
        const { fields } = parseBy(DisclosureQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { id, statement } = await certificates.get(parameter(ctx, 'id'))
        // What stands on it is for its holders to show.
        if (!isHolder(callerOf(ctx).account, statement.holders, parts.mirror))
          throw new LedgerError('forbidden', 'CERTIFICATE_NOT_YOURS')
        const credential = await certificates.disclose(id, fields)
        send(ctx, 200, CREDENTIAL_MEDIA_TYPE, credential, { 'Cache-Control': 'private, no-store' })
      },
    },
  ]
}

function statusRoutes(parts: CertificateParts): Route[] {
  const { certificates, mirror } = parts
  return [
    {
      method: 'GET',
      path: '/v1/certificates/{id}/status',
      action: 'readCertificate',
      documentation: documentation.status,
      async handle(ctx) {
        const { at } = parseBy(StatusQuery, { ...ctx.query }, 'QUERY_MALFORMED')
        const { id } = await getOwn(ctx, parts)
        const status =
          at === undefined
            ? await certificates.statusOf(id)
            : await certificates.statusAt(id, parseMoment(at))
        sendJson(ctx, 200, presentStatus(status), PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/certificates/{id}/status/preview',
      action: 'readCertificate',
      documentation: documentation.previewStatus,
      async handle(ctx) {
        const { status, text } = await readJson(ctx, StatusPreviewRequest, 'PREVIEW_MALFORMED')
        const { id, statement } = await getOwn(ctx, parts)
        const act = await certificates.describeStatusChange(id, status, text)
        const signers = [mirror.departments.accountOf(statement.issuer)]
        sendJson(ctx, 200, await previewAct(act, signers, [statement.issuer], parts), PRIVATE)
      },
    },
    {
      method: 'POST',
      path: '/v1/certificates/{id}/status',
      action: 'relayAct',
      documentation: documentation.changeStatus,
      async handle(ctx) {
        const { act: unverified, note } = await readJson(ctx, ActWithNote, 'ACT_MALFORMED')
        const act = requireActOf(unverified, 'StatusChange')
        const record = await certificates.get(parameter(ctx, 'id'))
        requireAbout(act.message, record)
        sendRecorded(ctx, await submitAct(ctx, act, parts, note))
      },
    },
  ]
}

function presentationRoute(parts: CertificateParts): Route {
  const { chainId } = parts.chain.registries
  return {
    method: 'POST',
    path: '/v1/certificates/presentation',
    documentation: documentation.presentation,
    async handle(ctx) {
      const request = await readJson(
        ctx,
        PresentationRequest,
        'PRESENTATION_MALFORMED',
        CREDENTIAL_LIMITS,
      )
      sendJson(ctx, 200, presentFindings(await judgePresentation(request, { ...parts, chainId })), {
        'Cache-Control': 'no-store',
      })
    },
  }
}

/**
 * The status of another certificate, or of one that another department says it issued, is recorded elsewhere.
 *
 * @throws LedgerError invalid/ACT_CERTIFICATE_MISMATCH
 */
function requireAbout(
  message: { readonly issuer: string; readonly certificateType: string; readonly serial: string },
  { serial, statement: { issuer, type } }: CertificateRecord,
): void {
  const isSame =
    message.issuer === issuer &&
    message.certificateType === certificateTypeWord(type) &&
    message.serial === serial
  if (!isSame) throw new LedgerError('invalid', 'ACT_CERTIFICATE_MISMATCH')
}

async function findPage(ctx: Context, parts: CertificateParts): Promise<CertificatePage> {
  const { certificates, mirror } = parts
  const query = parseBy(CertificateQuery, { ...ctx.query }, 'QUERY_MALFORMED')
  const { holder, identifier = '' } = query
  const summarize = async (record: CertificateRecord) =>
    presentSummary(record, await certificates.statusOf(record.id))
  if (holder === undefined) {
    const found = await certificates.findByIdentifier(identifier)
    // Whether there is one at all is for those to know whose it is.
    const own = found !== undefined && isOwn(ctx, found, parts) ? [await summarize(found)] : []
    return { certificates: own }
  }
  if (!isHolder(callerOf(ctx).account, [holder], mirror))
    throw new LedgerError('forbidden', 'CERTIFICATE_NOT_YOURS')
  const page = pageOf(query)
  const { items, next } = await certificates.ofHolder(holder, page)
  return {
    certificates: await Promise.all(items.map(summarize)),
    ...cursorOf(next),
  }
}

/** @throws LedgerError notFound/CERTIFICATE_NOT_FOUND, forbidden/CERTIFICATE_NOT_YOURS */
async function getOwn(ctx: Context, parts: CertificateParts): Promise<CertificateRecord> {
  const record = await parts.certificates.get(parameter(ctx, 'id'))
  if (!isOwn(ctx, record, parts)) throw new LedgerError('forbidden', 'CERTIFICATE_NOT_YOURS')
  return record
}

/** Of the department that issued it, and of each holder. */
function isOwn(ctx: Context, { statement }: CertificateRecord, parts: CertificateParts): boolean {
  const { account, department } = callerOf(ctx)
  return statement.issuer === department || isHolder(account, statement.holders, parts.mirror)
}
