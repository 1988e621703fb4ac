import { join } from 'node:path'
import { isLedgerError } from '../../../node/core/errors.ts'
import { decodeAnchorRecord } from '../../../node/ledger/anchoring/records.ts'
import { auditing } from '../../../node/ledger/audit/audit.ts'
import type { AuditOptions, AuditParts, AuditSummary } from '../../../node/ledger/audit/parts.ts'
import type { Pass, Report } from '../../../node/ledger/audit/report.ts'
import { reasonOf } from '../../../node/ledger/audit/scan.ts'
import * as layout from '../../../node/store/layout.ts'
import { findDamagedFiles } from '../../../node/store/level/damage.ts'
import { openStoppedNode, openStoppedRing, STORE_FOLDER } from '../stoppedNode.ts'
import type { StoppedNode } from '../stoppedNode.ts'
import { openAuditedChains } from './auditedChains.ts'
import type { Target } from './auditedChains.ts'

export interface FolderAudit {
  readonly dataFolder: string
  /** From the environment; otherwise the folder's own. */
  readonly masterKey: Uint8Array | undefined
  /** Addresses of chains to ask. */
  readonly rpcs: readonly string[]
  readonly options: AuditOptions
}

/**
 * Audits the data folder of a node that does not run. Damage that keeps the folder from being opened is
 * named as far as it can be; the summary is then missing.
 *
 * @throws LedgerError unavailable/DATA_FOLDER_IN_USE, invalid/MASTER_KEY_WRONG, invalid/MASTER_KEY_MISSING
 */
export async function* auditDataFolder(
  audit: FolderAudit,
  report: Report,
): Pass<AuditSummary | undefined> {
  const { dataFolder } = audit
  let node: StoppedNode
  try {
    node = await openStoppedNode(dataFolder)
  } catch (error) {
    if (!isLedgerError(error) || error.kind !== 'corrupt') throw error
    await nameDamage(dataFolder, error, report)
    return undefined
  }
  try {
    return yield* auditStores(node, audit, report)
  } finally {
    await node.close()
  }
}

async function* auditStores(
  { store, contents }: StoppedNode,
  { dataFolder, masterKey, rpcs, options }: FolderAudit,
  report: Report,
): Pass<AuditSummary | undefined> {
  let rings: Pick<AuditParts, 'ring' | 'reopenRing'>
  try {
    rings = await openStoppedRing({ store }, dataFolder, masterKey)
  } catch (error) {
    if (!isLedgerError(error) || error.kind !== 'corrupt') throw error
    // Nothing that is sealed can be read without the ring.
    report.add('RECORD_WRONG', 'record keyRing', reasonOf(error))
    return undefined
  }
  const parts = { store, contents, ...rings }
  const asked = await openAuditedChains(rpcs, await targetsIn(parts), report)
  try {
    return yield* auditing({ ...parts, chains: asked.chains }, options, report)
  } finally {
    await asked.close()
  }
}

async function nameDamage(dataFolder: string, error: unknown, report: Report): Promise<void> {
  for await (const { file, offset } of findDamagedFiles(join(dataFolder, STORE_FOLDER))) {
    report.add('STORE_FILE_DAMAGED', `store file ${file}`, { offset })
  }
  report.add('STORE_UNREADABLE', 'store', reasonOf(error))
}

/** The chains that the ledger anchored to: by the newest record of each. */
async function targetsIn({ store, ring }: AuditParts): Promise<Target[]> {
  const targets: Target[] = []
  const { gte: first = '', lt = '' } = layout.familyRange('anchor')
  for (let gte = first; gte < lt;) {
    const name = await nextTarget(store, { gte, lt })
    if (name === undefined) break
    const range = layout.anchorRange(name)
    for await (const [key, sealed] of store.scan({ ...range, reverse: true, limit: 1 })) {
      try {
        targets.push({ name, log: decodeAnchorRecord(ring.openRecord(key, sealed)) })
      } catch (error) {
        // The audit of the anchors says so.
        if (!isLedgerError(error)) throw error
      }
    }
    gte = range.lt ?? lt
  }
  return targets
}

async function nextTarget(
  store: AuditParts['store'],
  range: { readonly gte: string; readonly lt: string },
): Promise<string | undefined> {
  for await (const [text] of store.scan({ ...range, limit: 1 })) {
    const key = layout.parseKey(text)
    return key.family === 'anchor' ? key.target : undefined
  }
  return undefined
}
