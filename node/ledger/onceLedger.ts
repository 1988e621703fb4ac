import { LedgerError } from '../core/errors.ts'
import { parseCheckpoint } from '../core/tlog/checkpoint.ts'
import { parseNote } from '../core/tlog/note.ts'
import type { Hash } from '../core/hash/hash.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import * as layout from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { Anchoring } from './anchoring/anchoring.ts'
import type { AnchoredLog } from './anchoring/ports.ts'
import type { AnchorRecord } from './anchoring/records.ts'
import type { SealedAnchorStore } from './anchorStore.ts'
import { IdempotencyKeys } from './idempotency.ts'
import type { Appended, Draft, Ledger, LedgerStatus, OpenedStatement } from './ledger.ts'
import type { Log } from './open.ts'

export interface LedgerParts {
  readonly log: Log
  readonly store: KeyValueStore
  readonly ring: KeyRing
  readonly anchors: SealedAnchorStore
  readonly anchoring: Anchoring
  /** Resolves once the anchors confirmed so far are known wherever evidence is checked on this machine. */
  readonly anchorsNoted?: () => Promise<void>
}

/** The ledger: its writer, its reader and its anchors behind one face. */
export class OnceLedger implements Ledger {
  readonly keys: IdempotencyKeys
  readonly #parts: LedgerParts

  constructor(parts: LedgerParts) {
    this.#parts = parts
    this.keys = new IdempotencyKeys(parts.store, parts.ring)
  }

  get origin(): string {
    return this.#parts.log.signer.origin
  }

  get logKey(): string {
    return this.#parts.log.signer.vkey
  }

  get size(): number {
    return this.#parts.log.reader.published.size
  }

  append(draft: Draft): Promise<Appended> {
    const { writer } = this.#parts.log
    return draft.erases === undefined ? writer.append(draft) : this.#erase(draft, draft.erases)
  }

  async findIndex(id: string): Promise<number | undefined> {
    const index = await this.#parts.store.get(layout.idKey(this.#parts.ring.blind('id', id)))
    return index && layout.decodeIndex(index)
  }

  getEntry(index: number): Promise<Uint8Array> {
    return this.#parts.log.reader.entry(index)
  }

  openStatement(index: number): Promise<OpenedStatement> {
    return this.#parts.log.reader.openStatement(index)
  }

  inclusionProof(index: number): Promise<string> {
    return this.#parts.log.reader.proofText(index)
  }

  async evidence(index: number): Promise<Uint8Array> {
    const { reader } = this.#parts.log
    const anchors = bestCovered(await this.#parts.anchoring.anchorsCovering(index))
    const [first] = anchors
    if (first === undefined) return reader.evidence(index)
    return reader.evidence(index, first.size, { note: first.checkpoint, anchors })
  }

  async evidenceWhenAnchored(index: number, signal: AbortSignal): Promise<Uint8Array> {
    try {
      await this.#parts.anchoring.waitAnchored(index + 1, signal)
      await this.#parts.anchorsNoted?.()
    } catch (cause) {
      if (!signal.aborted) throw cause
      throw new LedgerError('unavailable', 'ANCHOR_TIMEOUT', { index }, { cause })
    }
    return this.evidence(index)
  }

  async evidenceBeside(index: number, note: string): Promise<Uint8Array> {
    const { size } = parseCheckpoint(parseNote(note).text)
    if (index >= size) throw new LedgerError('notFound', 'ENTRY_NOT_FOUND', { index, size })
    return this.#parts.log.reader.evidence(index, size, { note, anchors: [] })
  }

  checkpoint(): string {
    return this.#parts.log.reader.published.note
  }

  tile(level: number, index: number, width: number): Promise<Uint8Array> {
    return this.#parts.log.reader.tile(level, index, width)
  }

  entryBundle(index: number, width: number): Promise<Uint8Array> {
    return this.#parts.log.reader.entryBundle(index, width)
  }

  anchors(page: { readonly before?: number; readonly limit: number }): Promise<AnchorRecord[]> {
    return this.#parts.anchors.newest(page)
  }

  async anchorsAt(size: number): Promise<AnchorRecord[]> {
    const records = await this.#parts.anchors.at(size)
    if (records.length === 0) throw new LedgerError('notFound', 'ANCHOR_NOT_FOUND', { size })
    return records
  }

  status(): LedgerStatus {
    const { writer } = this.#parts.log
    return {
      size: this.size,
      waiting: writer.waiting,
      stopped: writer.stopped?.code,
      chains: this.#parts.anchoring.status(),
    }
  }

  /** Deleted is not gone: LevelDB keeps what was, until it writes that range anew. */
  async #erase(draft: Draft, { index }: NonNullable<Draft['erases']>): Promise<Appended> {
    const appended = await this.#parts.log.writer.append(draft)
    const key = layout.dataKeyKey(index)
    await this.#parts.store.compact({ gte: key, lte: key })
    return appended
  }

  async close(): Promise<void> {
    await this.#parts.log.writer.close()
    await this.#parts.anchoring.close()
  }
}

/** The log as anchoring sees it. */
export function anchoredLog({ signer, reader }: Log): AnchoredLog {
  return {
    origin: signer.origin,
    checkpoint: () => reader.published,
    rootAt: (size: number): Promise<Hash> => reader.rootAt(size),
    consistencyProof: (from: number, to: number): Promise<Hash[]> =>
      reader.consistencyProof(from, to),
  }
}

/**
 * Evidence holds one checkpoint: the one that most chains hold, the smallest of these.
 * Targets anchor on their own, so their sizes may differ.
 */
function bestCovered(covering: readonly AnchorRecord[]): AnchorRecord[] {
  const bySize = Map.groupBy(covering, (record) => record.size)
  const sizes = [...bySize].toSorted(
    ([sizeA, a], [sizeB, b]) => b.length - a.length || sizeA - sizeB,
  )
  return sizes[0]?.[1] ?? []
}
