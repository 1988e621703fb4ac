import { isLedgerError } from '../../../node/core/errors.ts'
import type { ErrorKind } from '../../../node/core/errors.ts'
import { FINDINGS } from '../../../node/ledger/audit/findings.ts'
import type { Finding, FindingCode } from '../../../node/ledger/audit/findings.ts'
import type { Pass, Report } from '../../../node/ledger/audit/report.ts'
import { reasonOf } from '../../../node/ledger/audit/scan.ts'
import type { OnceClient } from '../../client/index.ts'
import type { AuditFinding } from '../../http/audit/schema.ts'

const REFUSED: ReadonlySet<ErrorKind> = new Set(['unauthenticated', 'forbidden', 'tooMany'])

/** What the ledger finds in itself: it alone can open its statements and contents. */
export async function* auditBySweep(client: OnceClient, report: Report): Pass {
  let ended = false
  try {
    for await (const line of client.audit()) {
      if ('end' in line) ended = true
      else report.take(toFinding(line))
      yield
    }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    if (error.code === 'TOKEN_MISSING') report.add('SWEEP_NOT_ASKED', 'ledger')
    else
      report.add(
        REFUSED.has(error.kind) ? 'SWEEP_REFUSED' : 'SWEEP_CUT_SHORT',
        'ledger',
        reasonOf(error),
      )
    return
  }
  if (!ended) report.add('SWEEP_CUT_SHORT', 'ledger')
}

/** A newer ledger may find what this release has no code for: it is passed on as it is. */
function toFinding({ level, code, where, index, details }: AuditFinding): Finding {
  return {
    code: code as FindingCode,
    level,
    where,
    ...(index !== undefined && { index }),
    ...(details && { details }),
  }
}

export function sentenceOf({ code }: Finding): string {
  return FINDINGS[code]?.sentence ?? 'A finding that this release does not know.'
}
