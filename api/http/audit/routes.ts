import { Readable } from 'node:stream'
import { LedgerError } from '../../../node/core/errors.ts'
import type { AuditSummary } from '../../../node/ledger/audit/audit.ts'
import { FINDINGS } from '../../../node/ledger/audit/findings.ts'
import type { Finding } from '../../../node/ledger/audit/findings.ts'
import { NDJSON_TYPE } from '../materials/schema.ts'
import { sendStream } from '../respond.ts'
import type { Route } from '../route.ts'
import { AuditLine } from './schema.ts'

/** Recomputes everything that the ledger holds; ends soon after the signal aborts. */
export type Audit = (signal: AbortSignal) => AsyncGenerator<Finding, AuditSummary, void>

export function auditRoutes(audit: Audit): Route[] {
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
          'Empty lines say that the audit goes on. ' +
          'Whoever does not trust this node audits a copy of its data: `once audit`.',
        answers: {
          200: {
            description: 'Findings, then the sum',
            content: {
              [NDJSON_TYPE]: {
                schema: AuditLine,
                example: {
                  code: 'CONTENT_DAMAGED',
                  level: 'fault',
                  where: 'content 17',
                  index: 17,
                  message: FINDINGS.CONTENT_DAMAGED.sentence,
                },
              },
            },
          },
        },
        errors: { tooMany: ['AUDIT_RUNNING'] },
      },
      async handle(ctx) {
        if (isRunning) throw new LedgerError('tooMany', 'AUDIT_RUNNING', { retryAfter: 60 })
        // A sound ledger is silent until the end.
        ctx.req.setTimeout(0)
        const headers = { 'Content-Type': NDJSON_TYPE, 'Cache-Control': 'no-store' }
        // Nobody reads any more: an audit is too much work to go on for nobody.
        const gone = new AbortController()
        ctx.res.once('close', () => gone.abort())
        const lines = writeLines(audit(gone.signal))
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

/**
 * Findings as lines. A sound ledger would be silent until the end, and clients and proxies give up on what is silent:
 * an empty line, which says nothing, shows that the audit goes on.
 *
 * @param quiet longest silence in milliseconds
 */
export async function* writeLines(
  audit: ReturnType<Audit>,
  quiet = 15_000,
): AsyncGenerator<string, void> {
  try {
    for (;;) {
      const step = audit.next()
      while (!(await isSettledWithin(quiet, step))) yield '\n'
      const { done, value } = await step
      if (done === true) {
        yield format({ end: true, ...value })
        return
      }
      yield format({ ...value, message: FINDINGS[value.code].sentence })
    }
  } finally {
    // Nobody reads any more: an audit is too much work to go on for nobody.
    await audit[Symbol.asyncDispose]()
  }
}

async function isSettledWithin(milliseconds: number, step: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(late.resolve, milliseconds, false)
  try {
    return await Promise.race([step.then(() => true), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function format(line: AuditLine): string {
  return `${JSON.stringify(line)}\n`
}
