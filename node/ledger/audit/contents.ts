import { createHash } from 'node:crypto'
import { ownerTerm } from '../../core/terms/materials.ts'
import { digestAlgorithm } from '../../core/digest.ts'
import { isLedgerError } from '../../core/errors.ts'
import { contentOf } from '../../core/statement.ts'
import type { Statement } from '../../core/statement.ts'
import { sharedNameOf } from '../../core/statements/material.ts'
import type { Location, SegmentLocation } from '../../store/contentStore.ts'
import { readContent } from '../../store/contents/read.ts'
import * as layout from '../../store/layout.ts'
import { decodeLocation, isSameLocation } from '../../store/locations.ts'
import { TermIndex } from '../../store/terms.ts'
import { openStatement } from '../reader.ts'
import type { FindingCode } from './findings.ts'
import type { AuditParts } from './parts.ts'
import { leadsTo, readOne, reasonOf } from './scan.ts'
import type { Stored } from './scan.ts'
import type { Report } from './report.ts'

/** How often a content is looked for anew that moved while it was read. */
const MOST_MOVES = 3

export interface OwnedContent {
  readonly statement: Statement
  readonly dataKey: Uint8Array
  readonly location: Stored | 'missing'
}

/** Reads each content where its location says and compares it with the statement. */
export class ContentAuditor {
  count = 0
  /** In clear. */
  bytes = 0
  /** Names of the files that hold a content. */
  readonly files = new Set<string>()
  /** Where contents that are damaged lie. */
  readonly damaged: SegmentLocation[] = []
  readonly #parts: AuditParts
  readonly #report: Report

  constructor(parts: AuditParts, report: Report) {
    this.#parts = parts
    this.#report = report
  }

  async audit(index: number, { statement, dataKey, location }: OwnedContent): Promise<void> {
    const where = `content location ${index}`
    const content = contentOf(statement)
    if (location === undefined) return
    if (content?.kept !== 'here') {
      if (location !== 'missing') this.#report.add('LOCATION_STRAY', where, { index })
      return
    }
    if (location === 'missing') return this.#auditShared(index, { statement, content, dataKey })
    const place = this.#decode(index, location)
    if (place) await this.#auditAt(place, { index, content, dataKey })
  }

  /** The same bytes of the same holder lie beside one material, which is audited where it stands. */
  async #auditShared(
    index: number,
    { statement, content, dataKey }: Pick<Stated, 'content' | 'dataKey'> & { statement: Statement },
  ): Promise<void> {
    if (await this.#isShared(statement)) return
    // It may have been erased since, or be the heir of one that was.
    const { store } = this.#parts
    const location = await readOne(store, layout.locationKey(index), this.#report)
    if (location instanceof Uint8Array) {
      const place = this.#decode(index, location)
      if (place) await this.#auditAt(place, { index, content, dataKey })
    } else if (location === 'missing') {
      const key = await readOne(store, layout.dataKeyKey(index), this.#report)
      if (key !== 'missing')
        this.#report.add('LOCATION_MISSING', `content location ${index}`, { index })
    }
  }

  /** Whether a material that has these bytes says that they are the same holder's. */
  async #isShared(statement: Statement): Promise<boolean> {
    const name = statement.kind === 'material.submitted' ? sharedNameOf(statement) : undefined
    if (name === undefined) return false
    const { store, ring } = this.#parts
    const [owner] = await new TermIndex(store, ring).findNewest([ownerTerm(name)])
    if (owner === undefined) return false
    const [location, wrapped, sealed] = [
      await readOne(store, layout.locationKey(owner), this.#report),
      await readOne(store, layout.dataKeyKey(owner), this.#report),
      await readOne(store, layout.statementKey(owner), this.#report),
    ]
    const isThere = [location, wrapped, sealed].every((value) => value instanceof Uint8Array)
    if (!isThere) return false
    try {
      const opened = openStatement(ring, {
        sealed: sealed as Uint8Array,
        wrapped: wrapped as Uint8Array,
        location: undefined,
      })
      const { statement: other } = opened
      return other.kind === 'material.submitted' && sharedNameOf(other) === name
    } catch (error) {
      if (!isLedgerError(error)) throw error
      return false
    }
  }

  #decode(index: number, location: Uint8Array): Location | undefined {
    try {
      return decodeLocation(location)
    } catch (error) {
      if (!isLedgerError(error)) throw error
      this.#report.add('LOCATION_MALFORMED', `content location ${index}`, { index })
      return undefined
    }
  }

  async #auditAt(location: Location, stated: Stated, moves = 0): Promise<void> {
    try {
      await this.#read(location, stated)
      if (location.in === 'file') await this.#auditFileRecord(location.name, stated.index)
    } catch (error) {
      if (!isLedgerError(error)) throw error
      const now = await this.#locate(stated.index)
      // Erased while it was read.
      if (now === undefined) return
      if (moves < MOST_MOVES && !isSameLocation(now, location))
        return this.#auditAt(now, stated, moves + 1)
      if (location.in === 'segment') this.damaged.push(location)
      const { index } = stated
      const code = error.code === 'CONTENT_MISSING' ? 'CONTENT_MISSING' : 'CONTENT_DAMAGED'
      this.#report.add(code, `content ${index}`, {
        index,
        ...placeOf(location),
        ...reasonOf(error),
      })
    }
  }

  async #read(location: Location, { index, content, dataKey }: Stated): Promise<void> {
    const hashes = content.digests.map((digest) => {
      const algorithm = digestAlgorithm(digest)
      return { digest, algorithm, hash: createHash(algorithm === 'sha-256' ? 'sha256' : algorithm) }
    })
    let size = 0
    for await (const chunk of readContent(this.#parts.contents, location, dataKey)) {
      const bytes = chunk as Uint8Array
      size += bytes.length
      for (const { hash } of hashes) hash.update(bytes)
    }
    if (location.in === 'file') this.files.add(location.name)
    this.count++
    this.bytes += size
    const differs = (code: FindingCode) =>
      this.#report.add(code, `content ${index}`, { index, ...placeOf(location) })
    if (size !== content.size) differs('CONTENT_SIZE_MISMATCH')
    else if (hashes.some((one) => `${one.algorithm}:${one.hash.digest('hex')}` !== one.digest)) {
      differs('CONTENT_DIGEST_MISMATCH')
    }
  }

  async #auditFileRecord(name: string, index: number): Promise<void> {
    const record = await readOne(this.#parts.store, layout.fileKey(name), this.#report)
    if (record === 'damaged') return
    const where = `file record ${name}`
    if (record === 'missing') this.#report.add('FILE_RECORD_MISSING', where, { index })
    else if (!leadsTo(record, index)) this.#report.add('FILE_RECORD_WRONG', where, { index })
  }

  /** Where the content is now; undefined once it is erased. */
  async #locate(index: number): Promise<Location | undefined> {
    const { store } = this.#parts
    const [location, dataKey] = [
      await readOne(store, layout.locationKey(index), this.#report),
      await readOne(store, layout.dataKeyKey(index), this.#report),
    ]
    if (dataKey === 'missing' || !(location instanceof Uint8Array)) return undefined
    return this.#decode(index, location)
  }
}

interface Stated {
  readonly index: number
  readonly content: NonNullable<ReturnType<typeof contentOf>>
  readonly dataKey: Uint8Array
}

/** Where an operator finds it on the disk. */
function placeOf(location: Location): Readonly<Record<string, unknown>> {
  return location.in === 'file'
    ? { file: location.name }
    : { segment: location.segment, offset: location.offset }
}
