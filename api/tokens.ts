import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LedgerError } from '../node/core/errors.ts'
import { mistakesOf } from './config/values.ts'
import { Credential } from './http/auth.ts'

const TOKENS_FILE = 'tokens.json'

const Tokens = z.array(Credential).min(1)

/**
 * The tokens of the data folder, made on the first start: one with all roles, for whoever may read
 * the folder, so that the command line works at once.
 *
 * @throws LedgerError forbidden/TOKENS_EXPOSED when others than the owner may read the file
 * @throws LedgerError invalid/TOKENS_MALFORMED
 */
export async function openOrCreateTokens(dataFolder: string): Promise<Credential[]> {
  const found = await readTokens(dataFolder)
  if (found !== undefined) return found
  await mkdir(dataFolder, { recursive: true })
  await createTokens(join(dataFolder, TOKENS_FILE))
  return (await readTokens(dataFolder)) ?? []
}

/**
 * The tokens of the data folder; undefined when it has none.
 *
 * @throws LedgerError forbidden/TOKENS_EXPOSED, invalid/TOKENS_MALFORMED
 */
export async function readTokens(dataFolder: string): Promise<Credential[] | undefined> {
  const path = join(dataFolder, TOKENS_FILE)
  try {
    const { mode } = await stat(path)
    if ((mode & 0o077) !== 0) throw new LedgerError('forbidden', 'TOKENS_EXPOSED', { path })
    return parseTokens(path, await readFile(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    const mistakes = [`${TOKENS_FILE} cannot be read (${(cause as NodeJS.ErrnoException).code})`]
    throw new LedgerError('invalid', 'TOKENS_MALFORMED', { path, mistakes }, { cause })
  }
}

/** @throws LedgerError invalid/TOKENS_MALFORMED with `details.mistakes`: all that is wrong, without values */
function parseTokens(path: string, text: string): Credential[] {
  const mistaken = (mistakes: readonly string[], cause: unknown) =>
    new LedgerError('invalid', 'TOKENS_MALFORMED', { path, mistakes }, { cause })
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (cause) {
    throw mistaken([`${TOKENS_FILE} is not JSON`], cause)
  }
  const parsed = Tokens.safeParse(found)
  if (parsed.success) return parsed.data
  const mistakes = mistakesOf(parsed.error).map((mistake) => `${TOKENS_FILE} ${mistake}`)
  throw mistaken(mistakes, parsed.error)
}

/** Complete or not there at all; of two starts at once, one file stays. */
async function createTokens(path: string): Promise<void> {
  const token = `once_${randomBytes(32).toString('base64url')}`
  const credentials = [{ name: 'local', roles: ['operator', 'submitter', 'auditor'], token }]
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(credentials, null, 2)}\n`)
    await file.sync()
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await file.close()
    await rm(draft)
  }
}
