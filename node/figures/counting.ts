import { LedgerError } from '../core/errors.ts'
import type { Fact } from '../core/figures/facts.ts'
import { factOf, isCounted } from '../core/figures/facts.ts'
import type { MonthTally } from '../core/figures/tally.ts'
import { readLoosely } from './statementScan.ts'
import type { Scanned } from './statementScan.ts'
import type { Sources } from './sources.ts'

/**
 * Adds statements of one month to its sums, and answers how many of them nobody can read any more.
 *
 * @throws LedgerError corrupt/FIGURES_STATEMENT_UNKNOWN {index}: a statement that the figures cannot read
 */
export async function countStatements(
  scanned: readonly Scanned[],
  tally: MonthTally,
  sources: Pick<Sources, 'find'>,
): Promise<number> {
  let unreadable = 0
  for (const one of scanned) {
    if (one.statement === undefined) unreadable++
    const fact = readFact(one)
    if (fact?.is !== 'use') {
      if (fact !== undefined) tally.add(fact)
      continue
    }
    const found = sources.find(fact.source)
    // Nothing is awaited for what is known: a million turns of the event loop are seconds.
    tally.add({ ...fact, from: found instanceof Promise ? await found : found })
  }
  return unreadable
}

function readFact({ index, entry, statement }: Scanned): Fact | undefined {
  const { kind, at } = entry
  if (statement === undefined || !isCounted(kind)) return undefined
  try {
    return factOf(kind, readLoosely(statement), Date.parse(at))
  } catch (cause) {
    throw new LedgerError('corrupt', 'FIGURES_STATEMENT_UNKNOWN', { index }, { cause })
  }
}
