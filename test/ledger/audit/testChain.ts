import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { AnchoredCheckpoint, Hex, LogOnChain } from '../../../node/chain/chain.ts'
import { decode0x, encode0x } from '../../../node/core/ethereum/hex.ts'
import { checkpointRootSlot } from '../../../node/core/ethereum/registry.ts'
import { proveKey } from '../../../node/core/ethereum/trie.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import type { AnchorRecord } from '../../../node/ledger/anchoring/records.ts'
import type { AuditedChain } from '../../../node/ledger/audit/audit.ts'
import type { TestLedger } from './testLedger.ts'

const LOG: LogOnChain = {
  chainId: 31337,
  registry: `0x${'5f'.repeat(20)}`,
  logId: `0x${'a7'.repeat(32)}`,
}

/** A chain with one block an anchor, whose state can be proven. */
export class TestChain implements AuditedChain {
  readonly log = LOG
  readonly roots = new Map<number, Uint8Array>()
  readonly blocks: Hex[] = []
  isDown = false

  async latest(): Promise<AnchoredCheckpoint | undefined> {
    this.#requireUp()
    const size = Math.max(0, ...this.roots.keys())
    const root = this.roots.get(size)
    return root && { size, root }
  }

  async rootAt(_: LogOnChain, size: number): Promise<Uint8Array | undefined> {
    this.#requireUp()
    return this.roots.get(size)
  }

  async blockHash(number: number): Promise<Hex | undefined> {
    this.#requireUp()
    return this.blocks[number]
  }

  #requireUp(): void {
    if (this.isDown) throw new LedgerError('unavailable', 'CHAIN_UNREACHABLE')
  }

  /** Anchors what the log has published by now, and records it as the ledger does. */
  async anchor({ reader, store, ring }: TestLedger, changes: Partial<AnchorRecord> = {}) {
    const { size, root, note } = reader.published
    const from = Math.max(0, ...this.roots.keys())
    this.roots.set(size, root)
    const number = this.blocks.length
    const { header, ...proofs } = await this.#prove(size, number)
    const block = { number, hash: encode0x(keccak_256(header)) }
    this.blocks.push(block.hash)
    const record: AnchorRecord = {
      v: 1,
      target: 'test',
      ...LOG,
      size,
      root,
      checkpoint: note,
      state: 'confirmed',
      attempts: [
        { transaction: `0x${'77'.repeat(32)}`, nonce: 0, fees: { gasPrice: 1n }, from, at: 0 },
      ],
      mined: { transaction: `0x${'77'.repeat(32)}`, block },
      proof: { block, header: encode0x(header), ...proofs },
      queuedAt: 0,
      ...changes,
    }
    await new SealedAnchorStore(store, ring, ['test']).put([record])
    return record
  }

  async #prove(size: number, number: number) {
    const slotOf = (at: number) => keccak_256(checkpointRootSlot(decode0x(LOG.logId), at))
    const slots = [...this.roots].map(([at, root]) => [slotOf(at), RLP.encode(root)] as const)
    const storage = await proveKey(slots, slotOf(size))
    const codeHash = keccak_256(Uint8Array.of(0))
    const address = keccak_256(decode0x(LOG.registry))
    const accounts = [
      [address, RLP.encode([1, 0, storage.root, codeHash])],
      [keccak_256(Uint8Array.of(1)), RLP.encode([1, 0, storage.root, codeHash])],
    ] as const
    const state = await proveKey(accounts, address)
    const word = new Uint8Array(32)
    const before = [word, word, new Uint8Array(20), state.root, word, word, new Uint8Array(256)]
    const after = [number, 30_000_000, 99_210, 1_691_200_801, new Uint8Array(0), word]
    const header = RLP.encode([...before, 0, ...after, new Uint8Array(8), 7])
    return {
      header,
      accountProof: state.proof.map(encode0x),
      storageProof: storage.proof.map(encode0x),
    }
  }
}
