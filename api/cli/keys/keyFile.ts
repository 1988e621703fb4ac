import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join, sep } from 'node:path'
import { z } from 'zod'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { misuse } from '../context.ts'
import { exists } from '../exists.ts'
import { FileDraft } from '../fileDraft.ts'

/** A key in a file, without what opens it. */
export interface KeyFile {
  readonly name: string
  readonly path: string
  /** By the file's own word: opening it checks that. */
  readonly address: Hex
}

/** As much of Web3 Secret Storage as tells whose key it is. */
const Keystore = z.looseObject({
  address: z.string().regex(/^(0x)?[0-9a-fA-F]{40}$/),
  version: z.literal(3),
})

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const SUFFIX = '.json'

/** @throws LedgerError conflict/KEY_NAME_TAKEN */
export async function requireFreeName(name: string): Promise<void> {
  const path = pathOf(name)
  if (await exists(path)) throw new LedgerError('conflict', 'KEY_NAME_TAKEN', { path })
}

/** @throws LedgerError conflict/KEY_NAME_TAKEN */
export async function writeKeyFile(name: string, text: string): Promise<KeyFile> {
  const path = pathOf(name)
  await mkdir(keysFolder(), { recursive: true, mode: 0o700 })
  const draft = await FileDraft.open(path, 0o600)
  try {
    await draft.write(Buffer.from(`${text}\n`))
    await draft.keepNew()
  } catch (cause) {
    await draft.discard()
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new LedgerError('conflict', 'KEY_NAME_TAKEN', { path })
  }
  return findKeyFile(name)
}

/** In the order of their names; what is no key file is passed over. */
export async function listKeyFiles(): Promise<KeyFile[]> {
  const files = await readdir(keysFolder()).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const names = files
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .filter((name) => NAME.test(name))
  const found = await Promise.all(
    names.toSorted().map((name) => findKeyFile(name).catch(() => undefined)),
  )
  return found.filter((key) => key !== undefined)
}

/**
 * @param key name in the folder of keys, or the path of a file, with a slash in it
 * @throws LedgerError notFound/KEY_NOT_FOUND, forbidden/KEY_EXPOSED, invalid/KEY_FILE_MALFORMED
 */
export async function findKeyFile(key: string): Promise<KeyFile> {
  const { path, text } = await readKeyFile(key)
  const keystore = parseKeystore(text)
  if (keystore === undefined) throw new LedgerError('invalid', 'KEY_FILE_MALFORMED', { file: path })
  const address = `0x${keystore.address.replace(/^0x/, '').toLowerCase()}` as const
  return { name: basename(path, SUFFIX), path, address }
}

/** @throws LedgerError notFound/KEY_NOT_FOUND, forbidden/KEY_EXPOSED */
export async function readKeyFile(key: string): Promise<{ path: string; text: string }> {
  const path = key.includes('/') || key.includes(sep) ? key : pathOf(key)
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new LedgerError('notFound', 'KEY_NOT_FOUND', { file: path })
    throw cause
  })
  if ((found.mode & 0o077) !== 0) throw new LedgerError('forbidden', 'KEY_EXPOSED', { path })
  return { path, text: await readFile(path, 'utf8') }
}

export function isKeystore(text: string): boolean {
  return parseKeystore(text) !== undefined
}

function parseKeystore(text: string): z.infer<typeof Keystore> | undefined {
  try {
    return Keystore.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function keysFolder(): string {
  return process.env['ONCE_KEYS'] || join(homedir(), '.onceledger', 'keys')
}

function pathOf(name: string): string {
  if (!NAME.test(name))
    misuse(`${name} is no name of a key: 1 to 64 letters, digits, dots, _ and -.`)
  return join(keysFolder(), `${name}${SUFFIX}`)
}
