import { equalBytes } from '../../core/bytes.ts'
import { isLedgerError } from '../../core/errors.ts'
import { verifyCheckpoint } from '../../core/tlog/checkpoint.ts'
import type { LogTrust } from '../../core/tlog/checkpoint.ts'
import { proveAnchor } from '../../core/verify/anchorProof.ts'
import * as layout from '../../store/layout.ts'
import { decodeAnchorRecord, isAnchored, toEvidenceAnchor } from '../anchoring/records.ts'
import type { AnchorRecord } from '../anchoring/records.ts'
import { readSize } from './logRecords.ts'
import type { AuditParts } from './parts.ts'
import { breathe } from './report.ts'
import type { Pass, Report } from './report.ts'
import { describeKey, readOn, reasonOf } from './scan.ts'
import type { Milestone } from './tree.ts'

/** What the other passes need of an anchor: a record with its proofs would be too much to keep. */
export type AuditedAnchor = Pick<
  AnchorRecord,
  'target' | 'chainId' | 'registry' | 'logId' | 'size' | 'root' | 'state'
> & {
  /** Sizes that the chain held when its transactions were signed; none of what came over HTTP. */
  readonly after: readonly number[]
  /** The block that the chain must still have; absent before it was mined. */
  readonly block: NonNullable<AnchorRecord['mined']>['block'] | undefined
  readonly hasProof: boolean
}

/** Opens every anchor record and checks what it says of itself: its checkpoint, and its proofs. */
export async function* auditAnchorRecords(
  { store, ring }: AuditParts,
  log: LogTrust | undefined,
  size: number,
  report: Report,
): Pass<AuditedAnchor[]> {
  const anchors: AuditedAnchor[] = []
  const recorded = new Set<string>()
  for await (const [key, sealed, text] of readOn(store, layout.familyRange('anchor'), report)) {
    if (key.family !== 'anchor') continue
    const where = describeKey(key)
    recorded.add(where)
    if (sealed === undefined) continue
    let record: AnchorRecord
    try {
      record = decodeAnchorRecord(ring.openRecord(text, sealed))
    } catch (error) {
      if (!isLedgerError(error)) throw error
      report.add('ANCHOR_DAMAGED', where, reasonOf(error))
      continue
    }
    if (record.target !== key.target || record.size !== key.size) {
      report.add('ANCHOR_MISPLACED', where)
      continue
    }
    if (record.size > size && record.size > (await readSize(store))) {
      report.add('ANCHOR_BEYOND_LOG', where)
    }
    await auditRecord(record, where, log, report)
    anchors.push(summarize(record))
    await breathe()
    yield
  }
  auditGaps(anchors, recorded, report)
  return anchors
}

/** Each transaction was signed to extend what the chain held then, which this ledger had anchored before. */
function auditGaps(
  anchors: readonly AuditedAnchor[],
  recorded: ReadonlySet<string>,
  report: Report,
): void {
  for (const { target, after } of anchors)
    for (const size of after)
      if (size > 0 && !recorded.has(nameAnchor({ target, size })))
        report.add('ANCHOR_RECORD_MISSING', nameAnchor({ target, size }))
}

/** The roots that the log must have had, in their order. */
export function anchorMilestones(
  anchors: readonly AuditedAnchor[],
  size: number,
  report: Report,
): Milestone[] {
  return anchors
    .filter((anchor) => anchor.size <= size)
    .map((anchor) => ({
      size: anchor.size,
      root: anchor.root,
      missed: () => report.add('ANCHOR_ROOT_WRONG', nameAnchor(anchor)),
    }))
    .toSorted((a, b) => a.size - b.size)
}

export function nameAnchor({ target, size }: Pick<AnchorRecord, 'target' | 'size'>): string {
  return `anchor ${target}/${size}`
}

async function auditRecord(
  record: AnchorRecord,
  where: string,
  log: LogTrust | undefined,
  report: Report,
): Promise<void> {
  if (log) auditCheckpoint(record, where, log, report)
  if (!isAnchored(record)) return
  if (record.mined === undefined) report.add('ANCHOR_DAMAGED', where, { reason: 'not mined' })
  else if (record.proof) await auditProof(record, where, report)
}

function auditCheckpoint(record: AnchorRecord, where: string, log: LogTrust, report: Report): void {
  try {
    const { size, root } = verifyCheckpoint(record.checkpoint, log)
    if (size === record.size && equalBytes(root, record.root)) return
    report.add('ANCHOR_CHECKPOINT_BROKEN', where, { reason: 'of another size or root' })
  } catch (error) {
    if (!isLedgerError(error)) throw error
    report.add('ANCHOR_CHECKPOINT_BROKEN', where, reasonOf(error))
  }
}

async function auditProof(record: AnchorRecord, where: string, report: Report): Promise<void> {
  const { size, root } = record
  try {
    const code = await proveAnchor(toEvidenceAnchor(record), { origin: '', size, root })
    if (code !== 'CHECKPOINT_ANCHORED') report.add('ANCHOR_PROOF_WRONG', where, { reason: code })
  } catch (error) {
    if (!isLedgerError(error)) throw error
    report.add('ANCHOR_PROOF_WRONG', where, reasonOf(error))
  }
}

export function summarize(record: AnchorRecord): AuditedAnchor {
  const { target, chainId, registry, logId, size, root, state } = record
  const after = record.attempts.map(({ from }) => from)
  const block = isAnchored(record) ? (record.proof?.block ?? record.mined?.block) : undefined
  const hasProof = record.proof !== undefined
  return { target, chainId, registry, logId, size, root, state, after, block, hasProof }
}
