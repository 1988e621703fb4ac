import { isCounted } from '../core/figures/facts.ts'
import type { Fact } from '../core/figures/facts.ts'
import type { MonthTally } from '../core/figures/tally.ts'
import { UNDER_WAY } from './factReaders.ts'
import type { FactReaders } from './factReaders.ts'
import type { Sources } from './sources.ts'
import type { ScannedBatch } from './statementScan.ts'

export interface CountingParts {
  readonly readers: Pick<FactReaders, 'read'>
  readonly sources: Pick<Sources, 'find'>
}

/** Kinds of statements that a scan is to bring for `countBatches`. */
export const isWanted = isCounted

/**
 * Adds what batches of one month say to its sums, and tells after each how far that is. While one is added, the next ones
 * are read.
 *
 * @throws LedgerError as the scan and `readFact`
 */
export async function* countBatches(
  scan: AsyncIterable<ScannedBatch>,
  tally: MonthTally,
  { readers, sources }: CountingParts,
): AsyncGenerator<Pick<ScannedBatch, 'erased' | 'next'>, void> {
  const underWay: { readonly batch: ScannedBatch; readonly facts: Promise<readonly Fact[]> }[] = []
  const addFirst = async (): Promise<ScannedBatch | undefined> => {
    const first = underWay.shift()
    if (first !== undefined) await addAll(await first.facts, tally, sources)
    return first?.batch
  }
  for await (const batch of scan) {
    const facts = readers.read(batch.statements)
    // Awaited in its turn: failing before that is no unhandled rejection.
    facts.catch(() => {})
    underWay.push({ batch, facts })
    if (underWay.length < UNDER_WAY) continue
    const added = await addFirst()
    if (added !== undefined) yield added
  }
  for (let added = await addFirst(); added !== undefined; added = await addFirst()) yield added
}

async function addAll(
  facts: readonly Fact[],
  tally: MonthTally,
  sources: Pick<Sources, 'find'>,
): Promise<void> {
  for (const fact of facts) {
    if (fact.is !== 'use') {
      tally.add(fact)
      continue
    }
    const found = sources.find(fact.source)
    // Nothing is awaited for what is known: a million turns of the event loop are seconds.
    tally.add({ ...fact, from: found instanceof Promise ? await found : found })
  }
}
