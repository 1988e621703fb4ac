import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { parseCatalogueFile } from '../../../node/catalogue/file.ts'
import type { CatalogueFile } from '../../../node/catalogue/file.ts'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import { HexAddress } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { parseStrictJson } from '../../../node/core/json.ts'
import type { JsonLimits } from '../../../node/core/json.ts'
import { parseBy } from '../../../node/core/schema.ts'

// Apart from the rest of the client, which runs in browsers.

/** Some thousands of entries. */
const LIMITS: JsonLimits = { bytes: 64 * 1024 * 1024, depth: 32 }

/** What stands for the catalogue that comes along, in place of a file. */
const SEED = 'seed'

/**
 * Catalogue documents, to be loaded: see `CatalogueClient.load`.
 *
 * @param name of a file; of a folder, whose JSON files are taken together; or `seed`
 * @throws LedgerError invalid/CATALOGUE_FILE_MALFORMED, JSON_* {file}
 * @throws what the system says of a file
 */
export async function readCatalogueFile(name: string): Promise<CatalogueFile> {
  if (name === SEED) {
    // Loaded only now: nothing else needs it.
    const { seedCatalogue } = await import('../../../node/catalogue/seed.ts')
    return seedCatalogue()
  }
  if (!(await stat(name)).isDirectory()) return readBy(name, parseCatalogueFile)
  const names = (await readdir(name)).filter((each) => each.endsWith('.json')).toSorted()
  const files: CatalogueFile[] = []
  for (const each of names) files.push(await readBy(join(name, each), parseCatalogueFile))
  return {
    departments: files.flatMap(({ departments }) => departments),
    entries: files.flatMap(({ entries }) => entries),
  }
}

/**
 * Addresses of departments by the codes that files give them: `{"YP-SCJ": "0x…"}`.
 *
 * @throws LedgerError invalid/CATALOGUE_FILE_MALFORMED, JSON_* {file}
 */
export async function readDepartmentMap(path: string): Promise<ReadonlyMap<string, Hex>> {
  const map = await readBy(path, (value) =>
    parseBy(z.record(z.string(), HexAddress), value, 'CATALOGUE_FILE_MALFORMED'),
  )
  return new Map(Object.entries(map))
}

async function readBy<T>(path: string, parse: (value: unknown) => T): Promise<T> {
  const bytes = await readFile(path)
  try {
    return parse(parseStrictJson(bytes, LIMITS))
  } catch (cause) {
    if (!isLedgerError(cause)) throw cause
    throw new LedgerError('invalid', cause.code, { ...cause.details, file: path }, { cause })
  }
}
