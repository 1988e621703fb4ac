import { randomUUID } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { formatTrust } from '../node/core/trust.ts'
import type { Registries } from '../node/core/parties/registries.ts'
import type { TrustDocument, TrustedChain } from '../node/core/trust.ts'
import type { AnchoringEvent } from '../node/ledger/anchoring/cycle.ts'
import { isAnchored, toEvidenceAnchor } from '../node/ledger/anchoring/records.ts'
import type { AnchorRecord } from '../node/ledger/anchoring/records.ts'
import type { SealedAnchorStore } from '../node/ledger/anchorStore.ts'

/** The newest blocks are enough: older evidence is checked against the chain. */
const MOST_BLOCKS = 10_000
/** Anchors read at a time. */
const PAGE = 500

export interface TrustFileParts {
  readonly path: string
  readonly log: TrustDocument['log']
  readonly anchors: SealedAnchorStore
  /** Where the chains can be asked, by their id: those of this machine, whose addresses hold no secret. */
  readonly rpc: ReadonlyMap<number, string>
  /** The file could not be written; the next change tries again. */
  readonly onError: (error: unknown) => void
}

/**
 * Keeps `trust.json` in the data folder current: what somebody on this machine, who trusts this
 * node, needs to check its evidence offline. Whoever does not trust the node makes a file of his own.
 */
export class TrustFile {
  readonly #parts: TrustFileParts
  /** Blocks with the newest first. */
  #chains: TrustedChain[] = []
  #registries: Registries | undefined
  #work: Promise<void> = Promise.resolve()

  constructor(parts: TrustFileParts) {
    this.#parts = parts
    this.#do(() => this.#rebuild())
  }

  note(event: AnchoringEvent): void {
    if (event.type === 'confirmed') this.#do(() => this.#add(event.size))
    if (event.type === 'lost') this.#do(() => this.#rebuild())
  }

  /** Where this node reads parties, certificates and grants. */
  nameRegistries(registries: Registries): void {
    this.#registries = registries
    this.#do(() => this.#write())
  }

  /** Resolves once all that was noted stands in the file. */
  settled(): Promise<void> {
    return this.#work
  }

  #do(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch(this.#parts.onError)
  }

  async #rebuild(): Promise<void> {
    const records: AnchorRecord[] = []
    let page: AnchorRecord[]
    let before: number | undefined
    do {
      page = await this.#parts.anchors.newest({
        limit: PAGE,
        ...(before !== undefined && { before }),
      })
      records.push(...page)
      before = page.at(-1)?.size
    } while (page.length > 0 && records.length < MOST_BLOCKS)
    this.#chains = []
    for (const record of records.toReversed()) this.#include(record)
    await this.#write()
  }

  async #add(size: number): Promise<void> {
    for (const record of await this.#parts.anchors.at(size)) this.#include(record)
    await this.#write()
  }

  #include(record: AnchorRecord): void {
    if (!isAnchored(record)) return
    const { chainId, registry, logId, blockHash } = toEvidenceAnchor(record)
    const known = this.#chains.find(
      (chain) => chain.chainId === chainId && chain.registry === registry && chain.logId === logId,
    )
    const older = (known?.blocks ?? []).filter((hash) => hash !== blockHash)
    const blocks = [blockHash, ...older].slice(0, MOST_BLOCKS)
    // One log on each chain: what was anchored before a reset does not stand any more.
    const others = this.#chains.filter((chain) => chain.chainId !== chainId)
    const rpc = this.#parts.rpc.get(chainId)
    this.#chains = [...others, { chainId, registry, logId, blocks, ...(rpc && { rpc }) }]
  }

  async #write(): Promise<void> {
    const { path, log } = this.#parts
    const witnesses = { quorum: 0, keys: [] }
    const registries = this.#registries && { registries: this.#registries }
    const text = formatTrust({ v: 1, log, witnesses, chains: this.#chains, ...registries })
    // A reader sees the old file or the new one, never half of either.
    const draft = `${path}.${randomUUID()}`
    await writeFile(draft, `${text}\n`)
    await rename(draft, path)
  }
}
