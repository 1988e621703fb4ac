import type { Hex } from '../core/ethereum/hex.ts'

export type { Hex }

/**
 * Port: one chain that holds checkpoints, seen from the account that anchors them.
 *
 * No method waits for a block: each looks or acts once and answers. Waiting, retrying and
 * deciding belong to `node/ledger/anchoring`. Events are never searched for, so that a
 * chain which limits log ranges, or keeps no logs, serves as well as any other.
 *
 * Every method may throw
 * - unavailable/CHAIN_UNREACHABLE  no connection, or no HTTP success
 * - unavailable/CHAIN_TIMEOUT      no answer in time
 * - unavailable/CHAIN_REFUSED      the node answered with an error of its own
 * - unavailable/CHAIN_NONSENSE     an answer that is not what the method returns
 * - unavailable/CHAIN_ID_CHANGED   the chain behind the address is another one than before
 * - unavailable/CHAIN_CLOSED       after `close`
 */
export interface Chain {
  /** The account that signs anchors. */
  readonly operator: Hex

  chainId(): Promise<number>

  /**
   * Deploys the registry and creates the log where they are missing; safe to repeat.
   * `known` is the log's id on this chain when one was used before: it outlives a change of
   * operator, whereas the id of a new log derives from its creator.
   *
   * Answers undefined while a transaction for it is on its way: look again later.
   *
   * @throws LedgerError forbidden/ANCHOR_NOT_OPERATOR the log belongs to another account
   * @throws LedgerError unavailable/CHAIN_FACTORY_MISSING the chain lacks the deployment proxy
   * @throws LedgerError unverified/CHAIN_CODE_MISMATCH other code stands at the registry's address
   * @throws LedgerError unavailable/CHAIN_FUNDS_LOW
   */
  openLog(origin: string, known?: Hex): Promise<LogOnChain | undefined>

  head(): Promise<Head>

  /** Height of the newest block that the chain calls final; undefined when it does not say. */
  finalized(): Promise<number | undefined>

  /** Hash of the block at that height now; undefined above the head. */
  blockHash(number: number): Promise<Hex | undefined>

  /**
   * What the contract holds as the log's newest anchor, size 0 before the first; undefined when there is no such log.
   */
  latest(log: LogOnChain): Promise<AnchoredCheckpoint | undefined>

  /** The root anchored at exactly this size. */
  rootAt(log: LogOnChain, size: number): Promise<Uint8Array | undefined>

  /** `mined` counts transactions in blocks, `pending` those waiting as well. */
  nonces(): Promise<{ readonly mined: number; readonly pending: number }>

  /** What a transaction has to offer to be mined soon. */
  marketFees(): Promise<Fees>

  /**
   * Signs without sending, so that the hash can be stored before the chain hears of it.
   *
   * @throws LedgerError conflict/ANCHOR_REVERTED when the contract would refuse it now; details name its error
   */
  signAnchor(log: LogOnChain, anchor: Anchor, offer: Offer): Promise<SignedTransaction>

  /**
   * Hands the transaction to the chain. A chain that has it already is content.
   *
   * @throws LedgerError conflict/NONCE_USED, conflict/FEE_TOO_LOW
   * @throws LedgerError unavailable/CHAIN_FUNDS_LOW
   */
  send(transaction: SignedTransaction): Promise<void>

  transactionState(sent: {
    readonly transaction: Hex
    readonly nonce: number
  }): Promise<TransactionState>

  /**
   * Header and EIP-1186 proofs that the registry held this root at that block, and the place of
   * `transaction` in it. They are checked before they are answered; undefined when the chain
   * cannot give them, has pruned that state, or has headers that do not hash to the block's hash.
   */
  proveRoot(
    log: LogOnChain,
    checkpoint: AnchoredCheckpoint,
    block: BlockId,
    transaction?: Hex,
  ): Promise<RootProof | undefined>

  /** Makes one empty block. Only chains that make blocks on demand have it. */
  mine?(): Promise<void>

  /** Ends what is under way, promptly. */
  close(): Promise<void>
}

export interface LogOnChain {
  readonly chainId: number
  readonly registry: Hex
  readonly logId: Hex
}

export interface BlockId {
  readonly number: number
  readonly hash: Hex
}

/** `timestamp` in seconds since 1970, as the chain gives it. */
export interface Head extends BlockId {
  readonly timestamp: number
}

export interface AnchoredCheckpoint {
  readonly size: number
  readonly root: Uint8Array
}

/** `proof`: RFC 6962 consistency, from the contract's newest anchor to this checkpoint. */
export interface Anchor extends AnchoredCheckpoint {
  readonly proof: readonly Uint8Array[]
}

/** In wei for a unit of gas; `gasPrice` for chains without EIP-1559. */
export type Fees =
  | { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
  | { readonly gasPrice: bigint }

export interface Offer {
  readonly nonce: number
  readonly fees: Fees
}

export interface SignedTransaction extends Offer {
  readonly transaction: Hex
  readonly raw: Hex
}

export type TransactionState =
  | { readonly state: 'pending' }
  | { readonly state: 'mined'; readonly block: BlockId }
  | { readonly state: 'reverted'; readonly block: BlockId; readonly error: string }
  /** The chain does not know it and its nonce is free. */
  | { readonly state: 'dropped' }
  /** Another transaction took its nonce. */
  | { readonly state: 'replaced' }

/** `header` is the block's RLP; the nodes of both proofs are RLP, root first. */
export interface RootProof {
  readonly block: BlockId
  readonly header: Hex
  readonly accountProof: readonly Hex[]
  readonly storageProof: readonly Hex[]
  /** Absent when the block has transactions of a type that is not Ethereum's. */
  readonly transactionProof?: { readonly index: number; readonly nodes: readonly Hex[] }
}
