import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '../bytes.ts'
import { decode0x, encode0x } from './hex.ts'
import type { Hex } from './hex.ts'

/**
 * Where the registries keep what evidence proves: Solidity's layout of storage
 * (https://docs.soliditylang.org/en/latest/internals/layout_in_storage.html). Evidence that was given out names these
 * slots, so a contract that moves them is another contract; a test compares them with the compiler's own account.
 */
const LAYOUT = {
  departments: 2,
  accounts: 4,
  types: 6,
  bindings: 9,
  certificatePages: 2,
  grantStates: 2,
  epochs: 3,
} as const

/** PartyRegistry: `_departments[department]`. */
export const departmentSlot = (department: Hex): Hex => inMapping(LAYOUT.departments, department)

/** PartyRegistry: length of `_accounts[department]`, the accounts that it came to act by. */
export const accountCountSlot = (department: Hex): Hex => inMapping(LAYOUT.accounts, department)

/** PartyRegistry: `_accounts[department][index]`. */
export function accountSlot(department: Hex, index: number): Hex {
  const first = keccak_256(decode0x(accountCountSlot(department)))
  return encode0x(fromBigInt(toBigInt(first) + BigInt(index)))
}

/** PartyRegistry: `_types[department][certificateType]`. */
export const typeSlot = (department: Hex, certificateType: Hex): Hex =>
  inMapping(LAYOUT.types, department, certificateType)

/** PartyRegistry: `_bindings[holder][account]`. */
export const bindingSlot = (holder: Hex, account: Hex): Hex =>
  inMapping(LAYOUT.bindings, holder, account)

/** CertificateRegistry: `_pages[certificate][page]`. */
export const statusPageSlot = (certificate: Hex, page: number): Hex =>
  inMapping(LAYOUT.certificatePages, certificate, encode0x(fromBigInt(BigInt(page))))

/** GrantRegistry: `_states[grant]`. */
export const grantStateSlot = (grant: Hex): Hex => inMapping(LAYOUT.grantStates, grant)

/** GrantRegistry: `_epochs[account]`. */
export const epochSlot = (account: Hex): Hex => inMapping(LAYOUT.epochs, account)

/** keccak256(key ‖ slot), once for each key; keys are left-padded to 32 bytes. */
function inMapping(slot: number, ...keys: readonly Hex[]): Hex {
  let place = fromBigInt(BigInt(slot))
  for (const key of keys) place = keccak_256(concatBytes(padded(decode0x(key)), place))
  return encode0x(place)
}

function padded(key: Uint8Array): Uint8Array {
  const word = new Uint8Array(32)
  word.set(key, 32 - key.length)
  return word
}

/** Big-endian, as a slot is read. */
export function toBigInt(word: Uint8Array): bigint {
  return BigInt(encode0x(word))
}

function fromBigInt(value: bigint): Uint8Array {
  return decode0x(`0x${BigInt.asUintN(256, value).toString(16).padStart(64, '0')}`)
}
