import { Readable } from 'node:stream'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Ledger } from '../../../node/ledger/ledger.ts'
import { FINDINGS } from '../../../node/ledger/audit/findings.ts'
import type { Finding, FindingLevel } from '../../../node/ledger/audit/findings.ts'
import { NDJSON_TYPE } from '../materials/schema.ts'
import { sendStream } from '../respond.ts'
import type { Route } from '../route.ts'
import { AuditLine } from './schema.ts'

/** Recomputes everything that the ledger holds; ends early when the signal aborts. */
export type Audit = (signal: AbortSignal) => AsyncIterable<Finding>

export function auditRoutes(ledger: Ledger, audit: Audit): Route[] {
  let isRunning = false
  return [
    {
      method: 'GET',
      path: '/v1/audit',
      action: 'audit',
      documentation: {
        id: 'audit',
        tag: 'operation',
        summary: 'Recompute the whole ledger and its anchors',
        description:
          'Findings come as they are made, one a line; the last line sums up. ' +
          'Whoever does not trust this node audits a copy of its data: `once audit`.',
        answers: {
          200: {
            description: 'Findings, then the sum',
            content: { [NDJSON_TYPE]: { schema: AuditLine } },
          },
        },
        errors: { tooMany: ['AUDIT_RUNNING'] },
      },
      async handle(ctx) {
        if (isRunning) throw new LedgerError('tooMany', 'AUDIT_RUNNING', { retryAfter: 60 })
        const gone = new AbortController()
        ctx.res.once('close', () => gone.abort())
        // A sound ledger is silent until the end.
        ctx.req.setTimeout(0)
        const headers = { 'Content-Type': NDJSON_TYPE, 'Cache-Control': 'no-store' }
        const lines = writeLines(audit(gone.signal), ledger.size)
        isRunning = true
        try {
          await sendStream(ctx, 200, headers, Readable.from(lines, { objectMode: false }))
        } finally {
          isRunning = false
        }
      },
    },
  ]
}

async function* writeLines(findings: AsyncIterable<Finding>, size: number): AsyncGenerator<string> {
  const counts: Record<FindingLevel, number> = { fault: 0, unknown: 0, note: 0 }
  for await (const finding of findings) {
    counts[finding.level] += 1
    yield format({ ...finding, message: FINDINGS[finding.code].sentence })
  }
  const { fault, unknown, note } = counts
  yield format({ end: true, size, faults: fault, unknown, notes: note })
}

function format(line: AuditLine): string {
  return `${JSON.stringify(line)}\n`
}
