import { encodeHex } from '../core/bytes.ts'
import { commit, SALT_LENGTH } from '../core/commitment.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { COUNTED_KINDS, factOf, isCounted, membersOf } from '../core/figures/facts.ts'
import { departmentNamed } from '../core/parties/principal.ts'
import type { CountedKind, Fact } from '../core/figures/facts.ts'
import { memberReader } from '../core/figures/members.ts'
import type { KeyWrapper } from '../store/sealing/keyWrapper.ts'
import { open } from '../store/sealing/seal.ts'
import { readEntry } from './entryText.ts'
import type { EntryText } from './entryText.ts'
import type { StoredStatement } from './storedStatements.ts'

const FACT_MEMBERS = new Map(COUNTED_KINDS.map((kind) => [kind, memberReader(membersOf(kind))]))
const SOURCE_MEMBERS = memberReader(['decidedBy', 'issuer', 'submitter'])

export interface FoundFacts {
  readonly facts: readonly Fact[]
  /** Statements that would say one, and were erased since. */
  readonly erased: number
}

/**
 * What these statements say for the figures.
 *
 * @throws LedgerError corrupt/STATEMENT_MISSING {index}, FIGURES_STATEMENT_ALTERED {index}, SEAL_BROKEN
 * @throws LedgerError corrupt/FIGURES_STATEMENT_UNKNOWN {index}: it says other things than it should
 * @throws LedgerError invalid/MASTER_KEY_WRONG
 */
export function readFacts(stored: readonly StoredStatement[], keys: KeyWrapper): FoundFacts {
  const facts: Fact[] = []
  const read = (statement: Uint8Array, { at, kind }: EntryText) => {
    const counted = kind as CountedKind
    const fact = factOf(counted, FACT_MEMBERS.get(counted)?.(statement), Date.parse(at))
    if (fact !== undefined) facts.push(fact)
  }
  const counted = stored.flatMap((one) => {
    const entry = readEntry(one.entry)
    return isCounted(entry.kind) ? [{ one, entry }] : []
  })
  const erased = readEach(counted, keys, read)
  return { facts, erased }
}

/**
 * The departments that certificates and materials came from, and that decide cases, in their order; undefined where
 * none handed it in, or where it was erased since.
 *
 * @throws LedgerError as `readFacts`
 */
export function readDepartments(
  stored: readonly StoredStatement[],
  keys: KeyWrapper,
): (Hex | undefined)[] {
  const found: (Hex | undefined)[] = stored.map(() => undefined)
  const all = stored.map((one) => ({ one, entry: readEntry(one.entry) }))
  readEach(all, keys, (statement, _, i) => (found[i] = readDepartment(statement)))
  return found
}

function readDepartment(statement: Uint8Array): Hex | undefined {
  const { decidedBy, issuer, submitter } = SOURCE_MEMBERS(statement) as {
    decidedBy?: Hex
    issuer?: Hex
    submitter?: string
  }
  return decidedBy ?? issuer ?? (submitter === undefined ? undefined : departmentNamed(submitter))
}

interface Entered {
  readonly one: StoredStatement
  readonly entry: EntryText
}

/**
 * One after the other: opened all at once they would take as much memory again.
 *
 * @returns how many were erased since
 */
function readEach(
  statements: readonly Entered[],
  keys: KeyWrapper,
  read: (statement: Uint8Array, entry: EntryText, place: number) => void,
): number {
  const wrapped = statements.flatMap(({ one }) => wrappedOf(one) ?? [])
  const dataKeys = keys.unwrapAll(wrapped)
  let next = 0
  for (const [place, { one, entry }] of statements.entries()) {
    if (one.wrapped === undefined) continue
    const statement = openOne(one, entry, dataKeys[next++] as Uint8Array)
    try {
      read(statement, entry, place)
    } catch (cause) {
      const { index } = one
      throw new LedgerError('corrupt', 'FIGURES_STATEMENT_UNKNOWN', { index }, { cause })
    }
  }
  return statements.length - wrapped.length
}

/** Undefined once erased. */
function wrappedOf({ index, sealed, wrapped }: StoredStatement): Uint8Array | undefined {
  if (sealed === undefined) throw new LedgerError('corrupt', 'STATEMENT_MISSING', { index })
  return wrapped
}

/** Held against its entry: what is counted is what was logged. */
function openOne(
  { index, sealed }: StoredStatement,
  { commitment }: EntryText,
  dataKey: Uint8Array,
): Uint8Array {
  const opened = open(dataKey, 'statement', sealed as Uint8Array)
  const statement = opened.subarray(SALT_LENGTH)
  if (encodeHex(commit(opened.subarray(0, SALT_LENGTH), statement)) !== commitment)
    throw new LedgerError('corrupt', 'FIGURES_STATEMENT_ALTERED', { index })
  return statement
}
