import type { BlockId, LogOnChain } from '../../chain/chain.ts'
import type { AnchorStore } from './ports.ts'
import { isAnchored } from './records.ts'
import type { AnchorRecord } from './records.ts'

/** Records that are written at once. */
const BATCH = 256

/**
 * The anchor records of one target, with the few that every look needs at hand.
 *
 * A chain that lost blocks (a reorganisation, a crash, a reset: the same thing at different depths)
 * loses a suffix of them, since a larger checkpoint is anchored in a later block. The lost records
 * stay, marked, and no evidence uses them. Their entries are not lost: the next anchor has a larger
 * or equal size, and inclusion can be proven at any size, so it covers them all.
 */
export class AnchorJournal {
  readonly target: string
  readonly #store: AnchorStore
  /** Sizes without an anchor that stands, from some index on: lost records are passed over once. */
  #gap: { from: number; to: number } | undefined
  #newest: AnchorRecord | undefined
  #outstanding: AnchorRecord | undefined
  #unfinal: AnchorRecord[] = []
  #finalSize = 0
  #lastLog: LogOnChain | undefined

  private constructor(store: AnchorStore, target: string) {
    this.#store = store
    this.target = target
  }

  static async open(store: AnchorStore, target: string): Promise<AnchorJournal> {
    const journal = new AnchorJournal(store, target)
    await journal.#load()
    return journal
  }

  /** The newest anchor that stands. */
  get newest(): AnchorRecord | undefined {
    return this.#newest
  }

  /** On its way, or to be made again. */
  get outstanding(): AnchorRecord | undefined {
    return this.#outstanding
  }

  /** Confirmed but not final, newest first. */
  get unfinal(): readonly AnchorRecord[] {
    return this.#unfinal
  }

  get finalSize(): number {
    return this.#finalSize
  }

  /** The log on chain as it was used last. */
  get lastLog(): LogOnChain | undefined {
    return this.#lastLog
  }

  /** Makes `record` the outstanding one; `superseded` will never be mined. */
  async save(record: AnchorRecord, superseded?: AnchorRecord): Promise<void> {
    await this.#store.put(superseded ? [superseded, record] : [record])
    this.#outstanding = record
    this.#lastLog = logOf(record)
  }

  async confirm(record: AnchorRecord): Promise<void> {
    await this.#store.put([record])
    this.#outstanding = undefined
    this.#newest = record
    this.#unfinal.unshift(record)
  }

  async finalise(records: readonly AnchorRecord[], now: number): Promise<void> {
    const final = records.map((record) => ({ ...record, state: 'final' as const, finalAt: now }))
    await this.#store.put(final)
    this.#unfinal = this.#unfinal.filter((record) => !records.includes(record))
    for (const record of final) {
      this.#finalSize = Math.max(this.#finalSize, record.size)
      if (record.size === this.#newest?.size) this.#newest = record
    }
  }

  /** The smallest anchor that stands and covers the entry: of all, it proves the earliest time. */
  async covering(index: number): Promise<AnchorRecord | undefined> {
    if (this.#newest === undefined || this.#newest.size <= index) return undefined
    const smallest = index + 1
    const gap = this.#gap
    const from = gap && gap.from <= smallest && smallest < gap.to ? gap.to : smallest
    for await (const record of this.#store.scan(this.target, { from })) {
      if (!isAnchored(record)) continue
      if (record.size > from) this.#gap = { from: smallest, to: record.size }
      return record
    }
    return undefined
  }

  /**
   * Marks the newest records as lost until one stands, and answers how many. Newest first, so that
   * a crash in between leaves a shorter suffix to mark.
   */
  async loseVanished(stands: (record: AnchorRecord) => Promise<boolean>, now: number) {
    // After a reset nothing stands: two questions tell, instead of one for each record.
    const oldest = await this.covering(0)
    const isReset = oldest !== undefined && !(await stands(oldest))
    let lost = 0
    let batch: AnchorRecord[] = []
    for await (const record of this.#store.scan(this.target, { reverse: true })) {
      if (!isAnchored(record)) continue
      if (!isReset && (await stands(record))) break
      batch.push({ ...record, state: 'reorganised', reorganisedAt: now })
      lost++
      if (batch.length === BATCH) {
        await this.#store.put(batch)
        batch = []
      }
    }
    if (batch.length > 0) await this.#store.put(batch)
    await this.#load()
    return lost
  }

  async #load(): Promise<void> {
    this.#gap = undefined
    this.#newest = undefined
    this.#outstanding = undefined
    this.#unfinal = []
    this.#finalSize = 0
    this.#lastLog = undefined
    for await (const record of this.#store.scan(this.target, { reverse: true })) {
      this.#lastLog ??= logOf(record)
      if (isAnchored(record)) this.#newest ??= record
      // Only the newest is made again: it covers what the others covered.
      else if (this.#newest === undefined) this.#outstanding ??= record
      if (record.state === 'confirmed') this.#unfinal.push(record)
      if (record.state === 'final') {
        this.#finalSize = record.size
        return
      }
    }
  }
}

/** The latest block that its evidence speaks of. */
export function lastBlock(record: AnchorRecord): BlockId {
  const block = record.proof?.block ?? record.mined?.block
  if (block === undefined) throw new TypeError('an anchor that stands was mined')
  return block
}

function logOf({ chainId, registry, logId }: AnchorRecord): LogOnChain {
  return { chainId, registry, logId }
}

export function isOnLog(record: AnchorRecord, log: LogOnChain): boolean {
  return (
    record.chainId === log.chainId && record.registry === log.registry && record.logId === log.logId
  )
}
