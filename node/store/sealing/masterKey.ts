import { constants } from 'node:fs'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { LedgerError } from '../../core/errors.ts'
import { syncFolder } from '../disk.ts'

export const MASTER_KEY_FILE = 'master.key'
const MASTER_KEY_LENGTH = 32

/**
 * Reads 64 hex digits or standard base64, white space at the ends aside.
 *
 * @throws LedgerError invalid/MASTER_KEY_MALFORMED unless it is 32 bytes in one of the two
 */
export function parseMasterKey(text: string): Uint8Array {
  const trimmed = text.trim()
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, 'hex')
  const bytes = Buffer.from(trimmed, 'base64')
  if (bytes.length !== MASTER_KEY_LENGTH || bytes.toString('base64') !== trimmed)
    throw new LedgerError('invalid', 'MASTER_KEY_MALFORMED')
  return bytes
}

/**
 * The key file of the data folder, made on the first start. `created` asks for a warning: without a copy
 * of that file elsewhere, a lost disk loses every content, and with it in a backup, the backup is in clear.
 *
 * @throws LedgerError forbidden/MASTER_KEY_EXPOSED when others than the owner may read it
 * @throws LedgerError invalid/MASTER_KEY_MALFORMED
 */
export async function openOrCreateMasterKey(
  dataFolder: string,
): Promise<{ readonly key: Uint8Array; readonly created: boolean }> {
  const path = join(dataFolder, MASTER_KEY_FILE)
  const found = await readKeyFile(path)
  if (found !== undefined) return { key: found, created: false }
  await mkdir(dataFolder, { recursive: true })
  await createKeyFile(path, dataFolder)
  const made = await readKeyFile(path)
  if (made === undefined) throw new LedgerError('unavailable', 'MASTER_KEY_UNREADABLE', { path })
  return { key: made, created: true }
}

async function readKeyFile(path: string): Promise<Uint8Array | undefined> {
  // A link could lead to a key that somebody else chose or reads.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined
      if (cause.code === 'ELOOP') throw new LedgerError('forbidden', 'MASTER_KEY_EXPOSED', { path })
      throw new LedgerError('unavailable', 'MASTER_KEY_UNREADABLE', { path }, { cause })
    },
  )
  if (file === undefined) return undefined
  try {
    const { mode } = await file.stat()
    if ((mode & 0o077) !== 0) {
      const shown = (mode & 0o777).toString(8)
      throw new LedgerError('forbidden', 'MASTER_KEY_EXPOSED', { path, mode: shown })
    }
    return parseMasterKey(await file.readFile('utf8'))
  } finally {
    await file.close()
  }
}

/** Complete or not there at all: half a key would lock the folder for good. Of two starts at once, one key stays. */
async function createKeyFile(path: string, dataFolder: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(MASTER_KEY_LENGTH).toString('hex')}\n`)
    await file.sync()
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await file.close()
    await rm(draft)
  }
  await syncFolder(dataFolder)
}
