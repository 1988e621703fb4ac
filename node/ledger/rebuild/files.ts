import { isLedgerError } from '../../core/errors.ts'
import type { Location } from '../../store/contentStore.ts'
import type { KeyValueStore } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import { decodeLocation } from '../../store/locations.ts'
import { Report } from '../audit/report.ts'
import { readOn } from '../audit/scan.ts'
import { Repairs } from './repairs.ts'
import type { Repaired } from './repairs.ts'
import { readSound, scanFamily } from './scan.ts'

/** The records that lead from a file of contents to the entry whose content it holds, as the locations have it. */
export async function rebuildFileRecords(store: KeyValueStore): Promise<Repaired> {
  const repairs = new Repairs(store)
  // A location that is damaged says nothing; the audit names it.
  for await (const [key, value] of readOn(store, layout.familyRange('location'), new Report())) {
    const name = key.family === 'location' ? fileAt(value) : undefined
    if (key.family !== 'location' || name === undefined) continue
    const record = layout.fileKey(name)
    if (layout.tryDecodeIndex(await readSound(store, record)) === key.index) continue
    await repairs.make(record, layout.encodeIndex(key.index))
  }
  await repairs.flush()
  for await (const { text, key, value } of scanFamily(store, 'file')) {
    const index = layout.tryDecodeIndex(value)
    const isRight =
      key !== undefined &&
      index !== undefined &&
      fileAt(await readSound(store, layout.locationKey(index))) === key.name
    if (!isRight) await repairs.remove(text)
  }
  await repairs.flush()
  return repairs
}

function fileAt(location: Uint8Array | undefined): string | undefined {
  const place = location && readLocation(location)
  return place?.in === 'file' ? place.name : undefined
}

function readLocation(bytes: Uint8Array): Location | undefined {
  try {
    return decodeLocation(bytes)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return undefined
  }
}
