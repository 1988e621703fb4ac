import { isLedgerError } from '../../core/errors.ts'
import { BLOCK, blockOf } from '../../core/terms/term.ts'
import type { Term, TermKind } from '../../core/terms/term.ts'
import type { KeyValueStore } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import type { KeyRing } from '../../store/sealing/keyRing.ts'
import { TermIndex } from '../../store/terms.ts'
import { BlockCounts } from './blockCounts.ts'
import { expectedOf } from './expected.ts'
import { LoggedReader } from './logged.ts'
import type { LoggedParts, LoggedStatement } from './logged.ts'

/** A record that a statement ought to have. */
export interface MissingTerm {
  readonly index: number
  readonly kind: TermKind
  readonly key: string
  readonly value: Uint8Array
}

export type TermKey = Extract<layout.Key, { family: 'term' }>
export type NewestKey = Extract<layout.Key, { family: 'newest' }>

/**
 * A record that may be there or ought to be: `leads` and `blocks` are keys by themselves, `newest` has the index as
 * value.
 */
interface Wanted {
  readonly how: 'leads' | 'newest' | 'blocks'
  readonly index: number
  readonly term: Term
  readonly key: string
}

const NOTHING = new Uint8Array(0)
const SUBMITTER: TermKind = 'material.submitter'

/**
 * Holds the records of terms against the statements that they follow from. Each statement is shown once, in the order
 * of the log: what it lacks is found by asking for it, and what it has is counted. Each record is shown once as well;
 * where a block of entries has more of them than were counted, some lead astray, and each of that block is judged by
 * itself. So memory grows by four bytes for 256 entries, and nothing is read twice where nothing is wrong.
 */
export class TermCheck {
  readonly #store: KeyValueStore
  readonly #ring: KeyRing
  readonly #terms: TermIndex
  readonly #reader: LoggedReader
  readonly #size: number
  readonly #counts = new BlockCounts()
  /** Materials of quarantine that lack a record: a decision may follow whose id leads nowhere. */
  readonly #undecided = new Map<number, MissingTerm[]>()
  /** By their keys, where no statement counts although one should: a later one may follow that does. */
  readonly #uncounted = new Map<string, MissingTerm>()
  #block = -1
  /** Terms that lead to something in this block. */
  readonly #covered = new Set<string>()

  /** @param size entries that are looked at */
  constructor({ store, ring }: LoggedParts, size: number) {
    this.#store = store
    this.#ring = ring
    this.#terms = new TermIndex(store, ring)
    this.#reader = new LoggedReader({ store, ring })
    this.#size = size
  }

