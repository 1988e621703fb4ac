import { encodeHex } from '../../core/bytes.ts'
import { isLedgerError, LedgerError } from '../../core/errors.ts'
import * as layout from '../../store/layout.ts'
import { openStatement } from '../reader.ts'
import { anchorMilestones, auditAnchorRecords } from './anchors.ts'
import type { AuditedAnchor } from './anchors.ts'
import { auditChains } from './chains.ts'
import { auditFiles } from './files.ts'
import type { Finding } from './findings.ts'
import { readLogRecords, readSize } from './logRecords.ts'
import type { AuditOptions, AuditParts, AuditSummary } from './parts.ts'
import { auditRecords } from './records.ts'
import { Report } from './report.ts'
import type { Pass } from './report.ts'
import { auditStatements } from './statements.ts'
import type { StatementsAudit } from './statements.ts'
import { storedLog } from './storedLog.ts'
import { storeSource } from './storeSource.ts'
import { auditTree } from './tree.ts'
import type { TreeAudit } from './tree.ts'

export type { AuditedChain, AuditOptions, AuditParts, AuditSummary } from './parts.ts'
export type { Finding } from './findings.ts'

/**
 * Re-checks everything that the ledger holds, up to the checkpoint of this moment: every entry, tile, statement,
 * content, index record and anchor. Yields what is wrong as it finds it, and never stops at a finding.
 *
 * It may run beside the writer: what is appended, erased or moved meanwhile is no finding.
 * Memory does not grow with the contents, and by less than a byte for each entry.
 */
export function auditLedger(
  parts: AuditParts,
  options: AuditOptions = {},
): AsyncGenerator<Finding, AuditSummary, void> {
  const report = new Report()
  return report.collect(auditing(parts, options, report), options.signal)
}

/**
 * Runs the audit to its end.
 *
 * @throws LedgerError corrupt/AUDIT_FAILED with the findings that are faults
 */
export async function checkLedger(
  parts: AuditParts,
  options: AuditOptions = {},
): Promise<AuditSummary> {
  const faults: Finding[] = []
  const audit = auditLedger(parts, options)
  for (;;) {
    const { done, value } = await audit.next()
    if (!done) {
      if (value.level === 'fault') faults.push(value)
      continue
    }
    if (faults.length > 0) throw new LedgerError('corrupt', 'AUDIT_FAILED', { findings: faults })
    return value
  }
}

/** `auditLedger` for whoever has a report of his own. */
export async function* auditing(
  parts: AuditParts,
  options: AuditOptions,
  report: Report,
): Pass<AuditSummary> {
  const { head, log } = await readLogRecords(parts, options.trusted, report)
  const { size } = head
  const progress = (done: number) => options.onProgress?.(done, 2 * size)
  const anchors = yield* auditAnchorRecords(parts, log, size, report)
  const tree = yield* auditTree(
    storeSource(parts.store, report),
    head,
    anchorMilestones(anchors, size, report),
    report,
    progress,
  )
  const statements = yield* auditStatements(
    parts,
    { size, altered: tree.altered, onProgress: (done) => progress(size + done) },
    report,
  )
  await auditErasures(parts, size, statements, report)
  yield* auditRecords(parts, size, statements, report)
  yield* auditChains(storedLog(parts, size), parts.chains, anchors, { ...options, report })
  yield* auditFiles(parts, statements.contents, report)
  return summarize(size, tree, statements, anchors, report)
}

/** A data key may only be missing where an erasure was logged, and must be missing there. */
async function auditErasures(
  parts: AuditParts,
  size: number,
  { erased, erasures }: StatementsAudit,
  report: Report,
): Promise<void> {
  const unexplained = [...erased.values()].filter((index) => !erasures.has(index))
  const explained = unexplained.length > 0 ? await erasedSince(parts, size) : new Set()
  for (const index of unexplained) {
    if (!explained.has(index)) report.add('ERASURE_UNEXPLAINED', `data key ${index}`, { index })
  }
  for (const index of erasures.values()) {
    if (!erased.has(index)) report.add('ERASURE_INCOMPLETE', `data key ${index}`, { index })
  }
}

/** Entries whose erasure was logged after the checkpoint that is audited. */
async function erasedSince({ store, ring }: AuditParts, size: number): Promise<Set<number>> {
  const erased = new Set<number>()
  const end = await readSize(store)
  for (let index = size; index < end; index++) {
    const [sealed, wrapped] = await store.getMany([
      layout.statementKey(index),
      layout.dataKeyKey(index),
    ])
    if (sealed === undefined || wrapped === undefined) continue
    try {
      const { statement } = openStatement(ring, { sealed, wrapped, location: undefined })
      if (statement.kind === 'material.erased') erased.add(statement.index)
    } catch (error) {
      // The next audit reports it.
      if (!isLedgerError(error)) throw error
    }
  }
  return erased
}

function summarize(
  size: number,
  tree: TreeAudit,
  { statements, erased, contents }: StatementsAudit,
  anchors: readonly AuditedAnchor[],
  { result, counts }: Report,
): AuditSummary {
  return {
    result,
    size,
    root: encodeHex(tree.root),
    statements,
    erased: erased.size,
    contents: { count: contents.count, bytes: contents.bytes },
    anchors: anchors.length,
    faults: counts.fault,
    unknown: counts.unknown,
    notes: counts.note,
  }
}
