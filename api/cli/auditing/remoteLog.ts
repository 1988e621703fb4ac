import { decodeHex, equalBytes } from '../../../node/core/bytes.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import { TileTree } from '../../../node/core/merkle/tree.ts'
import { verifyCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import type { LogTrust } from '../../../node/core/tlog/checkpoint.ts'
import type { Trust, TrustedChain } from '../../../node/core/trust.ts'
import type { AuditedAnchor } from '../../../node/ledger/audit/anchors.ts'
import type { AnchoredLog } from '../../../node/ledger/audit/chains.ts'
import type { Report } from '../../../node/ledger/audit/report.ts'
import type { LogClient } from '../../client/index.ts'
import type { Anchor } from '../../http/anchors/schema.ts'

/** The anchors that a server names; each must be of a checkpoint that the log signed, and where the trust says. */
export async function readAnchors(
  log: LogClient,
  trust: Pick<Trust, 'log' | 'chains'>,
  report: Report,
): Promise<AuditedAnchor[]> {
  const anchors: AuditedAnchor[] = []
  for await (const anchor of log.anchors()) {
    auditCheckpoint(anchor, trust.log, report)
    auditPlace(anchor, trust.chains, report)
    anchors.push(toAudited(anchor))
  }
  return anchors.toReversed()
}

/** A server's log beside its chains. */
export function remoteLog(log: LogClient, trust: LogTrust, size: number): AnchoredLog {
  const tree = new TileTree((level, index, width) => log.tile(level, index, width))
  const anchorNow: AnchoredLog['anchorNow'] = async (target, at) => {
    try {
      const { anchors } = await log.anchorsAt(at)
      const anchor = anchors.find(({ chain }) => chain === target)
      return anchor && toAudited(anchor)
    } catch (error) {
      if (isLedgerError(error, 'ANCHOR_NOT_FOUND')) return undefined
      throw error
    }
  }
  return {
    size,
    sizeNow: async () => verifyCheckpoint(await log.checkpoint(), trust).size,
    rootAt: (at) => tree.root(at),
    anchorNow,
    hasAnchor: async (target, at) => (await anchorNow(target, at)) !== undefined,
    loggedAt: async (index) => Date.parse((await log.entry(index)).entry.at),
  }
}

function auditCheckpoint(anchor: Anchor, log: LogTrust, report: Report): void {
  const where = `anchor ${anchor.chain}/${anchor.size}`
  try {
    const { size, root } = verifyCheckpoint(anchor.checkpoint, log)
    if (size === anchor.size && equalBytes(root, decodeHex(anchor.root))) return
    report.add('ANCHOR_CHECKPOINT_BROKEN', where, { reason: 'of another size or root' })
  } catch (error) {
    if (!isLedgerError(error)) throw error
    report.add('ANCHOR_CHECKPOINT_BROKEN', where, { reason: error.code })
  }
}

function auditPlace(
  { chain, chainId, registry, logId, size }: Anchor,
  trusted: readonly TrustedChain[],
  report: Report,
): void {
  const own = trusted.find((one) => one.chainId === chainId)
  if (own === undefined || (own.registry === registry && own.logId === logId)) return
  report.add('ANCHOR_PLACE_UNTRUSTED', `anchor ${chain}/${size}`, { registry, logId })
}

function toAudited(anchor: Anchor): AuditedAnchor {
  const { chain: target, chainId, registry, logId, size, state, block, provable } = anchor
  const isStanding = state === 'confirmed' || state === 'final'
  return {
    target,
    chainId,
    registry,
    logId,
    size,
    root: decodeHex(anchor.root),
    state,
    after: [],
    block: isStanding ? block : undefined,
    hasProof: provable,
  }
}
