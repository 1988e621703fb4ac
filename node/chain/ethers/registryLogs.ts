import { isLedgerError, LedgerError } from '../../core/errors.ts'
import type { Registries } from '../../core/parties/registries.ts'
import type { Head, Hex } from '../chain.ts'
import type { RegistryEvent } from '../registries.ts'
import * as answers from './answers.ts'
import { RpcRefusal } from './httpProvider.ts'
import { inTurn } from './inTurn.ts'
import { decodeEvent, EVENT_TOPICS } from './registryEvents.ts'
import type { Rpc } from './rpc.ts'

/** Blocks that are asked for at once. */
const AT_ONCE = 16
/** Blocks whose times are kept. */
const KEPT_BLOCKS = 1024
/** Ranges taken in one piece before a longer one is tried: limits differ from one stretch of a chain to the next. */
const PIECES_BEFORE_LONGER = 16

/** Reads the events of the registries, in pieces as large as the node allows. */
export class RegistryLogs {
  readonly #rpc: Rpc
  readonly #registries: Registries
  readonly #times = new Map<Hex, number>()
  /** Blocks that the node answered for last. */
  #span = Infinity
  #pieces = 0

  constructor(rpc: Rpc, registries: Registries) {
    this.#rpc = rpc
    this.#registries = registries
  }

  async read(from: number, to: number): Promise<RegistryEvent[]> {
    const events: RegistryEvent[] = []
    for (let start = from; start <= to;) {
      const end = Math.min(to, start + this.#span - 1)
      const piece = await this.#tryPiece(start, end)
      if (piece === undefined) continue
      for (const event of piece) events.push(event)
      start = end + 1
    }
    return events
  }

  /** Undefined when it was too much: the span is smaller now. */
  async #tryPiece(from: number, to: number): Promise<RegistryEvent[] | undefined> {
    try {
      const logs = await this.#logs(from, to)
      if (++this.#pieces % PIECES_BEFORE_LONGER === 0) this.#span *= 2
      return await this.#decode(logs)
    } catch (error) {
      const blocks = to - from + 1
      if (blocks === 1 || !isTooMuch(error)) throw error
      this.#span = Math.ceil(blocks / 2)
      this.#pieces = 0
      return undefined
    }
  }

  async #logs(from: number, to: number): Promise<answers.Log[]> {
    const { parties, certificates, grants } = this.#registries
    const filter = {
      address: [parties, certificates, grants],
      topics: [EVENT_TOPICS],
      fromBlock: answers.quantity(from),
      toBlock: answers.quantity(to),
    }
    const logs = await this.#rpc.call('eth_getLogs', [filter], answers.Logs)
    if (logs.some((log) => log.blockNumber < from || log.blockNumber > to)) {
      throw new LedgerError('unavailable', 'CHAIN_NONSENSE', { method: 'eth_getLogs' })
    }
    return logs.toSorted((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex)
  }

  async #decode(logs: readonly answers.Log[]): Promise<RegistryEvent[]> {
    const blocks = await this.#blocksOf(logs)
    return logs.map((log) => {
      const block = blocks.get(log.blockHash)
      if (block === undefined) throw new TypeError('every log has a block')
      return decodeEvent(log, block, this.#registries)
    })
  }

  /** One object for all logs of a block. */
  async #blocksOf(logs: readonly answers.Log[]): Promise<Map<Hex, Head>> {
    const blocks = new Map<Hex, Head>()
    const untimed: Omit<Head, 'timestamp'>[] = []
    for (const { blockHash: hash, blockNumber: number, blockTimestamp } of logs) {
      if (blocks.has(hash)) continue
      const timestamp = blockTimestamp ?? this.#times.get(hash)
      if (timestamp === undefined) untimed.push({ number, hash })
      blocks.set(hash, { number, hash, timestamp: timestamp ?? 0 })
    }
    const timed = await inTurn(untimed, AT_ONCE, (block) => this.#timeOf(block))
    for (const block of timed) blocks.set(block.hash, block)
    return blocks
  }

  async #timeOf({ number, hash }: Omit<Head, 'timestamp'>): Promise<Head> {
    const block = await this.#rpc.call('eth_getBlockByHash', [hash, false], answers.AnyBlock)
    // Taken back since the logs were read.
    if (block?.hash !== hash) throw new LedgerError('unavailable', 'CHAIN_BEHIND', { at: number })
    const [oldest] = this.#times.keys()
    if (this.#times.size >= KEPT_BLOCKS && oldest) this.#times.delete(oldest)
    this.#times.set(hash, block.timestamp)
    return { number, hash, timestamp: block.timestamp }
  }
}

/**
 * Nodes limit blocks, logs, bytes and time, each in words of its own: whatever a node refuses is tried again in halves,
 * down to one block.
 */
function isTooMuch(error: unknown): boolean {
  if (error instanceof RpcRefusal || isLedgerError(error, 'CHAIN_TIMEOUT')) return true
  if (isLedgerError(error, 'CHAIN_NONSENSE')) return 'length' in error.details
  return isLedgerError(error, 'CHAIN_UNREACHABLE') && error.details['answered'] === 413
}
