import { parseEntry } from '../../core/entry.ts'
import { isLedgerError } from '../../core/errors.ts'
import { TileTree } from '../../core/merkle/tree.ts'
import * as layout from '../../store/layout.ts'
import { decodeAnchorRecord } from '../anchoring/records.ts'
import { readTile } from '../reader.ts'
import { summarize } from './anchors.ts'
import type { AnchoredLog } from './chains.ts'
import { readSize } from './logRecords.ts'
import type { AuditParts } from './parts.ts'

/** The log as the store has it by now, for the comparison with its chains. */
export function storedLog({ store, ring }: AuditParts, size: number): AnchoredLog {
  const tree = new TileTree((level, index, width) => readTile(store, level, index, width))
  return {
    size,
    sizeNow: () => readSize(store),
    rootAt: (at) => tree.root(at),

    async hasAnchor(target, at) {
      try {
        return (await store.get(layout.anchorKey(target, at))) !== undefined
      } catch (error) {
        if (!isLedgerError(error, 'STORE_CORRUPT')) throw error
        return true
      }
    },

    async anchorNow(target, at) {
      const key = layout.anchorKey(target, at)
      const sealed = await store.get(key)
      return sealed && summarize(decodeAnchorRecord(ring.openRecord(key, sealed)))
    },

    async loggedAt(index) {
      try {
        const entry = await store.get(layout.entryKey(index))
        return entry && Date.parse(parseEntry(entry).at)
      } catch (error) {
        // The pass over the log has said what is wrong with it.
        if (!isLedgerError(error)) throw error
        return undefined
      }
    },
  }
}
