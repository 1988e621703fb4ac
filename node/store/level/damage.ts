import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '../disk.ts'
import type { StoreDamage } from '../keyValueStore.ts'
import { findJournalDamage } from './journal.ts'
import { findTableDamage } from './table.ts'

const CHECKS: readonly [name: RegExp, check: (bytes: Buffer) => number | undefined][] = [
  [/^\d+\.log$/, findJournalDamage],
  [/^MANIFEST-\d+$/, findJournalDamage],
  [/^\d+\.(ldb|sst)$/, findTableDamage],
]

/** The journals alone: they are short, and LevelDB itself passes over their damage when it opens. */
export function findDamagedJournals(folder: string): AsyncGenerator<StoreDamage> {
  return findDamagedFiles(folder, /^(\d+\.log|MANIFEST-\d+)$/)
}

/**
 * Every file of a LevelDB folder against its own checksums, the first damage of each; the database may be open.
 * CURRENT has none, but LevelDB does not open with another.
 */
export async function* findDamagedFiles(
  folder: string,
  among: RegExp = /./,
): AsyncGenerator<StoreDamage> {
  for (const file of (await readdir(folder)).filter((name) => among.test(name)).toSorted()) {
    const check = CHECKS.find(([name]) => name.test(file))?.[1]
    const bytes = check && (await readIfThere(join(folder, file)))
    const offset = bytes && check?.(bytes)
    if (offset !== undefined) yield { file, offset }
  }
}

/** A file may go while a compaction runs. */
async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
