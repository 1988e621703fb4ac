import type { Fact } from '../core/figures/facts.ts'
import type { MonthTally } from '../core/figures/tally.ts'
import type { Sources } from './sources.ts'
import { UNDER_WAY } from './statementReaders.ts'
import type { StatementReaders } from './statementReaders.ts'
import type { StoredBatch } from './storedStatements.ts'

export interface CountingParts {
  readonly readers: Pick<StatementReaders, 'facts'>
  readonly sources: Pick<Sources, 'find'>
}

export interface CountedBatch {
  /** Statements that would have been counted, and were erased since. */
  readonly erased: number
  /** Entry after the last that is counted. */
  readonly next: number
}

interface ReadBatch extends CountedBatch {
  readonly facts: readonly Fact[]
}

/**
 * Adds what batches of one month say to its sums, and tells after each how far that is. While one is added, the next ones
 * are read.
 *
 * @throws LedgerError as the scan, `StatementReaders.facts` and `Sources.find`
 */
export async function* countBatches(
  scan: AsyncIterable<StoredBatch>,
  tally: MonthTally,
  parts: CountingParts,
): AsyncGenerator<CountedBatch, void> {
  const underWay: Promise<ReadBatch>[] = []
  const addFirst = async (): Promise<CountedBatch> => {
    const { facts, erased, next } = await (underWay.shift() as Promise<ReadBatch>)
    for (const fact of facts) tally.add(fact)
    return { erased, next }
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
  const used = facts.filter((fact) => fact.is === 'use')
  const from = await sources.find(used.map(({ source }) => source))
  const others = facts.filter((fact) => fact.is !== 'use')
  return { facts: [...others, ...used.map((use, i) => ({ ...use, from: from[i] }))], erased, next }
}
