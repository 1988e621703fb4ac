import { equalBytes } from '../../core/bytes.ts'
import { isLedgerError } from '../../core/errors.ts'
import type { Hash } from '../../core/hash/hash.ts'
import type { LogOnChain } from '../../chain/chain.ts'
import { nameAnchor } from './anchors.ts'
import type { AuditedAnchor } from './anchors.ts'
import type { AuditedChain, AuditOptions } from './parts.ts'
import type { Pass, Report } from './report.ts'

/** The log beside the chains that it is anchored to: it may go on growing. */
export interface AnchoredLog {
  /** Entries in the audited checkpoint. */
  readonly size: number
  sizeNow(): Promise<number>
  /** Root of the log when it had this size, up to what it has by now. */
  rootAt(size: number): Promise<Hash>
  /** Whether there is a record of the anchor, sound or not. */
  hasAnchor(target: string, size: number): Promise<boolean>
  /** The anchor as it is recorded by now; undefined when it is gone. */
  anchorNow(target: string, size: number): Promise<AuditedAnchor | undefined>
  /** When an entry was logged, in milliseconds since 1970; undefined when it cannot be read. */
  loggedAt(index: number): Promise<number | undefined>
}

type ChainOptions = Pick<AuditOptions, 'now' | 'anchorWithin'> & { readonly report: Report }

/** Compares the anchors with their chains, and says which entries wait for one. */
export async function* auditChains(
  log: AnchoredLog,
  chains: ReadonlyMap<string, AuditedChain> = new Map(),
  anchors: readonly AuditedAnchor[],
  options: ChainOptions,
): Pass {
  const { report } = options
  const byTarget = Map.groupBy(anchors, ({ target }) => target)
  for (const target of new Set([...byTarget.keys(), ...chains.keys()])) {
    const own = byTarget.get(target) ?? []
    const chain = chains.get(target)
    if (chain === undefined) noteUnasked(target, own, report)
    else yield* auditChain(log, target, chain, own, report)
    await auditWaiting(log, target, own, options)
    yield
  }
}

async function* auditChain(
  log: AnchoredLog,
  target: string,
  chain: AuditedChain,
  anchors: readonly AuditedAnchor[],
  report: Report,
): Pass {
  try {
    await auditLatest(log, target, chain, chain.log ?? anchors.at(-1), report)
    for (const anchor of anchors) {
      await auditAnchor(log, chain, anchor, report)
      yield
    }
  } catch (error) {
    if (!isLedgerError(error) || error.kind !== 'unavailable') throw error
    report.add('CHAIN_UNREACHABLE', `chain ${target}`, { reason: error.code })
  }
}

/** A data folder that was put back to an earlier state looks sound in itself: only the chain remembers. */
async function auditLatest(
  log: AnchoredLog,
  target: string,
  chain: AuditedChain,
  onChain: LogOnChain | undefined,
  report: Report,
): Promise<void> {
  const latest = onChain && (await chain.latest(onChain))
  if (latest === undefined || latest.size === 0) return
  const where = `chain ${target}`
  // Asked after the chain: what it holds was in the log by then.
  const size = await log.sizeNow()
  if (latest.size > size) {
    report.add('LOG_ROLLED_BACK', where, { anchored: latest.size, size })
  } else if (!equalBytes(await log.rootAt(latest.size), latest.root)) {
    report.add('LOG_FORKED', where, { size: latest.size })
  } else if (!(await log.hasAnchor(target, latest.size))) {
    report.add('ANCHOR_RECORD_MISSING', nameAnchor({ target, size: latest.size }))
  }
}

async function auditAnchor(
  log: AnchoredLog,
  chain: AuditedChain,
  anchor: AuditedAnchor,
  report: Report,
): Promise<void> {
  const { block, target, size } = anchor
  if (block === undefined) return
  const root = await chain.rootAt(anchor, size)
  const hash = await chain.blockHash(block.number)
  const isHeld = root !== undefined && equalBytes(root, anchor.root)
  if (isHeld && hash === block.hash) return
  // The chain may have been reorganised since the record was read; the ledger then says so itself.
  const now = await log.anchorNow(target, size)
  if (now?.block?.hash !== block.hash) return
  if (isHeld) report.add('ANCHOR_BLOCK_GONE', nameAnchor(anchor), { block: block.number })
  else report.add('ANCHOR_NOT_ON_CHAIN', nameAnchor(anchor))
}

function noteUnasked(target: string, anchors: readonly AuditedAnchor[], report: Report): void {
  report.add('CHAIN_NOT_ASKED', `chain ${target}`)
  for (const anchor of anchors) {
    if (anchor.block && !anchor.hasProof) report.add('ANCHOR_PROOF_ABSENT', nameAnchor(anchor))
  }
}

/** Entries that no anchor covers yet, and for how long the oldest of them has waited. */
async function auditWaiting(
  log: AnchoredLog,
  target: string,
  anchors: readonly AuditedAnchor[],
  { now, anchorWithin, report }: ChainOptions,
): Promise<void> {
  const anchored = anchors.reduce((most, { block, size }) => Math.max(most, block ? size : 0), 0)
  if (anchored >= log.size) return
  const since = now && (await log.loggedAt(anchored))
  const waited = now && since !== undefined ? now() - since : undefined
  const isOverdue = anchorWithin !== undefined && waited !== undefined && waited > anchorWithin
  report.add(isOverdue ? 'ANCHOR_OVERDUE' : 'ANCHOR_PENDING', `chain ${target}`, {
    anchored,
    waiting: log.size - anchored,
    ...(waited !== undefined && { seconds: Math.round(waited / 1000) }),
  })
}
