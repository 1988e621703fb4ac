import { keccak_256 } from '@noble/hashes/sha3.js'
import { equalBytes, utf8 } from '../../core/bytes.ts'
import { isLedgerError, LedgerError } from '../../core/errors.ts'
import { encode0x } from '../../core/ethereum/hex.ts'
import { EMPTY_ROOT } from '../../core/hash/hash.ts'
import { verifyConsistency } from '../../core/merkle/verify.ts'
import type { Anchor, AnchoredCheckpoint, Head, Hex, Offer } from '../chain.ts'
import { priceOf } from '../fees.ts'

/** What the registry's two writing functions are called with. */
export type Call =
  | { readonly type: 'createLog'; readonly origin: string }
  | { readonly type: 'anchor'; readonly logId: Hex; readonly anchor: Anchor }

export interface MemoryTransaction extends Offer {
  readonly hash: Hex
  readonly from: Hex
  readonly call: Call
}

interface LogState {
  readonly operator: Hex
  readonly size: number
  readonly roots: ReadonlyMap<number, Uint8Array>
}

interface Mined {
  readonly transaction: MemoryTransaction
  /** The contract's error when it reverted. */
  readonly error: string | undefined
}

interface Block extends Head {
  readonly mined: readonly Mined[]
  readonly logs: ReadonlyMap<Hex, LogState>
  readonly nonces: ReadonlyMap<Hex, number>
}

/**
 * A chain in memory with one contract, the registry, and the accidents of real ones: blocks that
 * wait, reorganisations, forgotten transactions, resets.
 */
export class MemoryNetwork {
  readonly chainId: number
  /** A block for each transaction at once; otherwise `mine` makes them. */
  automine = true
  /** By their hashes, which stand for their bytes. */
  readonly signed = new Map<Hex, MemoryTransaction>()
  #blocks: Block[]
  #pool: MemoryTransaction[] = []
  #salt = 0

  constructor(chainId = 1337) {
    this.chainId = chainId
    this.#blocks = [this.#genesis()]
  }

  get head(): Block {
    const block = this.#blocks.at(-1)
    if (block === undefined) throw new TypeError('a chain has a genesis block')
    return block
  }

  block(number: number): Block | undefined {
    return this.#blocks[number]
  }

  findMined(hash: Hex): { readonly block: Block; readonly mined: Mined } | undefined {
    for (const block of this.#blocks.toReversed()) {
      const mined = block.mined.find(({ transaction }) => transaction.hash === hash)
      if (mined) return { block, mined }
    }
    return undefined
  }

  isPending(hash: Hex): boolean {
    return this.#pool.some((transaction) => transaction.hash === hash)
  }

