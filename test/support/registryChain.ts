import { createHash } from 'node:crypto'
import type { BlockId, Head, Hex } from '../../node/chain/chain.ts'
import type { RegistryChain, RegistryEvent } from '../../node/chain/registries.ts'
import { LedgerError } from '../../node/core/errors.ts'
import type { Registries } from '../../node/core/parties/registries.ts'

type Without<Event> = Event extends RegistryEvent
  ? Omit<Event, 'block' | 'logIndex' | 'transaction'>
  : never
/** An event, but for where it is recorded. */
export type EventBody = Without<RegistryEvent>

interface Block {
  readonly head: Head
  readonly events: readonly RegistryEvent[]
}

const GENESIS_TIME = 1_700_000_000

/** The bytes do not matter, as long as names differ. */
export const hashOf = (name: string): Hex => `0x${createHash('sha256').update(name).digest('hex')}`
export const addressOf = (name: string): Hex => hashOf(name).slice(0, 42) as Hex

/** A chain whose blocks are told, and taken back, by the test. Block 0 is empty. */
export class ScriptedRegistryChain implements RegistryChain {
  readonly registries: Registries
  readonly relayer = undefined
  /** Seconds from a block to the next. */
  blockTime = 10
  /** More blocks than this are refused. */
  longestRange = Infinity
  /** Runs before each call, by its name: may change the chain, or throw. */
  before: (method: 'head' | 'block' | 'events') => void = () => {}
  #blocks: Block[] = []
  #forks = 0

  constructor(chainId = 31337) {
    const [parties, certificates, grants] = ['parties', 'certificates', 'grants'].map(addressOf)
    this.registries = { chainId, parties, certificates, grants } as Registries
    this.#seal([])
  }

  get height(): number {
    return this.#blocks.length - 1
  }

  /** All events, in order. */
  get past(): readonly RegistryEvent[] {
    return this.#blocks.flatMap(({ events }) => events)
  }

  /** One block with these events; answers it. */
  mine(...events: readonly EventBody[]): Head {
    return this.#seal(events)
  }

  mineEmpty(count: number): void {
    for (let i = 0; i < count; i++) this.#seal([])
  }

  /** Takes back the last blocks; what is mined next is another chain. */
  takeBack(count: number): void {
    this.#blocks.splice(this.#blocks.length - count)
    this.#forks++
  }

  async head(): Promise<Head> {
    this.before('head')
    return (this.#blocks.at(-1) as Block).head
  }

  async block(number: number): Promise<Head | undefined> {
    this.before('block')
    return this.#blocks[number]?.head
  }

  async events(from: number, to: number): Promise<RegistryEvent[]> {
    this.before('events')
    if (to - from + 1 > this.longestRange) throw new LedgerError('unavailable', 'CHAIN_REFUSED')
    return this.#blocks.slice(from, to + 1).flatMap(({ events }) => events)
  }

  simulate(): never {
    throw new TypeError('nothing is sent to a scripted chain')
  }

  nonceOf(): never {
    throw new TypeError('nobody acts on a scripted chain')
  }

  isValidSignature(): never {
    throw new TypeError('nothing is signed for a scripted chain')
  }

  async proveSlots(_block: BlockId): Promise<undefined> {}

  async headers(): Promise<Hex[]> {
    return []
  }

  #seal(bodies: readonly EventBody[]): Head {
    const number = this.#blocks.length
    const timestamp =
      (this.#blocks.at(-1)?.head.timestamp ?? GENESIS_TIME - this.blockTime) + this.blockTime
    const parent = this.#blocks.at(-1)?.head.hash ?? ''
    const hash = hashOf(`${parent} ${number} ${this.#forks} ${JSON.stringify(bodies)}`)
    const head = { number, hash, timestamp }
    const events = bodies.map((body, logIndex): RegistryEvent => {
      const transaction = hashOf(`${hash} ${logIndex}`)
      return { ...body, block: head, logIndex, transaction }
    })
    this.#blocks.push({ head, events })
    return head
  }
}
