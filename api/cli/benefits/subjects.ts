import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parse } from 'csv-parse'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import { parseStrictJson } from '../../../node/core/json.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { Holder } from '../../../node/core/statement.ts'

/**
 * Whom a file names, one after the other: a line of JSON each, or a table with the columns `codeType` and `code`.
 * UTF-8.
 *
 * @throws LedgerError invalid/BENEFIT_SUBJECTS_MALFORMED {file, line, issues?}
 */
export async function* readSubjects(path: string): AsyncGenerator<Holder, void> {
  const isTable = path.toLowerCase().endsWith('.csv')
  let line = isTable ? 1 : 0
  try {
    for await (const value of isTable ? rowsOf(path) : linesOf(path)) {
      line++
      if (value !== undefined) yield parseBy(Holder, value, 'BENEFIT_SUBJECTS_MALFORMED')
    }
  } catch (cause) {
    if (!isMalformed(cause)) throw cause
    const issues = isLedgerError(cause) ? cause.details['issues'] : undefined
    const details = { file: path, line, ...(issues !== undefined && { issues }) }
    throw new LedgerError('invalid', 'BENEFIT_SUBJECTS_MALFORMED', details, { cause })
  }
}

async function* rowsOf(path: string): AsyncGenerator<unknown, void> {
  const table = parse({ bom: true, columns: true, trim: true, skip_empty_lines: true })
  const source = createReadStream(path)
  source.once('error', (error) => table.destroy(error))
  for await (const row of source.pipe(table)) {
    const { codeType, code } = row as Readonly<Record<string, string>>
    yield { codeType, code }
  }
}

async function* linesOf(path: string): AsyncGenerator<unknown, void> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity })
  for await (const line of lines)
    yield line.trim() === '' ? undefined : parseStrictJson(Buffer.from(line))
}

/** What the system says of a file is no matter of its lines. */
function isMalformed(error: unknown): boolean {
  return !(error instanceof Error && 'syscall' in error)
}
