import type { RegistryChain } from '../chain/registries.ts'
import type { BlockId, Hex } from '../chain/chain.ts'
import { decodeUtf8, utf8 } from '../core/bytes.ts'
import { isLedgerError } from '../core/errors.ts'
import { MAX_LINKS } from '../core/stateProof.ts'
import type { StateProof } from '../core/stateProof.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'

/** Storage slots of the registries, by contract. */
export type Slots = ReadonlyMap<Hex, readonly Hex[]>

/** What is to be proven, in which block. */
export interface WantedState {
  readonly of: StateProof['of']
  readonly block: BlockId
  readonly slots: Slots
}

/** A record holds what was proven, and what could not be yet. */
interface StatesRecord {
  readonly proven: readonly StateProof[]
  readonly wanted: readonly (Omit<WantedState, 'slots'> & {
    readonly slots: readonly (readonly [Hex, readonly Hex[]])[]
  })[]
}

export interface StateProofsParts {
  readonly store: KeyValueStore
  readonly ring: KeyRing
  readonly chain: Pick<RegistryChain, 'registries' | 'proveSlots' | 'headers'>
  readonly onError: (error: unknown) => void
}

/**
 * Proofs of what the registries held when an entry was made (EIP-1186). What is wanted is committed with the entry; the
 * chain is asked for it afterwards, so that nobody waits, and again when somebody wants the evidence: chains keep old
 * states for a while only.
 */
export class StateProofs {
  readonly #parts: StateProofsParts
  readonly #underway = new Map<number, Promise<void>>()
  #closed = false

  constructor(parts: StateProofsParts) {
    this.#parts = parts
  }

  /** The record to commit with the entry. */
  want(index: number, wanted: readonly WantedState[]): Write {
    return this.#put(index, {
      proven: [],
      wanted: wanted.map((state) => ({ ...state, slots: [...state.slots] })),
    })
  }

  /** Asks the chain for what the entry wants, without anybody waiting for it. */
  prove(index: number): void {
    this.#fill(index).catch((error: unknown) => this.#parts.onError(error))
  }

  /** What is proven of an entry by now. @throws LedgerError corrupt/SEAL_BROKEN */
  async of(index: number): Promise<readonly StateProof[]> {
    try {
      await this.#fill(index)
    } catch (error) {
      // Evidence without proofs is honest still: the verdict says what is unknown.
      if (!isLedgerError(error) || error.kind !== 'unavailable') throw error
    }
    return (await this.#read(index))?.proven ?? []
  }

  /** A state as of a block, asked for now; undefined when the chain cannot prove it, or does not answer. */
  async now({ of, block, slots }: WantedState): Promise<StateProof | undefined> {
    const { chain } = this.#parts
    try {
      const proof = await chain.proveSlots(block, slots)
      return (
        proof && {
          of,
          chainId: chain.registries.chainId,
          blockNumber: proof.block.number,
          blockHash: proof.block.hash,
          header: proof.header,
          contracts: proof.contracts.map(({ address, accountProof, slots }) => ({
            address,
            accountProof: [...accountProof],
            slots: slots.map(({ slot, proof }) => ({ slot, proof: [...proof] })),
          })),
        }
      )
    } catch (error) {
      if (isLedgerError(error) && error.kind === 'unavailable') return undefined
      throw error
    }
  }

  /**
   * The same proof with the headers that lead from its block to an anchor's, so that whoever trusts the anchor's block
   * trusts this one. As it is where there are none to add, too many, or the chain does not answer.
   */
  async link(proof: StateProof, anchor: number | undefined): Promise<StateProof> {
    const count = anchor === undefined ? 0 : anchor - proof.blockNumber
    if (anchor === undefined || count <= 0 || count > MAX_LINKS) return proof
    try {
      const headers = await this.#parts.chain.headers(proof.blockNumber + 1, anchor)
      return headers.length === count ? { ...proof, headers: [...headers] } : proof
    } catch (error) {
      if (isLedgerError(error)) return proof
      throw error
    }
  }

  /** Resolves once nothing is under way. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#underway.values())
  }

  /** One at a time for an entry. */
  #fill(index: number): Promise<void> {
    const known = this.#underway.get(index)
    if (known !== undefined) return known
    const filling = this.#proveWanted(index).finally(() => this.#underway.delete(index))
    this.#underway.set(index, filling)
    return filling
  }

  async #proveWanted(index: number): Promise<void> {
    const record = await this.#read(index)
    if (this.#closed || record === undefined || record.wanted.length === 0) return
    const proven = [...record.proven]
    const wanted: StatesRecord['wanted'][number][] = []
    for (const state of record.wanted) {
      const proof = await this.now({ ...state, slots: new Map(state.slots) })
      if (proof === undefined) wanted.push(state)
      else proven.push(proof)
    }
    if (proven.length > record.proven.length)
      await this.#parts.store.commit([this.#put(index, { proven, wanted })])
  }

  async #read(index: number): Promise<StatesRecord | undefined> {
    const key = layout.statesKey(index)
    const sealed = await this.#parts.store.get(key)
    if (sealed === undefined) return undefined
    return JSON.parse(decodeUtf8(this.#parts.ring.openRecord(key, sealed))) as StatesRecord
  }

  #put(index: number, record: StatesRecord): Write {
    const key = layout.statesKey(index)
    const value = this.#parts.ring.sealRecord(key, utf8(JSON.stringify(record)))
    return { type: 'put', key, value }
  }
}
