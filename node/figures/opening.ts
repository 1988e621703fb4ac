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
  const counted = stored
    .map((one) => ({ ...one, ...readEntry(one.entry) }))
    .filter((one): one is typeof one & { readonly kind: CountedKind } => isCounted(one.kind))
  const sealed = counted.filter(isReadable)
  const facts: Fact[] = []
  const read = (statement: Uint8Array, { kind, at }: (typeof sealed)[number]) =>
    factOf(kind, FACT_MEMBERS.get(kind)?.(statement), Date.parse(at))
  for (const [, fact] of readEach(sealed, keys, read)) if (fact !== undefined) facts.push(fact)
  return { facts, erased: counted.length - sealed.length }
}

/**
 * The departments that certificates and materials came from, and that decide cases, in their order; undefined where none handed it in, or where
 * it was erased since.
 *
 * @throws LedgerError as `readFacts`
 */
export function readDepartments(
  stored: readonly StoredStatement[],
  keys: KeyWrapper,
): (Hex | undefined)[] {
  const found = new Map<number, Hex | undefined>()
  const sealed = stored.map((one) => ({ ...one, ...readEntry(one.entry) })).filter(isReadable)
  for (const [{ index }, department] of readEach(sealed, keys, readDepartment))
    found.set(index, department)
  return stored.map(({ index }) => found.get(index))
}

function readDepartment(statement: Uint8Array): Hex | undefined {
  const { decidedBy, issuer, submitter } = SOURCE_MEMBERS(statement) as {
    decidedBy?: Hex
    issuer?: Hex
    submitter?: string
  }
  return decidedBy ?? issuer ?? (submitter === undefined ? undefined : departmentNamed(submitter))
}

/** With the entry read. */
interface SealedStatement extends EntryText {
  readonly index: number
  readonly sealed: Uint8Array
  readonly wrapped: Uint8Array
}

function isReadable<Stored extends StoredStatement>(
  stored: Stored,
): stored is Stored & { readonly sealed: Uint8Array; readonly wrapped: Uint8Array } {
  if (stored.sealed === undefined)
    throw new LedgerError('corrupt', 'STATEMENT_MISSING', { index: stored.index })
  return stored.wrapped !== undefined
}

/** One after the other: opened all at once they would take as much memory again. */
function* readEach<Sealed extends SealedStatement, Read>(
  statements: readonly Sealed[],
  keys: KeyWrapper,
  read: (statement: Uint8Array, sealed: Sealed) => Read,
): Generator<readonly [Sealed, Read], void> {
  const dataKeys = keys.unwrapAll(statements.map(({ wrapped }) => wrapped))
  for (const [i, sealed] of statements.entries()) {
    const statement = openOne(sealed, dataKeys[i] as Uint8Array)
    yield [sealed, readOrRefuse(() => read(statement, sealed), sealed)]
  }
}

function readOrRefuse<Read>(read: () => Read, { index }: SealedStatement): Read {
  try {
    return read()
  } catch (cause) {
    throw new LedgerError('corrupt', 'FIGURES_STATEMENT_UNKNOWN', { index }, { cause })
  }
}

/** Held against its entry: what is counted is what was logged. */
function openOne({ index, sealed, commitment }: SealedStatement, dataKey: Uint8Array): Uint8Array {
  const opened = open(dataKey, 'statement', sealed)
  const statement = opened.subarray(SALT_LENGTH)
  if (encodeHex(commit(opened.subarray(0, SALT_LENGTH), statement)) !== commitment)
    throw new LedgerError('corrupt', 'FIGURES_STATEMENT_ALTERED', { index })
  return statement
}
