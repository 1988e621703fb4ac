import { randomUUID } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { formatTrust } from '../node/core/trust.ts'
import type { TrustedChain } from '../node/core/trust.ts'
import { isAnchored, toEvidenceAnchor } from '../node/ledger/anchoring/records.ts'
import type { AnchorRecord } from '../node/ledger/anchoring/records.ts'
import type { Ledger } from '../node/ledger/ledger.ts'

/** The newest blocks are enough: older evidence is checked against the chain. */
const MOST_BLOCKS = 10_000
/** Anchors read at a time. */
const PAGE = 500

/**
 * Keeps `trust.json` in the data folder current: what somebody on this machine, who trusts this
 * node, needs to check its evidence offline. Whoever does not trust the node makes a file of his own.
 */
export class TrustFile {
  readonly #path: string
  readonly #ledger: Ledger
  /** Newest first. */
  #chains: TrustedChain[] = []
  #writing: Promise<void> = Promise.resolve()
  #isDue = false

  constructor(path: string, ledger: Ledger) {
    this.#path = path
    this.#ledger = ledger
  }

  /** From the anchors that stand now: at the start, and when a chain took some back. */
  async rebuild(): Promise<void> {
    const records: AnchorRecord[] = []
    let page: AnchorRecord[]
    let before: number | undefined
    do {
      page = await this.#ledger.anchors({ limit: PAGE, ...(before !== undefined && { before }) })
      records.push(...page)
      before = page.at(-1)?.size
    } while (page.length > 0 && records.length < MOST_BLOCKS)
    this.#chains = []
    for (const record of records.toReversed()) this.#add(record)
    await this.#write()
  }

  /** An anchor of this size was confirmed. */
  async add(size: number): Promise<void> {
    for (const record of await this.#ledger.anchorsAt(size)) this.#add(record)
    await this.#write()
  }

  #add(record: AnchorRecord): void {
    if (!isAnchored(record)) return
    const { chainId, registry, logId, blockHash } = toEvidenceAnchor(record)
    const same = (chain: TrustedChain) =>
      chain.chainId === chainId && chain.registry === registry && chain.logId === logId
    const known = this.#chains.find(same)?.blocks ?? []
    const blocks = [blockHash, ...known.filter((hash) => hash !== blockHash)].slice(0, MOST_BLOCKS)
    // One log on each chain: what was anchored before a reset does not stand any more.
    const others = this.#chains.filter((chain) => chain.chainId !== chainId)
    this.#chains = [...others, { chainId, registry, logId, blocks }]
  }

  /** Writes one after the other; those that wait become one. */
  #write(): Promise<void> {
    if (!this.#isDue) {
      this.#isDue = true
      this.#writing = this.#writing.then(() => this.#replace())
    }
    return this.#writing
  }

  async #replace(): Promise<void> {
    this.#isDue = false
    const text = formatTrust({
      v: 1,
      log: { origin: this.#ledger.origin, key: this.#ledger.logKey },
      witnesses: { quorum: 0, keys: [] },
      chains: this.#chains,
    })
    // A reader sees the old file or the new one, never half of either.
    const draft = `${this.#path}.${randomUUID()}`
    await writeFile(draft, `${text}\n`)
    await rename(draft, this.#path)
  }
}
