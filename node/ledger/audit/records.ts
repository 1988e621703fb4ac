import { isLedgerError } from '../../core/errors.ts'
import { HASH_LENGTH } from '../../core/hash/hash.ts'
import { tileWidth } from '../../core/merkle/tiles.ts'
import type { KeyRange } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import { decodeLocation } from '../../store/locations.ts'
import { openReplay } from '../idempotency.ts'
import { Bitmap } from './bitmap.ts'
import type { FindingCode } from './findings.ts'
import { readSize } from './logRecords.ts'
import type { AuditParts } from './parts.ts'
import { breathe } from './report.ts'
import type { Pass, Report } from './report.ts'
import { describeKey, readOn, reasonOf } from './scan.ts'
import type { StatementsAudit } from './statements.ts'

const MALFORMED: Partial<Record<layout.Family, FindingCode>> = {
  file: 'FILE_RECORD_WRONG',
  id: 'ID_RECORD_WRONG',
}

/** Pairs that are looked at before others get their turn. */
const PAIRS_IN_A_ROW = 256

/**
 * Every key of the store that no other pass reads: it belongs to a family, and to an entry that the log has.
 *
 * @param size of the audited checkpoint; what was appended since is left alone
 */
export async function* auditRecords(
  parts: AuditParts,
  size: number,
  statements: StatementsAudit,
  report: Report,
): Pass {
  const auditor = new RecordAuditor(parts, size, report)
  yield* auditor.auditIds(statements)
  yield* auditor.auditIdempotency()
  yield* auditor.auditTerms(statements)
  yield* auditor.auditNewest(statements)
  yield* auditor.auditStrayTerms(statements)
  yield* auditor.auditSealed('states')
  yield* auditor.auditSealed('relay')
  yield* auditor.auditSealed('pendingUse')
  yield* auditor.auditUnsettled()
  yield* auditor.auditFileRecords()
  yield* auditor.auditTiles()
  yield* auditor.auditBeyond()
  yield* auditor.auditUnknown()
}

class RecordAuditor {
  readonly #parts: AuditParts
  readonly #size: number
  readonly #report: Report
  /** How far the log reaches by now. */
  #grown: number

  constructor(parts: AuditParts, size: number, report: Report) {
    this.#parts = parts
    this.#size = size
    this.#report = report
    this.#grown = size
  }

  /** Every entry has one id record, which the pass over the statements compared with the id itself. */
  async *auditIds({ wrongIds }: StatementsAudit): Pass {
    const found = new Bitmap()
    for (const index of wrongIds.values()) found.add(index)
    for await (const [key, value] of this.#family('id')) {
      if (key.family !== 'id' || wrongIds.has(key.blinded)) continue
      const index = value && this.#decodeIndex(key, value)
      if (index === undefined) continue
      if (await this.#isBeyond(index)) {
        this.#report.add('ID_RECORD_WRONG', describeKey(key), { index })
      } else if (index < this.#size && !found.add(index)) {
        this.#report.add('ID_RECORD_WRONG', `id records of entry ${index}`, { index })
      }
    }
    for (let index = 0; index < this.#size; index++) {
      if (found.has(index)) continue
      this.#report.add('ID_RECORD_MISSING', `id record of entry ${index}`, { index })
    }
    yield
  }

