import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { decodeUtf8 } from '../../../node/core/bytes.ts'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import { readScope } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument } from '../../../node/core/grants/scope.ts'
import { parseStrictJson } from '../../../node/core/json.ts'
import { FileDraft } from '../fileDraft.ts'

/** Two lists of 256 entries with long lists of fields. */
const LIMITS = { bytes: 8 * 1024 * 1024, depth: 8 }

/** What somebody writes by hand: the lists, without the seed. */

/**
 * A scope document lies with the holder alone: its seed opens every position.
 *
 * @throws LedgerError conflict/SCOPE_FILE_TAKEN, invalid/SCOPE_MALFORMED
 */
export async function writeScopeFile(path: string, lists: unknown): Promise<ScopeDocument> {
  const given = typeof lists === 'object' && lists !== null ? lists : {}
  const document = readScope({ v: 1, seed: randomBytes(32).toString('hex'), ...given })
  const draft = await FileDraft.open(path, 0o600)
  try {
    await draft.write(Buffer.from(`${JSON.stringify(document, undefined, 2)}\n`))
    await draft.keepNew()
  } catch (cause) {
    await draft.discard()
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new LedgerError('conflict', 'SCOPE_FILE_TAKEN', { path })
  }
  return document
}

/** @throws LedgerError forbidden/SCOPE_FILE_EXPOSED, invalid/SCOPE_MALFORMED, JSON_* {file} */
export async function readScopeFile(path: string): Promise<ScopeDocument> {
  if (((await stat(path)).mode & 0o077) !== 0)
    throw new LedgerError('forbidden', 'SCOPE_FILE_EXPOSED', { path })
  return readScope(await readJsonFile(path))
}

/** @throws LedgerError invalid/JSON_* {file} */
export async function readJsonFile(path: string): Promise<unknown> {
  const bytes = await readFile(path)
  try {
    return parseStrictJson(decodeUtf8(bytes), LIMITS)
  } catch (cause) {
    if (!isLedgerError(cause)) throw cause
    throw new LedgerError('invalid', cause.code, { ...cause.details, file: path }, { cause })
  }
}
