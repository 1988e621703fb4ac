import type { SignedAct } from '../core/acts/acts.ts'
import type { Registries } from '../core/parties/registries.ts'
import type {
  BlockId,
  Fees,
  Head,
  Hex,
  Offer,
  SignedTransaction,
  TransactionState,
} from './chain.ts'

/**
 * Port: the contracts of parties, certificates and grants on one chain.
 *
 * No method waits for a block. Every method may throw what `Chain` may throw of unavailable/CHAIN_*.
 */
export interface RegistryChain {
  readonly registries: Registries
  /** The account that pays for acts of others; undefined when this node relays nothing. */
  readonly relayer: Hex | undefined

  head(): Promise<Head>

  /** The block at that height now, with its time; undefined above the head. */
  block(number: number): Promise<Head | undefined>

  /**
   * Events of the three registries in blocks `from` to `to`, both included, in order.
   * Splits the range where the chain limits ranges or answers.
   */
  events(from: number, to: number): Promise<RegistryEvent[]>

  /**
   * Whether the chain would take the act now.
   *
   * @throws LedgerError conflict, forbidden or unverified with the contract's own error as code
   *   (`GrantItemsWidened` is GRANT_ITEMS_WIDENED) and its arguments as details
   */
  simulate(act: SignedAct): Promise<void>

  /** The nonce that the next act of a department must carry. */
  nonceOf(department: Hex): Promise<number>

  /** ERC-1271 for contract accounts: whether `account` takes the signature of `digest`. */
  isValidSignature(account: Hex, digest: Uint8Array, signature: Hex): Promise<boolean>

  /**
   * Header and EIP-1186 proofs of storage slots in one block; undefined when the chain cannot give them.
   * `slots` by contract address. Checked before they are answered.
   */
  proveSlots(
    block: BlockId,
    slots: ReadonlyMap<Hex, readonly Hex[]>,
  ): Promise<SlotsProof | undefined>

  /** RLP of the headers of blocks `from` to `to`, both included. */
  headers(from: number, to: number): Promise<Hex[]>
}

/**
 * Port: the account that pays for the acts of others, on the chain of the registries. It has no authority: an act
 * counts by its signature alone.
 *
 * No method waits for a block, but `prepare`. Every method may throw what `Chain` may throw of unavailable/CHAIN_*.
 */
export interface Relayer {
  readonly account: Hex

  /**
   * Makes sure that the registries stand on the chain: at the start, and after the chain went back. Answers whether
   * they had to be deployed.
   *
   * @throws LedgerError unavailable/REGISTRIES_NOT_DEPLOYED the operator has to deploy them
   * @throws LedgerError unverified/CHAIN_CODE_MISMATCH other code stands at their addresses
   */
  prepare(): Promise<boolean>

  /** See `Chain.finalized`, `Chain.nonces` and `Chain.marketFees`. */
  finalized(): Promise<number | undefined>
  nonces(): Promise<{ readonly mined: number; readonly pending: number }>
  marketFees(): Promise<Fees>

  /**
   * Gas that a transaction with this act may use.
   *
   * @throws LedgerError forbidden/ACT_TOO_COSTLY more than any act needs: a contract account spends it
   * @throws LedgerError as `RegistryChain.simulate`
   */
  gasLimit(act: SignedAct): Promise<number>

  /** Signs without sending, so that the hash can be stored before the chain hears of it. */
  sign(act: SignedAct, gasLimit: number, offer: Offer): Promise<SignedTransaction>

  /** See `Chain.send`. */
  send(transaction: SignedTransaction): Promise<void>

  /** See `Chain.transactionState`; the error of a reverted transaction is the contract's, by name. */
  transactionState(sent: {
    readonly transaction: Hex
    readonly nonce: number
  }): Promise<TransactionState>

  /** See `Chain.mine`. */
  mine?(): Promise<void>
}

export interface SlotsProof {
  readonly block: BlockId
  readonly header: Hex
  readonly contracts: readonly {
    readonly address: Hex
    readonly accountProof: readonly Hex[]
    readonly slots: readonly { readonly slot: Hex; readonly proof: readonly Hex[] }[]
  }[]
}

/** `timestamp` of the block, in seconds since 1970. */
interface Recorded {
  readonly block: Head
  /** Position among all logs of the block. */
  readonly logIndex: number
  readonly transaction: Hex
}

/** What the contracts report, by the names and members of their events. */
export type RegistryEvent = Recorded &
  (
    | {
        readonly type: 'DepartmentAccredited'
        readonly department: Hex
        readonly accreditor: Hex
        readonly rights: number
        readonly notBefore: number
        readonly notAfter: number
      }
    | {
        readonly type: 'CertificateTypePermitted'
        readonly department: Hex
        readonly certificateType: Hex
        readonly permitted: boolean
      }
    | { readonly type: 'StandingChanged'; readonly department: Hex; readonly standing: number }
    | { readonly type: 'DepartmentRekeyed'; readonly department: Hex; readonly account: Hex }
    | {
        readonly type: 'AccountBound'
        readonly holder: Hex
        readonly account: Hex
        readonly registrar: Hex
      }
    | {
        readonly type: 'AccountReleased'
        readonly holder: Hex
        readonly account: Hex
        readonly registrar: Hex
        readonly endGrants: boolean
      }
    | {
        readonly type: 'StatusChanged'
        readonly issuer: Hex
        readonly certificate: Hex
        readonly status: number
      }
    | {
        readonly type: 'GrantRegistered'
        readonly grant: Hex
        readonly holder: Hex
        readonly parent: Hex
        readonly grantor: Hex
        readonly grantee: Hex
      }
    | {
        readonly type: 'GrantRevoked'
        readonly grant: Hex
        readonly holder: Hex
        readonly revoker: Hex
      }
    | { readonly type: 'EpochBumped'; readonly account: Hex; readonly epoch: number }
    | {
        readonly type: 'GrantUsed'
        readonly grant: Hex
        readonly holder: Hex
        readonly user: Hex
        readonly useId: Hex
        readonly sequence: number
        /** Bit n: hop n of the chain, the root 0, counted this use. */
        readonly counted: number
      }
  )
