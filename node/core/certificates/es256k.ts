import { secp256k1 } from '@noble/curves/secp256k1.js'
import { recoverAccount } from '../acts/signature.ts'
import { encodeHex } from '../bytes.ts'
import { LedgerError, isLedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import { sha256 } from '../hash/hash.ts'

/** Signs the bytes it is given by ES256K (RFC 8812 §3.2): 64 bytes r ‖ s, s in the lower half. */
export type Sign = (input: Uint8Array) => Uint8Array | Promise<Uint8Array>

/** Deterministic (RFC 6979): the same bytes give the same signature. */
export function signer(privateKey: Uint8Array): Sign {
  return (input) => secp256k1.sign(sha256(input), privateKey, { prehash: false, lowS: true })
}

/**
 * An account is the hash of a public key, so the key is recovered from the signature: of r ‖ s alone follow two, one
 * for each parity. (Two more exist where r exceeds the order, which no signature in 2^127 does.)
 *
 * @param accounts of which one must have signed
 * @returns the account that signed
 * @throws LedgerError unverified/SIGNATURE_MALFORMED not 64 bytes, r or s out of range, s in the upper half
 * @throws LedgerError unverified/SIGNATURE_INVALID
 */
export function requireEs256k(
  accounts: readonly Hex[],
  input: Uint8Array,
  signature: Uint8Array,
): Hex {
  if (signature.length !== 64) {
    throw new LedgerError('unverified', 'SIGNATURE_MALFORMED', { reason: 'not 64 bytes' })
  }
  const digest = sha256(input)
  const signed = (['1b', '1c'] as const).map((v) =>
    recover(digest, `0x${encodeHex(signature)}${v}`),
  )
  const account = accounts.find((account) => signed.includes(account))
  if (account === undefined) throw new LedgerError('unverified', 'SIGNATURE_INVALID', { accounts })
  return account
}

function recover(digest: Uint8Array, signature: Hex): Hex | undefined {
  try {
    return recoverAccount(digest, signature)
  } catch (error) {
    if (isLedgerError(error, 'SIGNATURE_INVALID')) return undefined
    throw error
  }
}
