import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { ChainReader } from '../../../node/core/verify/chainReader.ts'
import type { Anchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import type { AnchorRecord, AnchoringStatus } from '../../../node/ledger/anchoring/records.ts'
import type { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import type { Log } from '../../../node/ledger/open.ts'

const word = (digit: string): Hex => `0x${digit.repeat(64)}`

const CHAIN = { chainId: 31337, registry: `0x${'1'.repeat(40)}`, logId: word('2') } as const

/** A chain that anchors when the test says so. */
export class TestAnchoring implements Anchoring {
  shown: Partial<AnchoringStatus> = {}
  readonly #log: Log
  readonly #anchors: SealedAnchorStore
  readonly #roots = new Map<number, Uint8Array>()
  readonly #waiting = new Set<() => void>()

  constructor(log: Log, anchors: SealedAnchorStore) {
    this.#log = log
    this.#anchors = anchors
  }

  /** Confirms an anchor of the newest checkpoint. */
  async anchor(): Promise<AnchorRecord> {
    const { size, root, note } = this.#log.reader.published
    const block = { number: size, hash: word('b') }
    const transaction = word('c')
    const record: AnchorRecord = {
      v: 1,
      target: 'test',
      ...CHAIN,
      size,
      root,
      checkpoint: note,
      state: 'confirmed',
      attempts: [],
      mined: { transaction, block },
      queuedAt: 1_700_000_000_000,
      confirmedAt: 1_700_000_001_000,
    }
    await this.#anchors.put([record])
    this.#roots.set(size, root)
    for (const wake of this.#waiting) wake()
    return record
  }

  /** Requests that wait for an anchor now. */
  get waiting(): number {
    return this.#waiting.size
  }

  wake(): void {}

  async anchorsCovering(index: number): Promise<AnchorRecord[]> {
    for await (const record of this.#anchors.scan('test', { from: index + 1 })) return [record]
    return []
  }

  async waitAnchored(size: number, signal: AbortSignal): Promise<AnchorRecord> {
    for (;;) {
      const [record] = await this.anchorsCovering(size - 1)
      if (record !== undefined) return record
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      this.#waiting.add(resolve)
      signal.addEventListener('abort', () => reject(signal.reason as Error))
      signal.throwIfAborted()
      await promise.finally(() => this.#waiting.delete(resolve))
    }
  }

  status(): AnchoringStatus[] {
    return [
      {
        target: 'test',
        log: CHAIN,
        state: 'idle',
        anchoredSize: Math.max(0, ...this.#roots.keys()),
        finalSize: 0,
        lag: { entries: 0, seconds: 0 },
        reorganisations: 0,
        resends: 0,
        error: undefined,
        ...this.shown,
      },
    ]
  }

  findChain(chainId: number): ChainReader | undefined {
    if (chainId !== CHAIN.chainId) return undefined
    return {
      blockHash: async () => word('b'),
      rootAt: async (_registry, _logId, size) => this.#roots.get(size),
      blockOf: async () => word('b'),
    }
  }

  async close(): Promise<void> {}
}
