import type { Hex } from '../core/ethereum/hex.ts'
import type { Fact } from '../core/figures/facts.ts'
import type { MonthTally } from '../core/figures/tally.ts'
import type { OpenedCases } from './openedCases.ts'
import type { Sources } from './sources.ts'
import { UNDER_WAY } from './statementReaders.ts'
import type { StatementReaders } from './statementReaders.ts'
import type { StoredBatch } from './storedStatements.ts'

export interface CountingParts {
  readonly readers: Pick<StatementReaders, 'facts'>
  readonly sources: Pick<Sources, 'find'>
  readonly cases: Pick<OpenedCases, 'find'>
}

/** A month, as far as it was counted. */
export interface Counted {
  readonly tally: MonthTally
  /** Its first entry. */
  readonly first: number
}

export interface CountedBatch {
  /** Statements that would have been counted, and were erased since. */
  readonly erased: number
  /** Entry after the last that is counted. */
  readonly next: number
}

interface ReadBatch extends CountedBatch {
  readonly facts: readonly Fact[]
  /** The departments that what was used came from, in the order of the uses. */
  readonly from: readonly (Hex | undefined)[]
}

/**
 * Adds what batches of one month say to its sums, and tells after each how far that is. While one is added, the next ones
 * are read.
 *
 * @throws LedgerError as the scan, `StatementReaders.facts`, `Sources.find` and `OpenedCases.find`
 */
export async function* countBatches(
  scan: AsyncIterable<StoredBatch>,
  month: Counted,
  parts: CountingParts,
): AsyncGenerator<CountedBatch, void> {
  const underWay: Promise<ReadBatch>[] = []
  const addFirst = async (): Promise<CountedBatch> => {
    const batch = await (underWay.shift() as Promise<ReadBatch>)
    await addFacts(batch, month, parts)
    return { erased: batch.erased, next: batch.next }
  }
  for await (const batch of scan) {
    const read = readBatch(batch, parts)
    // Awaited in its turn: failing before that is no unhandled rejection.
    read.catch(() => {})
    underWay.push(read)
    if (underWay.length === UNDER_WAY) yield await addFirst()
  }
  while (underWay.length > 0) yield await addFirst()
}

async function readBatch(
  { stored, next }: StoredBatch,
  { readers, sources }: CountingParts,
): Promise<ReadBatch> {
  const { facts, erased } = await readers.facts(stored)
  const used = facts.flatMap((fact) => (fact.is === 'use' ? [fact.source] : []))
  return { facts, from: await sources.find(used), erased, next }
}

/**
 * In their order: what came for a case is of the department that decides it only once it was opened, however much of the log
 * there is by now. Cases of the month are known by then; only those before it are looked up.
 */
async function addFacts(
  { facts, from }: ReadBatch,
  { tally, first }: Counted,
  { cases }: CountingParts,
): Promise<void> {
  const opened = new Set<string>()
  for (const fact of facts) if (fact.is === 'case') opened.add(fact.case)
  const unknown = new Set<string>()
  for (const fact of facts)
    if (isForCase(fact) && tally.deciderOf(fact.case) === undefined && !opened.has(fact.case))
      unknown.add(fact.case)
  const earlier = await cases.find([...unknown], first)
  let uses = 0
  for (const fact of facts) {
    if (!isForCase(fact)) {
      tally.add(fact)
      continue
    }
    const decidedBy = tally.deciderOf(fact.case) ?? earlier.get(fact.case)
    if (fact.is === 'use') tally.add({ ...fact, decidedBy, from: from[uses++] })
    else tally.add({ ...fact, decidedBy })
  }
}

function isForCase(fact: Fact): fact is Extract<Fact, { is: 'use' | 'submission' }> {
  return fact.is === 'use' || fact.is === 'submission'
}