  /** What these statements lack; in the order of the log, none twice. */
  async look(batch: readonly LoggedStatement[]): Promise<MissingTerm[]> {
    const wanted: Wanted[] = []
    for (const logged of batch) {
      const { statement } = logged
      if (statement.kind === 'material.released' || statement.kind === 'material.rejected')
        this.#undecided.delete(statement.index)
      wanted.push(...((await this.#wantedBy(logged)) ?? []))
    }
    const values = await readAll(
      this.#store,
      wanted.map(({ key }) => key),
    )
    const missing: MissingTerm[] = []
    for (const [i, one] of wanted.entries()) {
      if (!(await this.#lacks(one, values[i]))) continue
      if (one.how === 'newest') this.#uncounted.set(one.key, missingOf(one))
      else if (one.term.kind === 'material.quarantine') this.#postpone(missingOf(one))
      else missing.push(missingOf(one))
    }
    return missing
  }

  /** What is lacking still, once all statements were shown. */
  rest(): MissingTerm[] {
    return [...this.#undecided.values(), ...this.#uncounted.values()].flat()
  }

  /** It was lacking, and is there from now on. */
  made({ index }: MissingTerm): void {
    this.#counts.add(index, 1)
  }

  /** A record of the store leads to this entry. @param isErased whether its statement is */
  count(kind: string, index: number, isErased: boolean): void {
    // Whose an erased material was cannot be told any more.
    if (index < this.#size && !(isErased && kind === SUBMITTER)) this.#counts.add(index, -1)
  }

  /** Once all were counted: whether any has to be judged. */
  get hasSuspects(): boolean {
    return !this.#counts.areZero
  }

  /** Whether a record that leads to this entry has to be judged, once all were counted. */
  isSuspect(index: number): boolean {
    return index < this.#size && this.#counts.at(index) !== 0
  }

  /** Whether it is there although nothing says so. */
  async isStray(key: TermKey | NewestKey, text: string, index: number): Promise<boolean> {
    const logged = await this.#reader.at(index)
    if (logged === 'unreadable') return false
    if (logged === 'erased')
      return key.kind !== SUBMITTER && (await this.#isThere(key, text, index))
    const wanted = await this.#wantedBy(logged)
    if (wanted === undefined || wanted.some((one) => one.key === text)) return false
    // It may have gone with an erasure or a decision of this moment.
    return this.#isThere(key, text, index)
  }

  async #isThere({ family }: layout.Key, text: string, index: number): Promise<boolean> {
    const [value] = await readAll(this.#store, [text])
    if (value === undefined || value === 'damaged') return false
    return family !== 'newest' || layout.tryDecodeIndex(value) === index
  }

  async #wantedBy(logged: LoggedStatement): Promise<Wanted[] | undefined> {
    const expected = await expectedOf(logged, { reader: this.#reader, terms: this.#terms })
    if (expected === undefined) return undefined
    const { index } = logged
    const blind = ({ kind, value }: Term) => this.#ring.blind(`term/${kind}`, value)
    const leading = (how: 'leads' | 'blocks') => (term: Term) => {
      return { how, index, term, key: layout.termKey(term.kind, blind(term), index) }
    }
    return [
      ...expected.leads.map(leading('leads')),
      ...expected.blocks.map(leading('blocks')),
      ...expected.newest.map((term) => {
        return {
          how: 'newest' as const,
          index,
          term,
          key: layout.newestKey(term.kind, blind(term)),
        }
      }),
    ]
  }

  async #lacks(wanted: Wanted, value: Value): Promise<boolean> {
    const { how, index } = wanted
    if (how === 'blocks') return this.#lacksInBlock(wanted, value)
    // Damage is for whoever reads all records to say.
    if (value === 'damaged') return this.#counted(index, how === 'leads')
    if (value === undefined) return this.#isLacking(wanted)
    if (how === 'leads') return this.#counted(index, true)
    const newest = layout.tryDecodeIndex(value)
    if (newest === undefined) return false
    if (newest < index) return this.#isLacking(wanted)
    return this.#counted(index, newest === index)
  }

  /** Not lacking. */
  #counted(index: number, isThere: boolean): false {
    if (isThere) this.#counts.add(index, 1)
    return false
  }

  /** It may have gone with an erasure or a decision of this moment. */
  async #isLacking({ index, key }: Wanted): Promise<boolean> {
    const now = await this.#reader.at(index)
    if (typeof now !== 'object') return false
    return (await this.#wantedBy(now))?.some((one) => one.key === key) ?? false
  }

  /** The first of a block is enough, also one that was erased since. */
  async #lacksInBlock({ index, term }: Wanted, value: Value): Promise<boolean> {
    if (blockOf(index) !== this.#block) {
      this.#block = blockOf(index)
      this.#covered.clear()
    }
    const name = `${term.kind} ${term.value}`
    const isCovered = this.#covered.has(name)
    this.#covered.add(name)
    if (value !== undefined) return this.#counted(index, true)
    if (isCovered) return false
    const [earlier = -1] = await this.#terms.find(term, { before: index, limit: 1 })
    return earlier < this.#block * BLOCK
  }

  #postpone(missing: MissingTerm): void {
    const before = this.#undecided.get(missing.index) ?? []
    this.#undecided.set(missing.index, [...before, missing])
  }
}

type Value = Uint8Array | 'damaged' | undefined

function missingOf({ how, index, term: { kind }, key }: Wanted): MissingTerm {
  return { index, kind, key, value: how === 'newest' ? layout.encodeIndex(index) : NOTHING }
}

async function readAll(store: KeyValueStore, keys: readonly string[]): Promise<Value[]> {
  try {
    return await store.getMany(keys)
  } catch (error) {
    if (!isLedgerError(error, 'STORE_CORRUPT')) throw error
  }
  return Promise.all(
    keys.map(async (key) => {
      try {
        return await store.get(key)
      } catch (error) {
        if (!isLedgerError(error, 'STORE_CORRUPT')) throw error
        return 'damaged' as const
      }
    }),
  )
}
