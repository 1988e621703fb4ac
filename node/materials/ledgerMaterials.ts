import type { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { QUARANTINE, quarantineTerm } from '../core/terms/materials.ts'
import { Turns } from '../core/turns.ts'
import type { Appended, Ledger } from '../ledger/ledger.ts'
import type { Location } from '../store/contentStore.ts'
import type { Page, PageRequest } from '../store/pages.ts'
import type { TermIndex } from '../store/terms.ts'
import { MaterialDecisions } from './decisions.ts'
import { MaterialEraser } from './erasure.ts'
import { MaterialIntake } from './intake.ts'
import { MaterialJudge } from './judging.ts'
import type { RequireForCase } from './judging.ts'
import { MaterialListing } from './listing.ts'
import type { PublishedTypes } from './listing.ts'
import type {
  ByteRange,
  Decision,
  Erasure,
  HeldMaterial,
  ListedMaterial,
  LoggedDecision,
  Material,
  MaterialQuery,
  Materials,
  Submitted,
  SubmitRequest,
  Whose,
} from './materials.ts'
import { MaterialReader } from './reader.ts'
import type { Reception } from './reception.ts'
import { SharedContents } from './sharing.ts'
import { Spendings } from './spendings.ts'
import type { MaterialTypes } from './soundness.ts'
import { ERASED } from './states.ts'
import { Standings } from './standing.ts'
import { SubmitterBlocks } from './submitterBlocks.ts'
import { Versions } from './versions.ts'

export interface MaterialsParts {
  readonly ledger: Ledger
  readonly reception: Reception
  readonly terms: TermIndex
  /** What departments published; without it every type is taken as it comes. */
  readonly types?: MaterialTypes & PublishedTypes
  /** Asks for a reason where cases are known; without it nobody is asked. */
  readonly requireForCase?: RequireForCase
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The room of a content may be reclaimed. */
  readonly onErased?: () => void
}

/** Materials on top of the ledger: a statement for each, its content sealed beside it. */
export class LedgerMaterials implements Materials {
  readonly #ledger: Ledger
  readonly #reception: Reception
  readonly #terms: TermIndex
  readonly #reader: MaterialReader
  readonly #sharing: SharedContents
  readonly #standings: Standings
  readonly #listing: MaterialListing
  readonly #intake: MaterialIntake
  readonly #decisions: MaterialDecisions
  readonly #eraser: MaterialEraser

  constructor({ ledger, reception, terms, types, now, ...hooks }: MaterialsParts) {
    const { requireForCase, onErased = () => {} } = hooks
    const reader = new MaterialReader(ledger)
    const sharing = new SharedContents(reader, terms)
    const versions = new Versions(ledger, reader, terms)
    const blocks = new SubmitterBlocks(terms)
    const standings = new Standings(ledger, terms)
    const parts = {
      ledger,
      reception,
      terms,
      reader,
      sharing,
      spendings: new Spendings(ledger, terms),
      versions,
      blocks,
      turns: new Turns(),
    }
    this.#ledger = ledger
    this.#reception = reception
    this.#terms = terms
    this.#reader = reader
    this.#sharing = sharing
    this.#standings = standings
    this.#listing = new MaterialListing({ ...parts, standings, types, now })
    const judge = new MaterialJudge({ ledger, reader, types, requireForCase, now })
    this.#intake = new MaterialIntake({ ...parts, judge })
    this.#decisions = new MaterialDecisions(parts)
    this.#eraser = new MaterialEraser({ ...parts, onErased })
  }

  submit(request: SubmitRequest): Promise<Submitted> {
    return this.#intake.submit(request)
  }

  async get(id: string): Promise<Material> {
    const { index, opened } = await this.#reader.find(id)
    const { at } = parseEntry(await this.#ledger.getEntry(index))
    if (opened === undefined)
      return { index, at, statement: undefined, erased: true, standing: ERASED }
    const { statement } = opened
    const standing = await this.#standings.of({ at, statement })
    return { index, at, statement, erased: false, standing }
  }

  list(whose: Whose, query: MaterialQuery): Promise<Page<ListedMaterial>> {
    return this.#listing.list(whose, query)
  }

  async openContent(id: string, range?: ByteRange): Promise<Readable> {
    const { location, dataKey } = await this.#locate(id)
    try {
      return await this.#reception.read(location, dataKey, range)
    } catch (error) {
      if (!isLedgerError(error, 'CONTENT_MISSING')) throw error
      // It may have moved, with its segment or to an heir, since its location was read.
      const moved = await this.#locate(id)
      if (isDeepStrictEqual(moved.location, location)) throw error
      return this.#reception.read(moved.location, moved.dataKey, range)
    }
  }

  async evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array> {
    const { index } = await this.#reader.require(id)
    return wait
      ? this.#ledger.evidenceWhenAnchored(index, wait.anchored)
      : this.#ledger.evidence(index)
  }

  quarantined({
    submitter,
    ...page
  }: PageRequest & { submitter?: string }): Promise<Page<HeldMaterial>> {
    const term = submitter === undefined ? QUARANTINE : quarantineTerm(submitter)
    return this.#terms.readPage(term, page, (index) => this.#readHeld(index))
  }

  withdraw(id: string, decision: Decision): Promise<Appended> {
    return this.#decisions.withdraw(id, decision)
  }

  release(id: string, decision: Decision): Promise<Appended> {
    return this.#decisions.release(id, decision)
  }

  reject(id: string, decision: Decision): Promise<Appended> {
    return this.#decisions.reject(id, decision)
  }

  decisionsOf(id: string): Promise<LoggedDecision[]> {
    return this.#decisions.of(id)
  }

  erase(id: string, erasure: Erasure): Promise<Appended> {
    return this.#eraser.erase(id, erasure)
  }

  /** Undefined where it was erased since it was found. */
  async #readHeld(index: number): Promise<HeldMaterial | undefined> {
    const { at } = parseEntry(await this.#ledger.getEntry(index))
    const opened = await this.#reader.findAt(index)
    return opened && { index, at, statement: opened.statement }
  }

  /** @throws LedgerError notFound/MATERIAL_NOT_FOUND, MATERIAL_ERASED, CONTENT_NOT_KEPT */
  async #locate(id: string): Promise<{ location: Location; dataKey: Uint8Array }> {
    const own = await this.#reader.require(id)
    const found = own.location === undefined ? await this.#sharing.ownerOf(own.statement) : own
    if (found?.location !== undefined) return { location: found.location, dataKey: found.dataKey }
    if (own.statement.content.kept === 'here') {
      // Whose bytes they were has been erased this very moment, and this one is the heir.
      const { location, dataKey } = await this.#reader.require(id)
      if (location !== undefined) return { location, dataKey }
    }
    throw new LedgerError('notFound', 'CONTENT_NOT_KEPT', { id })
  }
}
