import { keccak_256 } from '@noble/hashes/sha3.js'
import { decodeHex, utf8 } from '../bytes.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Registries } from '../parties/registries.ts'
import type { Signable, SignableType } from './acts.ts'
import { structOf, type StructField } from './structs.ts'

/** EIP-712: what an account signs, and the digest that a contract computes of it. */

/** What every signature is bound to: this chain, this contract. */
export interface Domain {
  readonly name: 'OnceLedger'
  readonly version: '1'
  readonly chainId: number
  readonly verifyingContract: Hex
}

/** As `eth_signTypedData_v4` takes it. */
export interface TypedData<A extends Signable = Signable> {
  readonly types: Readonly<
    Record<string, readonly { readonly name: string; readonly type: string }[]>
  >
  readonly primaryType: A['type']
  readonly domain: Domain
  readonly message: A['message']
}

const WORD = 32
const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const

export function domainOf(type: SignableType, registries: Registries): Domain {
  const verifyingContract = registries[structOf(type).registry]
  return { name: 'OnceLedger', version: '1', chainId: registries.chainId, verifyingContract }
}

export function typedDataOf<A extends Signable>(act: A, registries: Registries): TypedData<A> {
  return {
    types: { EIP712Domain: DOMAIN_FIELDS, [act.type]: structOf(act.type).fields },
    primaryType: act.type,
    domain: domainOf(act.type, registries),
    message: act.message,
  }
}

/**
 * The digest that is signed (EIP-712, "Specification"); of a grant or a use it is also the id.
 *
 * @throws TypeError for a message that its schema would not take
 */
export function hashAct(act: Signable, registries: Registries): Uint8Array {
  digestInput.set(domainSeparator(registries.chainId, registries[structOf(act.type).registry]), 2)
  digestInput.set(hashStruct(act), 2 + WORD)
  return keccak_256(digestInput)
}

// 0x19 0x01 stops a digest from being that of a transaction, or of another way to sign.
const digestInput = new Uint8Array(2 + 2 * WORD)
digestInput.set([0x19, 0x01])

/**
 * hashStruct of EIP-712, "Definition of hashStruct".
 *
 * @throws TypeError as `hashAct`
 */
export function hashStruct(act: Signable): Uint8Array {
  const { input, fields } = layoutOf(act.type)
  const message: Readonly<Record<string, unknown>> = act.message
  for (const field of fields) field.write(message[field.name])
  return keccak_256(input)
}

/** "Grant(bytes32 parent,address grantor,…)": encodeType of EIP-712. */
export function encodeType(name: string, fields: readonly { name: string; type: string }[]) {
  return `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`
}

/** A struct's encoding is as long for every value: it is written over and over into one place. */
interface Layout {
  readonly input: Uint8Array
  readonly fields: readonly { readonly name: string; readonly write: (value: unknown) => void }[]
}

const layouts = new Map<SignableType, Layout>()

function layoutOf(type: SignableType): Layout {
  let layout = layouts.get(type)
  if (layout === undefined) layouts.set(type, (layout = makeLayout(type)))
  return layout
}

function makeLayout(type: SignableType): Layout {
  const { fields } = structOf(type)
  const input = new Uint8Array((1 + fields.length) * WORD)
  input.set(keccak_256(utf8(encodeType(type, fields))))
  return {
    input,
    fields: fields.map((field, i) => ({
      name: field.name,
      write: writerOf(field.type, input.subarray((1 + i) * WORD, (2 + i) * WORD)),
    })),
  }
}

/** Writes a value into its word: EIP-712, "Definition of encodeData". */
function writerOf(type: StructField['type'], word: Uint8Array): (value: unknown) => void {
  switch (type) {
    case 'bytes32':
    case 'uint256':
      return (value) => word.set(bytesOf(value, WORD))
    case 'address':
      return (value) => word.set(bytesOf(value, 20), WORD - 20)
    case 'bytes32[]':
      return (value) => word.set(hashList(value))
    case 'string':
      return (value) => {
        if (typeof value !== 'string') throw new TypeError('not a text')
        word.set(keccak_256(utf8(value)))
      }
    case 'bool':
      return (value) => {
        if (typeof value !== 'boolean') throw new TypeError('not a boolean')
        word[WORD - 1] = Number(value)
      }
    default:
      return uintWriter(Number(type.slice('uint'.length)), word)
  }
}

function uintWriter(bits: number, word: Uint8Array): (value: unknown) => void {
  const limit = 2 ** bits
  const view = new DataView(word.buffer, word.byteOffset, WORD)
  return (value) => {
    if (!isCount(value) || value >= limit) throw new TypeError(`not a number of ${bits} bits`)
    view.setUint32(WORD - 8, Math.floor(value / 2 ** 32))
    view.setUint32(WORD - 4, value % 2 ** 32)
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** An array is the hash of its words one after the other. */
function hashList(value: unknown): Uint8Array {
  if (!Array.isArray(value)) throw new TypeError('not a list')
  const words = new Uint8Array(value.length * WORD)
  value.forEach((each, i) => words.set(bytesOf(each, WORD), i * WORD))
  return keccak_256(words)
}

function bytesOf(value: unknown, length: number): Uint8Array {
  if (typeof value !== 'string' || !value.startsWith('0x'))
    throw new TypeError(`not 0x and ${length} bytes of hex`)
  return decodeHex(value.slice(2), length)
}

const DOMAIN_TYPE = keccak_256(utf8(encodeType('EIP712Domain', DOMAIN_FIELDS)))
const NAME = keccak_256(utf8('OnceLedger'))
const VERSION = keccak_256(utf8('1'))

// An unverified document may name any contract, so what is kept is bounded.
const KEPT_SEPARATORS = 64
const separators = new Map<string, Uint8Array>()

function domainSeparator(chainId: number, contract: Hex): Uint8Array {
  const key = `${chainId} ${contract}`
  const known = separators.get(key)
  if (known !== undefined) return known
  const input = new Uint8Array(5 * WORD)
  const wordAt = (i: number) => input.subarray(i * WORD, (i + 1) * WORD)
  input.set(DOMAIN_TYPE)
  wordAt(1).set(NAME)
  wordAt(2).set(VERSION)
  writerOf('uint64', wordAt(3))(chainId)
  writerOf('address', wordAt(4))(contract)
  const separator = keccak_256(input)
  if (separators.size === KEPT_SEPARATORS) separators.clear()
  separators.set(key, separator)
  return separator
}
