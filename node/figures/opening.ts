import { decodeUtf8, encodeHex } from '../core/bytes.ts'
import { commit, SALT_LENGTH } from '../core/commitment.ts'
import { LedgerError } from '../core/errors.ts'
import { factOf, isCounted } from '../core/figures/facts.ts'
import type { Fact } from '../core/figures/facts.ts'
import { open } from '../store/sealing/seal.ts'
import type { SealedStatement } from './statementScan.ts'

/**
 * A statement as JSON has it, held against its entry: what is counted is what was logged. Who reads a part of it reads it
 * loosely, for the ledger read it whole when it took it in.
 *
 * @throws LedgerError corrupt/FIGURES_STATEMENT_ALTERED {index}, SEAL_BROKEN
 */
export function openLoosely({ index, sealed, dataKey, commitment }: SealedStatement): unknown {
  const opened = open(dataKey, 'statement', sealed)
  const statement = opened.subarray(SALT_LENGTH)
  if (encodeHex(commit(opened.subarray(0, SALT_LENGTH), statement)) !== commitment)
    throw new LedgerError('corrupt', 'FIGURES_STATEMENT_ALTERED', { index })
  return JSON.parse(decodeUtf8(statement))
}

/** @throws LedgerError as `openLoosely`; corrupt/FIGURES_STATEMENT_UNKNOWN {index}: it says other things than it should */
export function readFact(sealed: SealedStatement): Fact | undefined {
  const { index, kind, at } = sealed
  if (!isCounted(kind)) return undefined
  const statement = openLoosely(sealed)
  try {
    return factOf(kind, statement, Date.parse(at))
  } catch (cause) {
    throw new LedgerError('corrupt', 'FIGURES_STATEMENT_UNKNOWN', { index }, { cause })
  }
}