  async *auditIdempotency(): Pass {
    for await (const [key, value, text] of this.#family('idempotency')) {
      if (value === undefined) continue
      try {
        const { index, size } = openReplay(this.#parts.ring, text, value)
        if (index >= size || (await this.#isBeyond(size - 1))) {
          this.#report.add('IDEMPOTENCY_RECORD_WRONG', describeKey(key), { index, size })
        }
      } catch (error) {
        if (!isLedgerError(error)) throw error
        this.#report.add('IDEMPOTENCY_RECORD_DAMAGED', describeKey(key), reasonOf(error))
      }
    }
    yield
  }

  /** What they lead to is in the log; each is counted against what the statements are found by. */
  async *auditTerms({ terms, erased }: StatementsAudit): Pass {
    for await (const [key, value] of this.#family('term')) {
      if (key.family !== 'term') continue
      const { index } = key
      terms.count(key.kind, index, erased.has(index))
      if (value === undefined) continue
      if (await this.#isBeyond(index))
        this.#report.add('KEY_BEYOND_LOG', describeKey(key), { index })
      if (value.length > 0) this.#report.add('RECORD_WRONG', describeKey(key), { index })
    }
    yield
  }

  /** As those of terms. */
  async *auditNewest({ terms, erased }: StatementsAudit): Pass {
    for await (const [key, value] of this.#family('newest')) {
      const index = value && this.#decodeIndex(key, value)
      if (key.family !== 'newest' || index === undefined) continue
      terms.count(key.kind, index, erased.has(index))
      if (await this.#isBeyond(index)) this.#report.add('RECORD_WRONG', describeKey(key), { index })
    }
    yield
  }

  /** Where there are more records than the statements are found by, which of them are too many. */
  async *auditStrayTerms({ terms }: StatementsAudit): Pass {
    if (!terms.hasSuspects) return
    for (const family of ['term', 'newest'] as const) {
      for await (const [key, value, text] of this.#family(family)) {
        const index = key.family === 'term' ? key.index : value && indexIn(value)
        if ((key.family !== 'term' && key.family !== 'newest') || index === undefined) continue
        if (!terms.isSuspect(index) || !(await terms.isStray(key, text, index))) continue
        const { kind } = key
        this.#report.add('TERM_RECORD_STRAY', describeTerm(key), { index, kind })
      }
    }
    yield
  }

  /** Whether they mean anything, only the domain knows that keeps them; that they open, anyone with the ring. */
  async *auditSealed(family: 'states' | 'relay' | 'pendingUse'): Pass {
    for await (const [key, value, text] of this.#family(family)) {
      if (key.family !== family || value === undefined) continue
      try {
        this.#parts.ring.openRecord(text, value)
      } catch (error) {
        if (!isLedgerError(error)) throw error
        this.#report.add('RECORD_WRONG', describeKey(key), reasonOf(error))
      }
    }
    yield
  }

  /** A mark says nothing itself: it leads to the record of an act on its way. */
  async *auditUnsettled(): Pass {
    for await (const [key, value] of this.#family('unsettled')) {
      if (key.family !== 'unsettled' || value === undefined) continue
      const { index } = key
      if (value.length > 0) this.#report.add('RECORD_WRONG', describeKey(key), { index })
      if ((await this.#parts.store.get(layout.relayKey(index))) !== undefined) continue
      // Settled, and its record forgotten, since the scan began.
      if ((await this.#parts.store.get(layout.unsettledKey(index))) === undefined) continue
      this.#report.add('RECORD_WRONG', describeKey(key), { index })
    }
    yield
  }

  /** Each names an entry whose location is that very file. */
  async *auditFileRecords(): Pass {
    const { store } = this.#parts
    for await (const [key, value] of this.#family('file')) {
      if (key.family !== 'file' || value === undefined) continue
      const index = this.#decodeIndex(key, value)
      if (index === undefined || (await this.#isAt(index, key.name))) continue
      // Erased since the scan began.
      if ((await store.get(layout.fileKey(key.name))) === undefined) continue
      this.#report.add('FILE_RECORD_WRONG', describeKey(key), { index })
    }
    yield
  }

  async #isAt(index: number, file: string): Promise<boolean> {
    try {
      const location = await this.#parts.store.get(layout.locationKey(index))
      const place = location && decodeLocation(location)
      return place?.in === 'file' && place.name === file
    } catch (error) {
      if (!isLedgerError(error)) throw error
      // The pass over the statements has said what is wrong with the location.
      return true
    }
  }

  async *auditTiles(): Pass {
    for await (const [key, value] of this.#family('tile')) {
      if (key.family !== 'tile' || value === undefined) continue
      const { level, index } = key
      let width = tileWidth(level, index, this.#grown)
      if (value.length > width * HASH_LENGTH) {
        this.#grown = await readSize(this.#parts.store)
        width = tileWidth(level, index, this.#grown)
      }
      if (width === 0) this.#report.add('TILE_STRAY', describeKey(key))
      else if (value.length > width * HASH_LENGTH || value.length % HASH_LENGTH !== 0) {
        this.#report.add('TILE_ALTERED', describeKey(key), { bytes: value.length })
      }
    }
    yield
  }

  async *auditBeyond(): Pass {
    for (const family of layout.INDEXED_FAMILIES) {
      for await (const [key] of this.#scan(layout.indexRange(family, this.#size))) {
        if (key.family === family && (await this.#isBeyond(key.index))) {
          this.#report.add('KEY_BEYOND_LOG', describeKey(key), { index: key.index })
        }
      }
    }
    yield
  }

  /**
   * What lies between the families, names of records, and what the mirror holds, which is made anew from the chain:
   * reading is enough to find keys without a meaning.
   */
  async *auditUnknown(): Pass {
    const unread = [layout.familyRange('meta'), layout.familyRange('mirror')]
    for (const range of [...unread, ...gapsBetweenFamilies()]) {
      for await (const _ of this.#scan(range)) yield
    }
  }

  /** What is appended meanwhile is no finding: the log is asked again how far it reaches by now. */
  async #isBeyond(index: number): Promise<boolean> {
    if (index < this.#grown) return false
    this.#grown = await readSize(this.#parts.store)
    return index >= this.#grown
  }

  #decodeIndex(key: layout.Key, value: Uint8Array): number | undefined {
    try {
      return layout.decodeIndex(value)
    } catch (error) {
      if (!isLedgerError(error)) throw error
      this.#report.add(MALFORMED[key.family] ?? 'RECORD_WRONG', describeKey(key), reasonOf(error))
      return undefined
    }
  }

  #family(family: layout.Family): ReturnType<typeof readOn> {
    return this.#scan(layout.familyRange(family))
  }

  async *#scan(range: KeyRange): ReturnType<typeof readOn> {
    let pairs = 0
    for await (const pair of readOn(this.#parts.store, range, this.#report)) {
      yield pair
      if (++pairs % PAIRS_IN_A_ROW === 0) await breathe()
    }
  }
}

function describeTerm(key: Extract<layout.Key, { family: 'term' | 'newest' }>): string {
  return key.family === 'newest'
    ? describeKey(key)
    : `term record ${key.kind} ${key.blinded} of entry ${key.index}`
}

/** Undefined where it is malformed, which the pass before has said. */
function indexIn(value: Uint8Array): number | undefined {
  return value.length === 6 ? layout.decodeIndex(value) : undefined
}

const FAMILIES = Object.keys({
  entry: true,
  tile: true,
  statement: true,
  dataKey: true,
  location: true,
  file: true,
  id: true,
  idempotency: true,
  term: true,
  newest: true,
  states: true,
  relay: true,
  pendingUse: true,
  unsettled: true,
  anchor: true,
  mirror: true,
  meta: true,
} satisfies Record<layout.Family, true>) as layout.Family[]

function gapsBetweenFamilies(): KeyRange[] {
  const ranges = FAMILIES.map((family) => layout.familyRange(family) as { gte: string; lt: string })
  const ordered = ranges.toSorted((a, b) => (a.gte < b.gte ? -1 : 1))
  const starts = [undefined, ...ordered.map(({ lt }) => lt)]
  const ends = [...ordered.map(({ gte }) => gte), undefined]
  return starts.map((gte, position) => {
    const lt = ends[position]
    return { ...(gte !== undefined && { gte }), ...(lt !== undefined && { lt }) }
  })
}
