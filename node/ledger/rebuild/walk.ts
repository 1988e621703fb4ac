import { Report } from '../audit/report.ts'
import { readIndexes } from '../audit/scan.ts'
import { openLogged } from '../terms/logged.ts'
import type { LoggedParts, LoggedStatement } from '../terms/logged.ts'

/** Entries that are opened at once. */
const BATCH = 64

/** What the entries of one batch hold. */
export interface Batch {
  readonly statements: readonly LoggedStatement[]
  readonly erased: readonly number[]
  readonly unreadable: number
}

/** The statements of the log, in its order. */
export async function* walkLog(
  { store, ring }: LoggedParts,
  size: number,
  onProgress: (entries: number) => void = () => {},
): AsyncGenerator<Batch> {
  for (let from = 0; from < size; from += BATCH) {
    const to = Math.min(size, from + BATCH)
    // What is damaged is unreadable here; the audit names it.
    const report = new Report()
    const [entries, statements, dataKeys, locations] = await Promise.all(
      (['entry', 'statement', 'dataKey', 'location'] as const).map((family) =>
        readIndexes(store, family, [from, to], report),
      ),
    )
    const batch = { statements: [] as LoggedStatement[], erased: [] as number[], unreadable: 0 }
    for (let index = from; index < to; index++) {
      // A data key that is damaged is there: nothing was erased.
      const isDamaged = dataKeys?.has(index) === true && dataKeys.get(index) === undefined
      const opened = isDamaged
        ? 'unreadable'
        : openLogged(ring, index, {
            entry: entries?.get(index),
            sealed: statements?.get(index),
            wrapped: dataKeys?.get(index),
            hasLocation: locations?.has(index) === true,
          })
      if (opened === 'unreadable') batch.unreadable++
      else if (opened === 'erased') batch.erased.push(index)
      else batch.statements.push(opened)
    }
    yield batch
    onProgress(to - from)
  }
}
