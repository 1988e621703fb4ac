import { equalBytes } from '../../core/bytes.ts'
import { parseEntry } from '../../core/entry.ts'
import { isLedgerError } from '../../core/errors.ts'
import type { Hash } from '../../core/hash/hash.ts'
import type { LogOnChain } from '../../chain/chain.ts'
import * as layout from '../../store/layout.ts'
import { decodeAnchorRecord, isAnchored } from '../anchoring/records.ts'
import { nameAnchor } from './anchors.ts'
import type { AuditedAnchor } from './anchors.ts'
import { readSize } from './logRecords.ts'
import type { AuditedChain, AuditOptions, AuditParts } from './parts.ts'
import type { Pass, Report } from './report.ts'

interface Log {
  readonly size: number
  /** Root of the log when it had this size, up to what it has by now. */
  readonly rootAt: (size: number) => Promise<Hash>
}

/** Compares the anchors with their chains, and says which entries wait for one. */
export async function* auditChains(
  parts: AuditParts,
  log: Log,
  anchors: readonly AuditedAnchor[],
  options: AuditOptions,
  report: Report,
): Pass {
  const byTarget = Map.groupBy(anchors, ({ target }) => target)
  for (const target of new Set([...byTarget.keys(), ...(parts.chains?.keys() ?? [])])) {
    const own = byTarget.get(target) ?? []
    const chain = parts.chains?.get(target)
    if (chain === undefined) noteUnasked(target, own, report)
    else yield* new ChainAuditor({ parts, log, target, chain, report }).audit(own)
    await auditWaiting(parts, log, target, own, options, report)
    yield
  }
}

interface ChainParts {
  readonly parts: AuditParts
  readonly log: Log
  readonly target: string
  readonly chain: AuditedChain
  readonly report: Report
}

class ChainAuditor {
  readonly #store: AuditParts['store']
  readonly #ring: AuditParts['ring']
  readonly #log: Log
  readonly #target: string
  readonly #chain: AuditedChain
  readonly #report: Report

  constructor({ parts, log, target, chain, report }: ChainParts) {
    this.#store = parts.store
    this.#ring = parts.ring
    this.#log = log
    this.#target = target
    this.#chain = chain
    this.#report = report
  }

  async *audit(anchors: readonly AuditedAnchor[]): Pass {
    try {
      await this.#auditLatest(this.#chain.log ?? anchors.at(-1))
      for (const anchor of anchors) {
        if (anchor.block) await this.#auditAnchor(anchor, anchor.block)
        yield
      }
    } catch (error) {
      if (!isLedgerError(error) || error.kind !== 'unavailable') throw error
      this.#report.add('CHAIN_UNREACHABLE', `chain ${this.#target}`, { reason: error.code })
    }
  }

  /** A data folder that was put back to an earlier state looks sound in itself: only the chain remembers. */
  async #auditLatest(log: LogOnChain | undefined): Promise<void> {
    const latest = log && (await this.#chain.latest(log))
    if (latest === undefined || latest.size === 0) return
    const where = `chain ${this.#target}`
    // Asked after the chain: what it holds was in the log by then.
    const size = await readSize(this.#store)
    if (latest.size > size) {
      this.#report.add('LOG_ROLLED_BACK', where, { anchored: latest.size, size })
    } else if (!equalBytes(await this.#log.rootAt(latest.size), latest.root)) {
      this.#report.add('LOG_FORKED', where, { size: latest.size })
    }
  }

  async #auditAnchor(
    anchor: AuditedAnchor,
    block: NonNullable<AuditedAnchor['block']>,
  ): Promise<void> {
    const root = await this.#chain.rootAt(anchor, anchor.size)
    const hash = await this.#chain.blockHash(block.number)
    const holds = root !== undefined && equalBytes(root, anchor.root)
    if (holds && hash === block.hash) return
    // The chain may have been reorganised since the record was read; the ledger then says so itself.
    if (await this.#hasChanged(anchor)) return
    const where = nameAnchor(anchor)
    if (!holds) this.#report.add('ANCHOR_NOT_ON_CHAIN', where)
    else this.#report.add('ANCHOR_BLOCK_GONE', where, { block: block.number })
  }

  async #hasChanged({ target, size, block }: AuditedAnchor): Promise<boolean> {
    const key = layout.anchorKey(target, size)
    const sealed = await this.#store.get(key)
    if (sealed === undefined) return true
    const now = decodeAnchorRecord(this.#ring.openRecord(key, sealed))
    return !isAnchored(now) || (now.proof?.block ?? now.mined?.block)?.hash !== block?.hash
  }
}

function noteUnasked(target: string, anchors: readonly AuditedAnchor[], report: Report): void {
  report.add('CHAIN_NOT_ASKED', `chain ${target}`)
  for (const anchor of anchors) {
    if (anchor.block && !anchor.hasProof) report.add('ANCHOR_PROOF_ABSENT', nameAnchor(anchor))
  }
}

/** Entries that no anchor covers yet, and for how long the oldest of them has waited. */
async function auditWaiting(
  { store }: AuditParts,
  { size }: Log,
  target: string,
  anchors: readonly AuditedAnchor[],
  { now, anchorWithin }: AuditOptions,
  report: Report,
): Promise<void> {
  const anchored = Math.max(0, ...anchors.filter(({ block }) => block).map((one) => one.size))
  if (anchored >= size) return
  const details = { anchored, waiting: size - anchored }
  const waited = now && (await ageOf(store, anchored, now()))
  const overdue = anchorWithin !== undefined && waited !== undefined && waited > anchorWithin
  report.add(overdue ? 'ANCHOR_OVERDUE' : 'ANCHOR_PENDING', `chain ${target}`, {
    ...details,
    ...(waited !== undefined && { seconds: Math.round(waited / 1000) }),
  })
}

/** Milliseconds since the entry was logged; undefined when it cannot be read, which has been reported. */
async function ageOf(
  store: AuditParts['store'],
  index: number,
  now: number,
): Promise<number | undefined> {
  try {
    const entry = await store.get(layout.entryKey(index))
    return entry && now - Date.parse(parseEntry(entry).at)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return undefined
  }
}
