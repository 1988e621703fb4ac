import { createMerkleProof, createMPT } from '@ethereumjs/mpt'
import type { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { AbiCoder, getBytes, keccak256, toBeHex } from 'ethers'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { StateProof } from '../../../node/core/stateProof.ts'

// What the registries write, from their Solidity alone: field by field in the order of the structs, the first lowest.

/** A struct in one word: values with their widths in bits. */
const packed = (...fields: [value: number | bigint | string, bits: number][]): bigint =>
  fields.reduceRight((word, [value, bits]) => (word << BigInt(bits)) | BigInt(value), 0n)

const coder = AbiCoder.defaultAbiCoder()
const hash = (types: string[], values: unknown[]): bigint =>
  BigInt(keccak256(coder.encode(types, values)))
const ofAddress = (key: Hex, slot: bigint) => hash(['address', 'uint256'], [key, slot])
const ofWord = (key: Hex, slot: bigint) => hash(['bytes32', 'uint256'], [key, slot])

export const RIGHT = { issuer: 1 << 1, registrar: 1 << 2, user: 1 << 3, everyType: 1 << 5 }
const STANDING = { good: 0, suspended: 1 << 9, withdrawn: 1 << 10 }

export interface DepartmentWords {
  readonly address: Hex
  readonly accreditor: Hex
  readonly rights: number
  readonly standing?: keyof typeof STANDING
  readonly notBefore?: number
  readonly notAfter?: number
  /** Accounts that it came to act by, the last of which counts. */
  readonly accounts?: readonly Hex[]
  readonly types?: readonly { readonly word: Hex; readonly from: number; readonly until?: number }[]
}

export interface GrantWords {
  readonly registeredAt: number
  readonly revokedAt?: number
  readonly used?: number
  /** 0x and 32 hex digits. */
  readonly lastUse?: string
}

/** The storage of contracts, before it becomes tries. */
export class Storage {
  readonly contracts = new Map<Hex, Map<bigint, bigint>>()
  readonly parties: Hex
  readonly certificates: Hex
  readonly grants: Hex

  constructor(registries: { parties: Hex; certificates: Hex; grants: Hex }) {
    this.parties = registries.parties
    this.certificates = registries.certificates
    this.grants = registries.grants
  }

  set(contract: Hex, slot: bigint, word: bigint): void {
    const words = this.contracts.get(contract) ?? new Map<bigint, bigint>()
    this.contracts.set(contract, words.set(slot, word))
  }

  department(it: DepartmentWords): void {
    const { accounts = [], types = [], notBefore = 0, notAfter = 2 ** 40 - 1 } = it
    const rekeyed = accounts.length > 0 ? 1 << 11 : 0
    const flags = it.rights | (1 << 8) | STANDING[it.standing ?? 'good'] | rekeyed
    this.set(
      this.parties,
      ofAddress(it.address, 2n),
      packed([it.accreditor, 160], [flags, 16], [notBefore, 40], [notAfter, 40]),
    )
    const list = ofAddress(it.address, 4n)
    this.set(this.parties, list, BigInt(accounts.length))
    for (const [i, account] of accounts.entries())
      this.set(
        this.parties,
        hash(['uint256'], [list]) + BigInt(i),
        packed([1000 + i, 96], [account, 160]),
      )
    for (const { word, from, until = 0 } of types)
      this.set(
        this.parties,
        ofWord(word, ofAddress(it.address, 6n)),
        packed([from, 48], [until, 48]),
      )
  }

  binding(holder: Hex, account: Hex, from: number, until = 0, grantsEndedAt = 0): void {
    this.set(
      this.parties,
      ofAddress(account, ofWord(holder, 9n)),
      packed([from, 48], [until, 48], [grantsEndedAt, 48]),
    )
  }

  grant(id: Hex, { registeredAt, revokedAt = 0, used = 0, lastUse = '0x0' }: GrantWords): void {
    const word = packed([registeredAt, 48], [revokedAt, 48], [used, 32], [lastUse, 128])
    this.set(this.grants, ofWord(id, 2n), word)
  }

  epoch(account: Hex, epoch: number): void {
    this.set(this.grants, ofAddress(account, 3n), BigInt(epoch))
  }

  /** Every change of a certificate's status, four to a page; page 0 counts them all. */
  statuses(certificate: Hex, changes: readonly { status: number; at: number }[]): void {
    const pages = ofWord(certificate, 2n)
    for (let page = 0; page * 4 < Math.max(1, changes.length); page++) {
      const fields = [0, 1, 2, 3].map((i): [number, number][] => {
        const { status, at } = changes[page * 4 + i] ?? { status: 0, at: 0 }
        return [
          [status, 8],
          [at, 48],
        ]
      })
      const count: [number, number] = [page === 0 ? changes.length : 0, 32]
      this.set(
        this.certificates,
        hash(['uint256', 'uint256'], [page, pages]),
        packed(...fields.flat(), count),
      )
    }
  }
}

/** The state of a block, from which any slot is proven. */
export class BlockState {
  readonly #state: MerklePatriciaTrie
  readonly #storages: ReadonlyMap<Hex, MerklePatriciaTrie>
  readonly #slots: ReadonlyMap<Hex, readonly bigint[]>

  private constructor(
    state: MerklePatriciaTrie,
    storages: ReadonlyMap<Hex, MerklePatriciaTrie>,
    slots: ReadonlyMap<Hex, readonly bigint[]>,
  ) {
    this.#state = state
    this.#storages = storages
    this.#slots = slots
  }

  static async of({ contracts }: Storage): Promise<BlockState> {
    const state = await createMPT({ useKeyHashing: true })
    const storages = new Map<Hex, MerklePatriciaTrie>()
    const codeHash = getBytes(keccak256('0x00'))
    for (let filler = 1; filler < 8; filler++)
      await state.put(
        new Uint8Array(20).fill(filler),
        RLP.encode([filler, 0, getBytes(keccak256('0x80')), codeHash]),
      )
    for (const [address, words] of contracts) {
      const storage = await createMPT({ useKeyHashing: true })
      for (const [slot, word] of words)
        if (word !== 0n) await storage.put(getBytes(toBeHex(slot, 32)), RLP.encode(word))
      storages.set(address, storage)
      await state.put(getBytes(address), RLP.encode([1, 0, storage.root(), codeHash]))
    }
    const slots = new Map([...contracts].map(([address, words]) => [address, [...words.keys()]]))
    return new BlockState(state, storages, slots)
  }

  get root(): Uint8Array {
    return this.#state.root()
  }

  /** Of these contracts: every slot that was set, or the ones named. */
  async prove(
    addresses: readonly Hex[],
    only: (contract: Hex, slot: Hex) => boolean = () => true,
    absent?: Hex,
  ): Promise<StateProof['contracts']> {
    const contracts: StateProof['contracts'] = []
    for (const address of addresses) {
      if (address === absent) {
        const slot: Hex = `0x${'0'.repeat(64)}`
        const accountProof = await nodes(this.#state, address)
        contracts.push({ address, accountProof, slots: [{ slot, proof: [] }] })
        continue
      }
      const storage = this.#storages.get(address)
      if (storage === undefined) throw new Error(`nothing is stored in ${address}`)
      const slots = (this.#slots.get(address) ?? [])
        .map((slot) => toBeHex(slot, 32) as Hex)
        .filter((slot) => only(address, slot))
      contracts.push({
        address,
        accountProof: await nodes(this.#state, address),
        slots: await Promise.all(
          slots.map(async (slot) => ({ slot, proof: await nodes(storage, slot) })),
        ),
      })
    }
    return contracts
  }
}

/** Nodes of less than 32 bytes stand in their parent. */
async function nodes(trie: MerklePatriciaTrie, key: Hex): Promise<Hex[]> {
  const proof = await createMerkleProof(trie, getBytes(key))
  return proof.filter((node, depth) => depth === 0 || node.length >= 32).map(encode0x)
}
