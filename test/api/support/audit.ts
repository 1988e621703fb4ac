import type { AuditSummary, Finding } from '../../../node/ledger/audit/audit.ts'

/** An audit that finds just these. */
export async function* soundAudit(
  findings: readonly Finding[],
): AsyncGenerator<Finding, AuditSummary, void> {
  yield* findings
  return {
    result: 'pass',
    size: 3,
    root: '0'.repeat(64),
    statements: 3,
    erased: 0,
    contents: { count: 0, bytes: 0 },
    anchors: 0,
    faults: 0,
    unknown: 0,
    notes: findings.length,
  }
}
