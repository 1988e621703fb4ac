import * as layout from '../../store/layout.ts'
import { Bitmap } from '../audit/bitmap.ts'
import type { LoggedParts } from '../terms/logged.ts'
import { TermCheck } from '../terms/termCheck.ts'
import type { MissingTerm } from '../terms/termCheck.ts'
import { Repairs } from './repairs.ts'
import type { Repaired } from './repairs.ts'
import { scanFamily } from './scan.ts'
import { walkLog } from './walk.ts'

const NOTHING = new Uint8Array(0)

/**
 * The records of terms. What led astray may have stood in the place of what belongs there: after a removal the log is
 * walked once more.
 *
 * @param onWalk called at each walk, for its progress
 */
export async function rebuildTerms(
  parts: LoggedParts,
  size: number,
  onWalk: () => (entries: number) => void,
): Promise<Repaired> {
  const repairs = new Repairs(parts.store)
  for (let removed = -1; removed !== repairs.removed;) {
    removed = repairs.removed
    await pass(parts, size, repairs, onWalk())
  }
  return repairs
}

async function pass(
  parts: LoggedParts,
  size: number,
  repairs: Repairs,
  onProgress: (entries: number) => void,
): Promise<void> {
  const check = new TermCheck(parts, size)
  const erased = new Bitmap()
  for await (const batch of walkLog(parts, size, onProgress)) {
    for (const index of batch.erased) erased.add(index)
    await makeAll(await check.look(batch.statements), repairs, check)
  }
  await makeAll(check.rest(), repairs, check)
  await repairs.flush()
  await removeBroken(parts, size, erased, repairs, check)
  if (check.hasSuspects) await removeStrays(parts, repairs, check)
}

async function makeAll(
  missing: readonly MissingTerm[],
  repairs: Repairs,
  check: TermCheck,
): Promise<void> {
  for (const one of missing) {
    await repairs.make(one.key, one.value)
    check.made(one)
  }
}

/** What is no record at all, or leads beyond the log; and counts the others. */
async function removeBroken(
  { store }: LoggedParts,
  size: number,
  erased: Bitmap,
  repairs: Repairs,
  check: TermCheck,
): Promise<void> {
  for (const family of ['term', 'newest'] as const) {
    for await (const { text, key, value } of scanFamily(store, family)) {
      const index = key?.family === 'term' ? key.index : layout.tryDecodeIndex(value)
      if (key === undefined || index === undefined || index >= size) {
        await repairs.remove(text)
        continue
      }
      if (key.family === 'term' && value?.length !== 0) await repairs.make(text, NOTHING)
      check.count(key.kind, index, erased.has(index))
    }
  }
  await repairs.flush()
}

async function removeStrays(
  { store }: LoggedParts,
  repairs: Repairs,
  check: TermCheck,
): Promise<void> {
  for (const family of ['term', 'newest'] as const) {
    for await (const { text, key, value } of scanFamily(store, family)) {
      const index = key?.family === 'term' ? key.index : layout.tryDecodeIndex(value)
      if (key === undefined || index === undefined || !check.isSuspect(index)) continue
      if (await check.isStray(key, text, index)) await repairs.remove(text)
    }
  }
  await repairs.flush()
}
