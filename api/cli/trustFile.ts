import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isLedgerError, LedgerError } from '../../node/core/errors.ts'
import { parseTrust } from '../../node/core/trust.ts'
import type { Trust } from '../../node/core/trust.ts'
import { misuse } from './context.ts'
import { exists } from './exists.ts'

export interface FoundTrust {
  readonly path: string
  readonly trust: Trust
}

/**
 * What to believe, from the first of these that is there: the file that was named, the one that ONCE_TRUST names,
 * ./trust.json, and the one that a node on this machine keeps in its data folder.
 *
 * @throws LedgerError invalid/TRUST_MALFORMED and the other codes of `parseTrust`
 */
export async function findTrust(
  named: string | undefined,
  dataFolder: string,
): Promise<FoundTrust | undefined> {
  const chosen = named ?? process.env['ONCE_TRUST']
  if (chosen) return readTrustFile(chosen)
  for (const path of ['trust.json', join(dataFolder, 'trust.json')]) {
    if (await exists(path)) return readTrustFile(path)
  }
  return undefined
}

export async function requireTrust(
  named: string | undefined,
  dataFolder: string,
): Promise<FoundTrust> {
  const found = await findTrust(named, dataFolder)
  return (
    found ??
    misuse(
      'There is no trust.json. Make one with `once trust` while the ledger runs, or name one with --trust.',
    )
  )
}

async function readTrustFile(path: string): Promise<FoundTrust> {
  const text = await readFile(path)
  try {
    return { path, trust: parseTrust(text) }
  } catch (cause) {
    if (!isLedgerError(cause)) throw cause
    throw new LedgerError('invalid', cause.code, { ...cause.details, file: path }, { cause })
  }
}
