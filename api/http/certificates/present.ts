import type {
  CertificateRecord,
  CertificateStatus as Standing,
  Lineage,
} from '../../../node/certificates/certificates.ts'
import type { PresentationFindings } from '../../../node/certificates/presentations.ts'
import type { LedgerError } from '../../../node/core/errors.ts'
import { SENTENCES } from '../problems.ts'
import type {
  Certificate,
  CertificateStatus,
  CertificateSummary,
  PresentationVerdict,
} from './schema.ts'

export function presentSummary(record: CertificateRecord, status: Standing): CertificateSummary {
  const { id, index, at, serial, certificateId, statement } = record
  return {
    id,
    index,
    at,
    serial,
    certificate: certificateId,
    statement,
    status: presentStatus(status),
  }
}

export function presentStatus({ code, time, usable, why }: Standing): CertificateStatus {
  const { code: because, by } = why ?? {}
  return { code, time, usable, ...(because && { because }), ...(by !== undefined && { by }) }
}

export function presentCertificate(
  record: CertificateRecord,
  status: Standing,
  { renews, replaces, renewedBy, replacedBy }: Lineage,
): Certificate {
  return {
    ...presentSummary(record, status),
    lineage: {
      ...(renews && { renews: renews.id }),
      ...(replaces && { replaces: replaces.id }),
      renewedBy: renewedBy.map(({ id }) => id),
      replacedBy: replacedBy.map(({ id }) => id),
    },
  }
}

type Check = PresentationVerdict['checks'][number]

const HOLDS = {
  presentation: [
    'PRESENTATION_HOLDS',
    'An account of the holder presents it, to you and just now.',
  ],
  issuer: ['ISSUER_ACCREDITED', 'The department was accredited for this type when it issued it.'],
  status: ['STATUS_VALID', 'The certificate is valid now.'],
} as const

export function presentFindings(findings: PresentationFindings): PresentationVerdict {
  const { presented, record } = findings
  const checks = [
    checkOf('presentation', findings.presentation),
    checkOf('issuer', findings.issuer),
    checkOf('status', findings.status),
  ]
  return {
    result: resultOf(checks),
    checks,
    ...(presented && { shown: shownOf(presented, record) }),
  }
}

function checkOf(check: Check['check'], found: LedgerError | 'not reached' | undefined): Check {
  if (found === undefined) {
    const [code, message] = HOLDS[check]
    return { check, result: 'pass', code, message }
  }
  if (found === 'not reached')
    return { check, result: 'skipped', code: 'NOT_REACHED', message: 'An earlier check failed.' }
  const result = found.kind === 'notFound' ? 'unknown' : 'fail'
  return { check, result, code: found.code, message: SENTENCES[found.code] ?? '' }
}

/** As of every verdict: pass only with no fail and no unknown. */
function resultOf(checks: readonly Check[]): PresentationVerdict['result'] {
  if (checks.some(({ result }) => result === 'fail')) return 'fail'
  return checks.some(({ result }) => result === 'unknown') ? 'unknown' : 'pass'
}

function shownOf(
  { certificate, holderAccount }: NonNullable<PresentationFindings['presented']>,
  record: CertificateRecord | undefined,
): NonNullable<PresentationVerdict['shown']> {
  const { issuer, type, identifier, validFrom, validTo, fields } = certificate
  return {
    ...(record && { id: record.id }),
    issuer,
    type,
    identifier,
    holderAccount,
    validFrom,
    ...(validTo !== undefined && { validTo }),
    fields,
  }
}
