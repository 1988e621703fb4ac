import { equalBytes } from '../../core/bytes.ts'
import { commit, SALT_LENGTH } from '../../core/commitment.ts'
import { parseEntry } from '../../core/entry.ts'
import type { Entry } from '../../core/entry.ts'
import { isLedgerError } from '../../core/errors.ts'
import { encodeStatement, parseStatement } from '../../core/statement.ts'
import type { MaterialErased, Statement } from '../../core/statement.ts'
import * as layout from '../../store/layout.ts'
import { Bitmap } from './bitmap.ts'
import { ContentAuditor } from './contents.ts'
import { TermCheck } from '../terms/termCheck.ts'
import type { MissingTerm } from '../terms/termCheck.ts'
import type { LoggedStatement } from '../terms/logged.ts'
import type { AuditParts } from './parts.ts'
import { breathe } from './report.ts'
import type { Pass, Report } from './report.ts'
import { leadsTo, readIndexes, readOne, reasonOf } from './scan.ts'
import type { Stored } from './scan.ts'

/** Entries in one batch: some 5 ms of this thread. */
const BATCH = 64

/** What this pass learned, for those after it. */
export interface StatementsAudit {
  readonly statements: number
  /** Entries whose data key is gone. */
  readonly erased: Bitmap
  /** Entries named by a logged erasure. */
  readonly erasures: Bitmap
  /** Id records that have been reported, and the entries that they should lead to. */
  readonly wrongIds: ReadonlyMap<string, number>
  readonly contents: ContentAuditor
  /** Has seen every statement, and no record yet. */
  readonly terms: TermCheck
}

interface Range {
  readonly size: number
  /** Entries that are known to be wrong: nothing is compared with them. */
  readonly altered: ReadonlySet<number>
  readonly onProgress: (done: number) => void
}

/** Opens every statement and content and compares them with the entries. */
export async function* auditStatements(
  parts: AuditParts,
  { size, altered, onProgress }: Range,
  report: Report,
): Pass<StatementsAudit> {
  const auditor = new StatementAuditor(parts, { size, altered }, report)
  for (let from = 0; from < size; from += BATCH) {
    await auditor.audit(from, Math.min(size, from + BATCH))
    onProgress(Math.min(size, from + BATCH))
    await breathe()
    yield
  }
  auditor.conclude()
  return auditor
}

/** The records of one entry: undefined where one is damaged, missing where there is none. */
interface Records {
  readonly entry: Stored
  readonly statement: Stored | 'missing'
  readonly dataKey: Stored | 'missing'
  readonly location: Stored | 'missing'
}

class StatementAuditor implements StatementsAudit {
  statements = 0
  readonly erased = new Bitmap()
  readonly erasures = new Bitmap()
  readonly wrongIds = new Map<string, number>()
  readonly contents: ContentAuditor
  readonly terms: TermCheck
  readonly #parts: AuditParts
  readonly #altered: ReadonlySet<number>
  readonly #report: Report

  constructor(
    parts: AuditParts,
    { size, altered }: Pick<Range, 'size' | 'altered'>,
    report: Report,
  ) {
    this.#parts = parts
    this.#altered = altered
    this.#report = report
    this.contents = new ContentAuditor(parts, report)
    this.terms = new TermCheck(parts, size)
  }

