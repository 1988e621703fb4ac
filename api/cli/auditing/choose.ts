import { isLedgerError } from '../../../node/core/errors.ts'
import { parseVerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import type { Trust } from '../../../node/core/trust.ts'
import type { AuditOptions, AuditSummary } from '../../../node/ledger/audit/parts.ts'
import type { Pass, Report } from '../../../node/ledger/audit/report.ts'
import type { OnceClient } from '../../client/index.ts'
import { loadConfig } from '../../config.ts'
import type { Context } from '../context.ts'
import { exists } from '../exists.ts'
import { learnLedger } from '../pinning/learn.ts'
import { findTrust } from '../trustFile.ts'
import { auditDataFolder } from './dataFolder.ts'
import { auditRemote } from './remote.ts'
import type { RemoteSummary } from './remote.ts'
import { SeenCheckpoint } from './seenCheckpoint.ts'

export interface AuditChoice {
  readonly data?: string
  readonly trust?: string
  readonly rpc?: string
}

interface Watch {
  readonly report: Report
  readonly onProgress: NonNullable<AuditOptions['onProgress']>
}

/** Over HTTP nobody but the ledger itself can count what is private. */
export type Summary = RemoteSummary & Partial<AuditSummary>

/** The folder that was named; else the ledger that answers; else the data folder of this machine's node. */
export async function chooseAudit(
  context: Context,
  choice: AuditChoice,
  watch: Watch,
): Promise<Pass<Summary | undefined>> {
  if (choice.data !== undefined) return folderAudit(choice.data, context, choice, watch)
  try {
    await (await context.client(1)).describe()
  } catch (error) {
    const isDown = isLedgerError(error) && error.kind === 'unavailable'
    // Whoever named an address means that one.
    if (!isDown || context.urlIsGiven || !(await exists(context.dataFolder))) throw error
    return folderAudit(context.dataFolder, context, choice, watch)
  }
  return liveAudit(context, choice, watch)
}

async function folderAudit(
  dataFolder: string,
  context: Context,
  { trust: named, rpc }: AuditChoice,
  { report, onProgress }: Watch,
): Promise<Pass<Summary | undefined>> {
  // Not the file that lies in the folder: it would say nothing that the folder does not say.
  const chosen = named ?? process.env['ONCE_TRUST']
  const trust = chosen ? (await findTrust(chosen, dataFolder))?.trust : undefined
  const { ONCE_MASTER_KEY: masterKey } = loadConfig(process.env)
  context.say(`Auditing the data folder ${dataFolder}.`)
  return auditDataFolder(
    {
      dataFolder,
      masterKey,
      rpcs: rpcsOf(rpc, trust),
      options: { now: Date.now, onProgress, ...(trust && { trusted: trust.log }) },
    },
    report,
  )
}

async function liveAudit(
  context: Context,
  { trust: named, rpc }: AuditChoice,
  { report, onProgress }: Watch,
): Promise<Pass<Summary | undefined>> {
  const client = await context.client()
  const found = await findTrust(named, context.dataFolder)
  const trust = found?.trust ?? (await believeOnce(client))
  if (found === undefined) report.add('LOG_NOT_PINNED', 'log')
  const source = found === undefined ? 'nobody pinned it' : `pinned in ${found.path}`
  context.say(`Auditing ${context.url}: the log ${trust.log.origin}, ${source}.`)
  return auditRemote(
    {
      client,
      trust,
      seen: found && new SeenCheckpoint(found.path, trust.log),
      rpcs: rpcsOf(rpc, trust),
      options: { now: Date.now, onProgress },
    },
    report,
  )
}

/** Without a trust file the audit still shows that the ledger agrees with itself. */
async function believeOnce(client: OnceClient): Promise<Pick<Trust, 'log' | 'chains'>> {
  const { origin, logKey } = await learnLedger(client)
  return { log: { origin, key: parseVerifierKey(logKey) }, chains: [] }
}

function rpcsOf(rpc: string | undefined, trust: Pick<Trust, 'chains'> | undefined): string[] {
  if (rpc !== undefined) return [rpc]
  return (trust?.chains ?? []).flatMap((chain) => chain.rpc ?? [])
}
