import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { decodeHex, equalBytes } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { decodeRlp } from './rlp.ts'

/** What evidence needs of a block header. */
export interface Header {
  readonly number: number
  /** Keccak-256 of the header's RLP: the block's hash. */
  readonly hash: Uint8Array
  readonly parentHash: Uint8Array
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly stateRoot: Uint8Array
  readonly transactionsRoot: Uint8Array
}

type FieldForm = 'data' | 'quantity'

/** Yellow paper §4.4, under the names that JSON-RPC gives. */
const FRONTIER_FIELDS: readonly (readonly [string, FieldForm])[] = [
  ['parentHash', 'data'],
  ['sha3Uncles', 'data'],
  ['miner', 'data'],
  ['stateRoot', 'data'],
  ['transactionsRoot', 'data'],
  ['receiptsRoot', 'data'],
  ['logsBloom', 'data'],
  ['difficulty', 'quantity'],
  ['number', 'quantity'],
  ['gasLimit', 'quantity'],
  ['gasUsed', 'quantity'],
  ['timestamp', 'quantity'],
  ['extraData', 'data'],
  ['mixHash', 'data'],
  ['nonce', 'data'],
]

/** Each fork appends fields; a header has all of a fork's or none of it and of the later ones. */
const FORK_FIELDS: readonly (readonly (readonly [string, FieldForm])[])[] = [
  [['baseFeePerGas', 'quantity']], // London, EIP-1559
  [['withdrawalsRoot', 'data']], // Shanghai, EIP-4895
  [
    // Cancun, EIP-4844 and EIP-4788
    ['blobGasUsed', 'quantity'],
    ['excessBlobGas', 'quantity'],
    ['parentBeaconBlockRoot', 'data'],
  ],
  [['requestsHash', 'data']], // Prague, EIP-7685; Osaka adds none
]

const NUMBER = 8
const TIMESTAMP = 11

/**
 * RLP of the header of a block as `eth_getBlockByHash` gives it.
 *
 * Undefined when it does not hash to the block's own hash: such a chain has headers of its own
 * (Clique and QBFT hash without their seals, others add fields), and cannot be proven offline.
 */
export function encodeHeader(block: Readonly<Record<string, unknown>>): Uint8Array | undefined {
  const names = [...FRONTIER_FIELDS]
  for (const fork of FORK_FIELDS) {
    if (!fork.some(([name]) => isPresent(block[name]))) break
    names.push(...fork)
  }
  const fields = names.map(([name, form]) => encodeField(block[name], form))
  const hash = encodeField(block['hash'], 'data')
  if (hash === undefined || !fields.every((field) => field !== undefined)) return undefined
  const rlp = RLP.encode(fields)
  return equalBytes(keccak_256(rlp), hash) ? rlp : undefined
}

/**
 * Reads the members that evidence needs. The hash commits to every byte, so what is not read needs no check.
 *
 * @throws LedgerError unverified/HEADER_MALFORMED
 */
export function decodeHeader(rlp: Uint8Array): Header {
  const fields = decodeFields(rlp)
  const [parentHash, , , stateRoot, transactionsRoot] = fields
  const [number, timestamp] = [fields[NUMBER], fields[TIMESTAMP]]
  if (
    fields.length < FRONTIER_FIELDS.length ||
    parentHash?.length !== 32 ||
    stateRoot?.length !== 32 ||
    transactionsRoot?.length !== 32 ||
    number === undefined ||
    timestamp === undefined
  ) {
    throw malformed()
  }
  return {
    number: readNumber(number),
    hash: keccak_256(rlp),
    parentHash,
    timestamp: readNumber(timestamp),
    stateRoot,
    transactionsRoot,
  }
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** JSON-RPC writes quantities without leading zeros, and RLP wants them as bytes without any. */
function encodeField(value: unknown, form: FieldForm): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]*$/.test(value)) return undefined
  const digits = value.slice(2).toLowerCase()
  if (form === 'data') return digits.length % 2 === 0 ? decodeHex(digits) : undefined
  const trimmed = digits.replace(/^0+/, '')
  return decodeHex(trimmed.length % 2 === 0 ? trimmed : `0${trimmed}`)
}

function decodeFields(rlp: Uint8Array): Uint8Array[] {
  const decoded = decodeRlp(rlp, 'HEADER_MALFORMED')
  if (decoded instanceof Uint8Array) throw malformed()
  return decoded.map((field) => {
    if (!(field instanceof Uint8Array)) throw malformed()
    return field
  })
}

function readNumber(bytes: Uint8Array): number {
  const number = bytes.reduce((value, byte) => value * 256 + byte, 0)
  if (!Number.isSafeInteger(number) || bytes[0] === 0) throw malformed()
  return number
}

function malformed(): LedgerError {
  return new LedgerError('unverified', 'HEADER_MALFORMED')
}
