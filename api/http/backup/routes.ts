import type { Readable } from 'node:stream'
import { z } from 'zod'
import { LedgerError } from '../../../node/core/errors.ts'
import { sendStream } from '../respond.ts'
import type { Route } from '../route.ts'

/** Starts an archive of the whole ledger, consistent although the ledger goes on. */
export type Backup = () => Readable

export function backupRoutes(backup: Backup): Route[] {
  let isRunning = false
  return [
    {
      method: 'GET',
      path: '/v1/backup',
      action: 'backup',
      documentation: {
        id: 'backup',
        tag: 'operation',
        summary: 'A copy of the whole ledger as one archive',
        description:
          'Sealed as it lies on the disk: whoever restores it needs the master key, which is not in ' +
          'it. An archive that broke off has no trailer; `once backup` looks for it.',
        answers: {
          200: {
            description: 'A tar archive, see docs/operations.md',
            content: {
              'application/x-tar': {
                schema: z.string().meta({ override: { type: 'string', format: 'binary' } }),
              },
            },
          },
        },
        errors: { tooMany: ['BACKUP_RUNNING'] },
      },
      async handle(ctx) {
        if (isRunning) throw new LedgerError('tooMany', 'BACKUP_RUNNING', { retryAfter: 60 })
        isRunning = true
        // Reading many contents may take longer than a connection may stand idle.
        ctx.req.setTimeout(0)
        const headers = {
          'Content-Type': 'application/x-tar',
          'Content-Disposition': 'attachment; filename="onceledger.tar"',
          'Cache-Control': 'no-store',
        }
        try {
          await sendStream(ctx, 200, headers, backup())
        } finally {
          isRunning = false
        }
      },
    },
  ]
}
