import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, encodeHex, utf8 } from './bytes.ts'
import { LedgerError } from './errors.ts'
import type { Hex } from './ethereum/hex.ts'

/** What a sign-in message says, beside the words that are always the same. */
export interface SignIn {
  /** Of the ledger's API as the caller reaches it: `https://ledger.example.gov`. */
  readonly origin: string
  readonly account: Hex
  readonly chainId: number
  /** 8 letters and digits or more. */
  readonly nonce: string
  /** RFC 3339, UTC, milliseconds. */
  readonly issuedAt: string
  readonly expiresAt: string
}

/** In the message. EIP-4361 allows no text but ASCII here: wallets show another message as mere bytes. */
const STATEMENT = 'Sign in to OnceLedger. This costs nothing and grants nothing to anyone.'

/** The statement of the message, for people: what stands in the message, and the same in Chinese. */
export const SIGN_IN_SENTENCE = {
  zh: '登录一次办账本。签名不收费，也不向任何人授权。',
  en: STATEMENT,
} as const

/** EIP-4361, the fields that are used here in their one order. */
export function formatSignIn(signIn: SignIn): string {
  const { origin, account, chainId, nonce, issuedAt, expiresAt } = signIn
  return [
    `${origin} wants you to sign in with your Ethereum account:`,
    checksumAddress(account),
    '',
    STATEMENT,
    '',
    `URI: ${origin}/v1/session`,
    'Version: 1',
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt}`,
    `Expiration Time: ${expiresAt}`,
    'Resources:',
    `- ${origin}/.well-known/onceledger`,
  ].join('\n')
}

const FIRST_LINE =
  /^(?<origin>https?:\/\/[^\s/]+) wants you to sign in with your Ethereum account:$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/**
 * Reads exactly what `formatSignIn` writes: a message with another word in it is another message.
 *
 * @throws LedgerError invalid/SIGN_IN_MALFORMED
 */
export function parseSignIn(text: string): SignIn {
  const lines = text.split('\n')
  const after = (index: number, label: string): string => {
    const line = lines[index] ?? ''
    return line.startsWith(label) ? line.slice(label.length) : ''
  }
  const origin = FIRST_LINE.exec(lines[0] ?? '')?.groups?.['origin'] ?? ''
  const account = (lines[1] ?? '').toLowerCase()
  const chainId = after(7, 'Chain ID: ')
  const signIn = {
    origin,
    account: account as Hex,
    chainId: Number(chainId),
    nonce: after(8, 'Nonce: '),
    issuedAt: after(9, 'Issued At: '),
    expiresAt: after(10, 'Expiration Time: '),
  }
  const isWellFormed =
    /^0x[0-9a-f]{40}$/.test(account) &&
    /^[1-9]\d{0,15}$/.test(chainId) &&
    /^[A-Za-z0-9]{8,100}$/.test(signIn.nonce) &&
    TIME.test(signIn.issuedAt) &&
    TIME.test(signIn.expiresAt)
  if (!isWellFormed || formatSignIn(signIn) !== text)
    throw new LedgerError('invalid', 'SIGN_IN_MALFORMED')
  return signIn
}

/** EIP-191, version 0x45: what a wallet signs of a text, so that no text passes for a transaction. */
export function hashSignedText(text: string): Uint8Array {
  const bytes = utf8(text)
  return keccak_256(concatBytes(utf8(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes))
}

/** EIP-55: upper and lower case guard an address against slips. */
export function checksumAddress(account: Hex): string {
  const digits = account.slice(2)
  const hash = encodeHex(keccak_256(utf8(digits)))
  return `0x${digits.replaceAll(/[a-f]/g, (digit, at: number) => ((hash[at] ?? '') >= '8' ? digit.toUpperCase() : digit))}`
}