  async audit(from: number, to: number): Promise<void> {
    const { store } = this.#parts
    const read = (family: layout.IndexedFamily) =>
      readIndexes(store, family, [from, to], this.#report)
    const entries = await read('entry')
    // An erasure takes location and data key at once: a key that is read later than the location
    // proves that the location was not gone by erasure.
    const locations = await read('location')
    const dataKeys = await read('dataKey')
    const statements = await read('statement')
    const logged: LoggedStatement[] = []
    for (let index = from; index < to; index++) {
      const one = await this.#auditOne(index, {
        entry: entries.get(index),
        location: valueOf(locations, index),
        dataKey: valueOf(dataKeys, index),
        statement: valueOf(statements, index),
      })
      if (one !== undefined) logged.push(one)
    }
    for (const missing of await this.terms.look(logged)) this.#reportMissing(missing)
  }

  /** After the last entry. */
  conclude(): void {
    for (const missing of this.terms.rest()) this.#reportMissing(missing)
  }

  #reportMissing({ index, kind }: MissingTerm): void {
    this.#report.add('TERM_RECORD_MISSING', `term record ${kind} of entry ${index}`, {
      index,
      kind,
    })
  }

  /** Answers what the entry commits to. */
  async #auditOne(index: number, records: Records): Promise<LoggedStatement | undefined> {
    const { entry, statement, dataKey, location } = records
    if (statement === 'missing') {
      this.#report.add('STATEMENT_MISSING', `statement ${index}`, { index })
    }
    if (dataKey === 'missing') {
      await this.#noteErased(index, location)
      return undefined
    }
    const key = dataKey && this.#unwrap(index, dataKey)
    if (key === undefined || statement === undefined || statement === 'missing') return undefined
    const opened = this.#open(index, key, statement)
    if (opened === undefined) return undefined
    this.statements++
    const logged = this.#readEntry(index, entry)
    const isSame = this.#compare(index, opened, logged)
    await this.#auditId(index, opened.statement.id)
    if (opened.statement.kind === 'material.erased')
      await this.#auditErasure(index, opened.statement)
    await this.contents.audit(index, { statement: opened.statement, dataKey: key, location })
    if (!isSame || logged === undefined) return undefined
    const hasLocation = location !== 'missing'
    return { index, statement: opened.statement, commitment: logged.commitment, hasLocation }
  }

  async #noteErased(index: number, location: Records['location']): Promise<void> {
    this.erased.add(index)
    if (location === 'missing') return
    // It may have been erased since the location was read.
    const now = await readOne(this.#parts.store, layout.locationKey(index), this.#report)
    if (now !== 'missing') {
      this.#report.add('LOCATION_STRAY', `content location ${index}`, { index })
    }
  }

  #unwrap(index: number, wrapped: Uint8Array): Uint8Array | undefined {
    try {
      return this.#parts.ring.unwrap(wrapped)
    } catch (error) {
      this.#report.add('DATA_KEY_DAMAGED', `data key ${index}`, { index, ...reasonOf(error) })
      return undefined
    }
  }

  #open(index: number, dataKey: Uint8Array, sealed: Uint8Array): Opened | undefined {
    const where = `statement ${index}`
    let opened: Uint8Array
    try {
      opened = this.#parts.ring.openStatement(dataKey, sealed)
    } catch (error) {
      if (!isLedgerError(error)) throw error
      this.#report.add('STATEMENT_DAMAGED', where, { index })
      return undefined
    }
    const bytes = opened.subarray(SALT_LENGTH)
    try {
      const statement = parseStatement(bytes)
      if (!equalBytes(encodeStatement(statement), bytes)) {
        this.#report.add('STATEMENT_MALFORMED', where, { index, reason: 'not canonical' })
      }
      return { salt: opened.subarray(0, SALT_LENGTH), bytes, statement }
    } catch (error) {
      if (!isLedgerError(error)) throw error
      this.#report.add('STATEMENT_MALFORMED', where, { index, ...reasonOf(error) })
      return undefined
    }
  }

  #readEntry(index: number, bytes: Stored): Entry | undefined {
    if (bytes === undefined || this.#altered.has(index)) return undefined
    try {
      return parseEntry(bytes)
    } catch (error) {
      if (!isLedgerError(error)) throw error
      // The pass over the log has said so.
      return undefined
    }
  }

  #compare(index: number, { salt, bytes, statement }: Opened, entry: Entry | undefined): boolean {
    if (entry === undefined) return false
    if (!equalBytes(commit(salt, bytes), entry.commitment)) {
      this.#report.add('COMMITMENT_MISMATCH', `statement ${index}`, { index })
      return false
    }
    if (statement.kind === entry.kind) return true
    this.#report.add('STATEMENT_KIND_MISMATCH', `entry ${index}`, { index })
    return false
  }

  /** Whether every entry has one is for the pass over the id records to say. */
  async #auditId(index: number, id: string): Promise<void> {
    const blinded = this.#parts.ring.blind('id', id)
    const record = await readOne(this.#parts.store, layout.idKey(blinded), this.#report)
    if (record === 'missing') return
    if (record !== 'damaged' && leadsTo(record, index)) return
    if (record !== 'damaged') {
      this.#report.add('ID_RECORD_WRONG', `id record ${blinded}`, { index })
    }
    this.wrongIds.set(blinded, index)
  }

  async #auditErasure(index: number, { material, index: erased }: MaterialErased): Promise<void> {
    const where = `statement ${index}`
    // Nothing is erased before it was logged.
    if (erased >= index) {
      this.#report.add('ERASURE_TARGET_WRONG', where, { index })
      return
    }
    this.erasures.add(erased)
    const key = layout.idKey(this.#parts.ring.blind('id', material))
    const record = await readOne(this.#parts.store, key, this.#report)
    if (record !== 'damaged' && (record === 'missing' || !leadsTo(record, erased))) {
      this.#report.add('ERASURE_TARGET_WRONG', where, { index })
    }
  }
}

interface Opened {
  readonly salt: Uint8Array
  /** RFC 8785. */
  readonly bytes: Uint8Array
  readonly statement: Statement
}

function valueOf(values: ReadonlyMap<number, Stored>, index: number): Stored | 'missing' {
  return values.has(index) ? values.get(index) : 'missing'
}
