import { Interface } from 'ethers'
import type { EventFragment, ParamType } from 'ethers'
import { LedgerError } from '../../core/errors.ts'
import type { Registries } from '../../core/parties/registries.ts'
import certificateRegistry from '../artifacts/CertificateRegistry.json' with { type: 'json' }
import grantRegistry from '../artifacts/GrantRegistry.json' with { type: 'json' }
import partyRegistry from '../artifacts/PartyRegistry.json' with { type: 'json' }
import type { Head, Hex } from '../chain.ts'
import type { RegistryEvent } from '../registries.ts'

/** What a log of a registry consists of, before its block's time is known. */
export interface RegistryLog {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly logIndex: number
  readonly transactionHash: Hex
}

type Registry = Exclude<keyof Registries, 'chainId'>
type Read = (word: string) => Hex | number | boolean

interface Decoder {
  readonly type: RegistryEvent['type']
  readonly registry: Registry
  readonly topics: readonly Member[]
  readonly words: readonly Member[]
  /** Of `data`, with 0x. */
  readonly length: number
}

interface Member {
  readonly name: string
  readonly read: Read
}

/** The events that the mirror reads; an event of the contracts that is none of these is of no concern. */
const TYPES: Readonly<Record<Registry, readonly RegistryEvent['type'][]>> = {
  parties: [
    'DepartmentAccredited',
    'CertificateTypePermitted',
    'StandingChanged',
    'DepartmentRekeyed',
    'AccountBound',
    'AccountReleased',
  ],
  certificates: ['StatusChanged'],
  grants: ['GrantRegistered', 'GrantRevoked', 'EpochBumped', 'GrantUsed'],
}

const ABIS = { parties: partyRegistry, certificates: certificateRegistry, grants: grantRegistry }

// ethers decodes some thousand logs a second, since it allows for every type there is. All members of these events are
// single words, so that slices of the text are enough.
const decoders = new Map(
  Object.entries(ABIS).flatMap(([registry, { abi }]) =>
    TYPES[registry as Registry].map((type) => {
      const event = new Interface(abi).getEvent(type)
      if (event === null) throw new TypeError(`the contract has no event ${type}`)
      return [event.topicHash, decoderOf(registry as Registry, type, event)] as const
    }),
  ),
)

/** What `eth_getLogs` has to look for in the first topic. */
export const EVENT_TOPICS: readonly string[] = [...decoders.keys()]

/** @throws LedgerError unavailable/CHAIN_NONSENSE for what no registry emits */
export function decodeEvent(log: RegistryLog, block: Head, registries: Registries): RegistryEvent {
  const { topics, data, logIndex, transactionHash: transaction } = log
  const decoder = decoders.get(topics[0] ?? '')
  if (
    decoder === undefined ||
    registries[decoder.registry] !== log.address ||
    topics.length !== decoder.topics.length + 1 ||
    data.length !== decoder.length
  ) {
    throw nonsense()
  }
  const event: Record<string, unknown> = { type: decoder.type, block, logIndex, transaction }
  decoder.topics.forEach(({ name, read }, i) => {
    event[name] = read((topics[i + 1] as Hex).slice(2))
  })
  decoder.words.forEach(({ name, read }, i) => {
    event[name] = read(data.slice(2 + 64 * i, 66 + 64 * i))
  })
  return event as unknown as RegistryEvent
}

function decoderOf(
  registry: Registry,
  type: RegistryEvent['type'],
  { inputs }: EventFragment,
): Decoder {
  const members = (indexed: boolean) =>
    inputs
      .filter((input) => input.indexed === indexed)
      .map((input) => ({ name: input.name, read: readerOf(input) }))
  const words = members(false)
  return { type, registry, topics: members(true), words, length: 2 + 64 * words.length }
}

function readerOf({ type }: ParamType): Read {
  if (type === 'bytes32') return (word) => `0x${word}`
  if (type === 'address') return readAddress
  if (type === 'bool') return (word) => readNumber(word, 1) === 1
  const bits = /^uint(\d+)$/.exec(type)?.[1]
  if (bits === undefined) throw new TypeError(`no reader for ${type}`)
  const max = Math.min(2 ** Number(bits) - 1, Number.MAX_SAFE_INTEGER)
  return (word) => readNumber(word, max)
}

const NO_ADDRESS = '0'.repeat(24)
const NO_NUMBER = '0'.repeat(48)

function readAddress(word: string): Hex {
  if (!word.startsWith(NO_ADDRESS)) throw nonsense()
  return `0x${word.slice(24)}`
}

function readNumber(word: string, max: number): number {
  const value = Number.parseInt(word.slice(48), 16)
  if (!word.startsWith(NO_NUMBER) || value > max) throw nonsense()
  return value
}

function nonsense(): LedgerError {
  return new LedgerError('unavailable', 'CHAIN_NONSENSE', { method: 'eth_getLogs' })
}
