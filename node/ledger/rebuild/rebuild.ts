import { LedgerError } from '../../core/errors.ts'
import type { KeyValueStore } from '../../store/keyValueStore.ts'
import type { KeyRing } from '../../store/sealing/keyRing.ts'
import { readLogRecords } from '../audit/logRecords.ts'
import { Report } from '../audit/report.ts'
import { rebuildFileRecords } from './files.ts'
import { IdRebuilder } from './ids.ts'
import type { Repaired } from './repairs.ts'
import { rebuildTerms } from './terms.ts'
import { walkLog } from './walk.ts'

export interface RebuildParts {
  readonly store: KeyValueStore
  readonly ring: KeyRing
  /** Opens the key ring anew from the store. */
  readonly reopenRing: () => Promise<KeyRing>
}

export interface RebuildSummary {
  /** Entries in the newest checkpoint. */
  readonly size: number
  readonly ids: Repaired
  readonly terms: Repaired
  readonly files: Repaired
  /** Entries whose statement is not what the log has: what leads to them was left as it is. */
  readonly unreadable: number
}

/**
 * Makes the records by which statements are found anew from the log, and removes those that lead astray. Nothing else
 * is written: no entry, statement, tile, key or content. Each step is right by itself: ended anywhere and begun again,
 * it comes to the same. The node must not run.
 *
 * Memory grows by less than a byte for each entry.
 *
 * @param onProgress entries that were read, of so many
 * @throws LedgerError corrupt/CHECKPOINT_BROKEN: how far the log reaches cannot be told
 */
export async function rebuildIndex(
  parts: RebuildParts,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<RebuildSummary> {
  const { head } = await readLogRecords(parts, undefined, new Report())
  const { size, root } = head
  if (root === undefined) throw new LedgerError('corrupt', 'CHECKPOINT_BROKEN')
  let done = 0
  let walks = 2
  const advance = (entries: number) => onProgress((done += entries), walks * size)
  const ids = new IdRebuilder(parts, size)
  let unreadable = 0
  for await (const batch of walkLog(parts, size, advance)) {
    unreadable += batch.unreadable
    await ids.look(batch)
  }
  await ids.removeStrays()
  // Terms may follow from a statement that is found by its id.
  const terms = await rebuildTerms(parts, size, () => {
    walks = Math.max(walks, Math.round(done / Math.max(1, size)) + 1)
    return advance
  })
  const files = await rebuildFileRecords(parts.store)
  return { size, ids: sum(ids.repairs), terms: sum(terms), files: sum(files), unreadable }
}

function sum({ made, removed }: Repaired): Repaired {
  return { made, removed }
}
