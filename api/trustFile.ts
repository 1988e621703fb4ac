import { randomUUID } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { formatTrust } from '../node/core/trust.ts'
import type { TrustedChain } from '../node/core/trust.ts'
import { isAnchored, toEvidenceAnchor } from '../node/ledger/anchoring/records.ts'
import type { AnchorRecord } from '../node/ledger/anchoring/records.ts'
import type { Ledger } from '../node/ledger/ledger.ts'

/** The newest blocks are enough: older evidence is fetched anew, or checked against the chain. */
const MOST_BLOCKS = 20_000

/**
 * Keeps `trust.json` in the data folder current: what somebody on this machine, who trusts this
 * node, needs to check its evidence offline. Whoever does not trust the node makes a file of his own.
 */
export class TrustFile {
  readonly #path: string
  readonly #ledger: Ledger
  #writing: Promise<void> = Promise.resolve()
  #again = false

  constructor(path: string, ledger: Ledger) {
    this.#path = path
    this.#ledger = ledger
  }

  /** Call it when an anchor was confirmed or lost. Calls during a write make one more write. */
  update(): Promise<void> {
    if (!this.#again) {
      this.#again = true
      this.#writing = this.#writing.then(() => this.#write())
    }
    return this.#writing
  }

  async #write(): Promise<void> {
    this.#again = false
    const records = await this.#ledger.anchors({ limit: MOST_BLOCKS })
    const chains = this.#ledger
      .status()
      .chains.flatMap(({ log }) => (log ? [{ ...log, blocks: blocksOf(records, log) }] : []))
    const text = formatTrust({
      v: 1,
      log: { origin: this.#ledger.origin, key: this.#ledger.logKey },
      witnesses: { quorum: 0, keys: [] },
      chains,
    })
    // A reader sees the old file or the new one, never half of either.
    const draft = `${this.#path}.${randomUUID()}`
    await writeFile(draft, `${text}\n`, { mode: 0o644 })
    await rename(draft, this.#path)
  }
}

function blocksOf(
  records: readonly AnchorRecord[],
  { chainId, registry, logId }: Pick<TrustedChain, 'chainId' | 'registry' | 'logId'>,
): TrustedChain['blocks'] {
  const hashes = records
    .filter((record) => record.chainId === chainId && record.registry === registry)
    .filter((record) => record.logId === logId && isAnchored(record))
    .map((record) => toEvidenceAnchor(record).blockHash)
  return [...new Set(hashes)]
}
