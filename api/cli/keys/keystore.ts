import { decryptKeystoreJson, encryptKeystoreJson, isError, scrypt, Wallet } from 'ethers'
import { scrypt as nativeScrypt } from 'node:crypto'
import { LedgerError } from '../../../node/core/errors.ts'

/** Half a second and 128 MiB for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 }
const MAX_MEMORY = 2 ** 28

// The same function as in ethers, by OpenSSL: several times as fast, so that the cost is the attacker's.
scrypt.register((password, salt, N, r, p, length) => {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  nativeScrypt(password, salt, length, { N, r, p, maxmem: MAX_MEMORY }, (error, key) => {
    if (error) reject(error)
    else resolve(key)
  })
  return promise
})

/** A key as the text of a key file (Web3 Secret Storage, version 3). */
export function sealKey(privateKey: string, passphrase: string): Promise<string> {
  const { address } = new Wallet(privateKey)
  return encryptKeystoreJson({ address, privateKey }, passphrase, { scrypt: COST })
}

/** @throws LedgerError invalid/KEY_FILE_MALFORMED, PASSPHRASE_WRONG */
export async function unsealKey(text: string, passphrase: string, file: string): Promise<Wallet> {
  try {
    return new Wallet((await decryptKeystoreJson(text, passphrase)).privateKey)
  } catch (cause) {
    if (isError(cause, 'INVALID_ARGUMENT') && cause.shortMessage === 'incorrect password')
      throw new LedgerError('invalid', 'PASSPHRASE_WRONG', { path: file })
    throw new LedgerError('invalid', 'KEY_FILE_MALFORMED', { file }, { cause })
  }
}

/**
 * @param file named in the refusal
 * @throws LedgerError invalid/KEY_FILE_MALFORMED unless it is 64 hex digits, with or without 0x
 */
export function parsePrivateKey(text: string, file: string): string {
  const [, digits] = /^\s*(?:0x)?([0-9a-fA-F]{64})\s*$/.exec(text) ?? []
  try {
    return new Wallet(`0x${digits ?? ''}`).privateKey
  } catch {
    // Not handed on: the cause may show the key.
    throw new LedgerError('invalid', 'KEY_FILE_MALFORMED', { file })
  }
}
