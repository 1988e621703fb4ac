import { encodeHex } from '../../../node/core/bytes.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import { verifyCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import type { Checkpoint } from '../../../node/core/tlog/checkpoint.ts'
import type { Trust } from '../../../node/core/trust.ts'
import { anchorMilestones } from '../../../node/ledger/audit/anchors.ts'
import { auditChains } from '../../../node/ledger/audit/chains.ts'
import type { AuditOptions, AuditSummary } from '../../../node/ledger/audit/parts.ts'
import type { Pass, Report } from '../../../node/ledger/audit/report.ts'
import { auditTree } from '../../../node/ledger/audit/tree.ts'
import type { Milestone } from '../../../node/ledger/audit/tree.ts'
import type { OnceClient } from '../../client/index.ts'
import { openAuditedChains } from './auditedChains.ts'
import type { Target } from './auditedChains.ts'
import { httpSource } from './httpSource.ts'
import { readAnchors, remoteLog } from './remoteLog.ts'
import type { SeenCheckpoint } from './seenCheckpoint.ts'
import { auditBySweep } from './sweep.ts'

export interface RemoteAudit {
  readonly client: OnceClient
  readonly trust: Pick<Trust, 'log' | 'chains'>
  /** Absent where nothing is remembered from one audit to the next. */
  readonly seen: SeenCheckpoint | undefined
  /** Addresses of chains to ask. */
  readonly rpcs: readonly string[]
  readonly options: AuditOptions
}

export type RemoteSummary = Pick<AuditSummary, 'size' | 'root' | 'anchors'>

/**
 * Audits a ledger over HTTP and trusts nothing of what it says: every tile and entry is fetched, the tree
 * computed anew and held against the pinned key, the checkpoint seen last, the anchors and their chains.
 * Statements and contents only the ledger itself can open: what it finds there is passed on.
 */
export async function* auditRemote(
  { client, trust, seen, rpcs, options }: RemoteAudit,
  report: Report,
): Pass<RemoteSummary> {
  const note = await client.log.checkpoint()
  const head = readHead(note, trust, report)
  if (head === undefined) return { size: 0, root: '', anchors: 0 }
  const { size } = head
  const before = report.counts.fault
  const anchors = yield* readingAnchors(client, trust, report)
  const milestones = [...anchorMilestones(anchors, size, report)]
  milestones.push(...(await seenMilestone(seen, size, report)))
  const tree = yield* auditTree(
    httpSource(client.log, report),
    head,
    milestones.toSorted((a, b) => a.size - b.size),
    report,
    (done) => options.onProgress?.(done, size),
  )
  const asked = await openAuditedChains(rpcs, await targetsOf(client, trust), report)
  try {
    const log = remoteLog(client.log, trust.log, size)
    yield* auditChains(log, asked.chains, anchors, { ...options, report })
  } finally {
    await asked.close()
  }
  // What this audit did not find sound must not be what the next one measures by.
  if (report.counts.fault === before) await seen?.write(note)
  yield* auditBySweep(client, report)
  return { size, root: encodeHex(tree.root), anchors: anchors.length }
}

function readHead(
  note: string,
  { log }: RemoteAudit['trust'],
  report: Report,
): Checkpoint | undefined {
  try {
    return verifyCheckpoint(note, log)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    report.add('CHECKPOINT_BROKEN', 'checkpoint', { reason: error.code })
    return undefined
  }
}

async function* readingAnchors(
  client: OnceClient,
  trust: RemoteAudit['trust'],
  report: Report,
): Pass<Awaited<ReturnType<typeof readAnchors>>> {
  const anchors = await readAnchors(client.log, trust, report)
  yield
  return anchors
}

async function seenMilestone(
  seen: SeenCheckpoint | undefined,
  size: number,
  report: Report,
): Promise<Milestone[]> {
  const earlier = await seen?.read()
  if (earlier === undefined) return []
  if (earlier.size > size) {
    report.add('LOG_SHRUNK', 'checkpoint', { seen: earlier.size, size })
    return []
  }
  const missed = () => report.add('LOG_REWRITTEN', 'checkpoint', { seen: earlier.size })
  return [{ size: earlier.size, root: earlier.root, missed }]
}

/** Where the ledger anchors: by what is trusted, under the names that the ledger has for it. */
async function targetsOf(client: OnceClient, { chains }: RemoteAudit['trust']): Promise<Target[]> {
  const named = (await client.describe()).chains
  return named.flatMap(({ name, chainId, registry, logId }) => {
    const trusted = chains.find((one) => one.chainId === chainId)
    if (trusted === undefined && chains.length > 0) return []
    return [{ name, log: trusted ?? { chainId, registry, logId } }]
  })
}