  nonces(account: Hex): { mined: number; pending: number } {
    const mined = this.head.nonces.get(account) ?? 0
    let pending = mined
    while (this.#waiting(account, pending)) pending++
    return { mined, pending }
  }

  /** @throws LedgerError conflict/NONCE_USED, conflict/FEE_TOO_LOW */
  accept(transaction: MemoryTransaction): void {
    if (this.isPending(transaction.hash) || this.findMined(transaction.hash)) return
    const { from, nonce } = transaction
    if (nonce < this.nonces(from).mined) throw new LedgerError('conflict', 'NONCE_USED')
    const replaced = this.#waiting(from, nonce)
    if (replaced) {
      // As geth: a tenth more, or the transaction that waits stays.
      const least = (priceOf(replaced.fees) * 110n) / 100n
      if (priceOf(transaction.fees) < least) throw new LedgerError('conflict', 'FEE_TOO_LOW')
      this.#pool = this.#pool.filter((waiting) => waiting !== replaced)
    }
    this.#pool.push(transaction)
    if (this.automine) this.mine()
  }

  /** What the call would revert with now; undefined when it would succeed. */
  tryCall(from: Hex, call: Call): string | undefined {
    const result = execute(this.head.logs, from, call)
    return typeof result === 'string' ? result : undefined
  }

  mine(blocks = 1): void {
    for (let count = 0; count < blocks; count++) this.#mineOne()
  }

  /** Takes the newest blocks back. Their transactions wait again, unless they are forgotten. */
  reorganise(depth: number, forget = false): void {
    const gone = this.#blocks.splice(this.#blocks.length - depth, depth)
    this.#salt++
    if (!forget) {
      const transactions = gone.flatMap(({ mined }) => mined.map(({ transaction }) => transaction))
      this.#pool = [...transactions, ...this.#pool]
    }
  }

  /** Forgets what waits, as a node does that restarts. */
  dropPending(): void {
    this.#pool = []
  }

  /** Starts from nothing. */
  reset(): void {
    this.#salt++
    this.#pool = []
    this.#blocks = [this.#genesis()]
  }

  #mineOne(): void {
    const { number, timestamp, logs, nonces } = this.head
    const state = { logs: new Map(logs), nonces: new Map(nonces) }
    const mined: Mined[] = []
    for (let next = this.#takeReady(state.nonces); next; next = this.#takeReady(state.nonces)) {
      const result = execute(state.logs, next.from, next.call)
      const error = typeof result === 'string' ? result : undefined
      if (typeof result !== 'string') state.logs = result
      state.nonces.set(next.from, next.nonce + 1)
      mined.push({ transaction: next, error })
    }
    const hashes = mined.map(({ transaction }) => transaction.hash).join()
    const hash = digest(`${this.head.hash} ${number + 1} ${this.#salt} ${hashes}`)
    this.#blocks.push({ number: number + 1, hash, timestamp: timestamp + 1, mined, ...state })
  }

  #takeReady(nonces: ReadonlyMap<Hex, number>): MemoryTransaction | undefined {
    const ready = this.#pool.find(({ from, nonce }) => nonce === (nonces.get(from) ?? 0))
    this.#pool = this.#pool.filter((transaction) => transaction !== ready)
    return ready
  }

  #waiting(account: Hex, nonce: number): MemoryTransaction | undefined {
    return this.#pool.find((waiting) => waiting.from === account && waiting.nonce === nonce)
  }

  #genesis(): Block {
    const hash = digest(`genesis ${this.chainId} ${this.#salt}`)
    return { number: 0, hash, timestamp: 0, mined: [], logs: new Map(), nonces: new Map() }
  }
}

export function digest(text: string): Hex {
  return encode0x(keccak_256(utf8(text)))
}

export function logIdOf(creator: Hex, origin: string): Hex {
  return digest(`${creator} ${origin}`)
}

export function latestOf({ size, roots }: LogState): AnchoredCheckpoint {
  return { size, root: roots.get(size) ?? EMPTY_ROOT }
}

/** The contract's rules: the logs as they are afterwards, or the error. */
function execute(
  logs: ReadonlyMap<Hex, LogState>,
  from: Hex,
  call: Call,
): Map<Hex, LogState> | string {
  if (call.type === 'createLog') {
    const logId = logIdOf(from, call.origin)
    if (logs.has(logId)) return 'LogAlreadyCreated'
    return new Map(logs).set(logId, { operator: from, size: 0, roots: new Map() })
  }
  const log = logs.get(call.logId)
  if (log === undefined) return 'LogUnknown'
  if (log.operator !== from) return 'NotOperator'
  const latest = latestOf(log)
  const { size, root, proof } = call.anchor
  if (size < latest.size) return 'CheckpointOutdated'
  if (size === latest.size) {
    return equalBytes(root, latest.root) ? new Map(logs) : 'CheckpointForked'
  }
  try {
    verifyConsistency(latest, { size, root }, proof)
  } catch (error) {
    if (isLedgerError(error)) return error.code
    throw error
  }
  const roots = new Map(log.roots).set(size, root)
  return new Map(logs).set(call.logId, { ...log, size, roots })
}
