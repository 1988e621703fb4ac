import { decryptKeystoreJson, encryptKeystoreJson, isError, scrypt, Wallet } from 'ethers'
import type { KeystoreAccount } from 'ethers'
import { scrypt as nativeScrypt } from 'node:crypto'
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
  readonly address: Hex
}

/** Web3 Secret Storage, version 3; the rest is read by ethers. */
const Keystore = z.looseObject({
  address: z.string().regex(/^(0x)?[0-9a-fA-F]{40}$/),
  version: z.literal(3),
})

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const SUFFIX = '.json'
/** Half a second and 128 MiB for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 }
const MAX_MEMORY = 2 ** 28

// The same function as in ethers, by OpenSSL: ten times as fast, so that the cost is the attacker's.
scrypt.register((password, salt, N, r, p, length) => {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  nativeScrypt(password, salt, length, { N, r, p, maxmem: MAX_MEMORY }, (error, key) => {
    if (error) reject(error)
    else resolve(key)
  })
  return promise
})

export function keysFolder(): string {
  return process.env['ONCE_KEYS'] || join(homedir(), '.onceledger', 'keys')
}

/**
 * @param passphrase asked for once it is known that the name is free
 * @throws LedgerError conflict/KEY_NAME_TAKEN
 */
export async function createKeyFile(
  name: string,
  privateKey: string,
  passphrase: () => Promise<string>,
): Promise<KeyFile> {
  const path = pathOf(name)
  if (await exists(path)) throw new LedgerError('conflict', 'KEY_NAME_TAKEN', { path })
  const { address } = new Wallet(privateKey)
  const account = { address, privateKey }
  const text = await encryptKeystoreJson(account, await passphrase(), { scrypt: COST })
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
  return { name, path, address: address.toLowerCase() as Hex }
}

/** In the order of their names; what is no key file is passed over. */
export async function listKeyFiles(): Promise<KeyFile[]> {
  const names = await readdir(keysFolder()).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const keys = await Promise.all(
    names
      .filter((name) => name.endsWith(SUFFIX))
      .toSorted()
      .map((name) => tryRead(name.slice(0, -SUFFIX.length))),
  )
  return keys.filter((key) => key !== undefined)
}

async function tryRead(name: string): Promise<KeyFile | undefined> {
  return NAME.test(name) ? findKeyFile(name).catch(() => undefined) : undefined
}

/**
 * @param key name in the folder of keys, or the path of a file, with a slash in it
 * @throws LedgerError notFound/KEY_NOT_FOUND, forbidden/KEY_EXPOSED, invalid/KEY_FILE_MALFORMED
 */
export async function findKeyFile(key: string): Promise<KeyFile> {
  const { path, address } = await readKeyFile(key)
  return { name: basename(path, SUFFIX), path, address }
}

/** @throws LedgerError as `findKeyFile`, and invalid/PASSPHRASE_WRONG */
export async function openKeyFile(key: string, passphrase: () => Promise<string>): Promise<Wallet> {
  const { path, text } = await readKeyFile(key)
  return decrypt(text, await passphrase(), path)
}

/** @throws LedgerError invalid/KEY_FILE_MALFORMED, PASSPHRASE_WRONG */
export async function decrypt(text: string, passphrase: string, file: string): Promise<Wallet> {
  return new Wallet((await decryptAccount(text, passphrase, file)).privateKey)
}

async function decryptAccount(
  text: string,
  passphrase: string,
  file: string,
): Promise<KeystoreAccount> {
  try {
    return await decryptKeystoreJson(text, passphrase)
  } catch (cause) {
    if (isError(cause, 'INVALID_ARGUMENT') && cause.shortMessage === 'incorrect password')
      throw new LedgerError('invalid', 'PASSPHRASE_WRONG', { path: file })
    throw new LedgerError('invalid', 'KEY_FILE_MALFORMED', { file }, { cause })
  }
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

/** The address is the file's own word: opening it checks that. */
async function readKeyFile(key: string): Promise<{ path: string; text: string; address: Hex }> {
  const path = key.includes('/') || key.includes(sep) ? key : pathOf(key)
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new LedgerError('notFound', 'KEY_NOT_FOUND', { file: path })
    throw cause
  })
  if ((found.mode & 0o077) !== 0) throw new LedgerError('forbidden', 'KEY_EXPOSED', { path })
  const text = await readFile(path, 'utf8')
  const keystore = parseKeystore(text)
  if (keystore === undefined) throw new LedgerError('invalid', 'KEY_FILE_MALFORMED', { file: path })
  const address = `0x${keystore.address.replace(/^0x/, '').toLowerCase()}` as const
  return { path, text, address }
}

function pathOf(name: string): string {
  if (!NAME.test(name))
    misuse(`${name} is no name of a key: 1 to 64 letters, digits, dots, _ and -.`)
  return join(keysFolder(), `${name}${SUFFIX}`)
}
