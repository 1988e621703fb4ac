import { parse } from 'csv-parse/sync'
import { isLedgerError, LedgerError, orRefusal } from '../core/errors.ts'
import { parseStrictJson } from '../core/json.ts'
import type { TextLine } from './lines.ts'
import { isColumn, parseRecord, recordOf } from './record.ts'
import type { ImportRecord } from './record.ts'

/** A line of a manifest, and what it says, or why it says nothing. */
export interface ManifestLine {
  readonly number: number
  /** As it stands there. */
  readonly text: string
  readonly record: ImportRecord | LedgerError
}

const MANIFEST_KINDS = ['csv', 'ndjson'] as const
export type ManifestKind = (typeof MANIFEST_KINDS)[number]

/** By the ending of its name. */
export function kindOfManifest(path: string): ManifestKind | undefined {
  if (/\.csv$/i.test(path)) return 'csv'
  return /\.(?:ndjson|jsonl)$/i.test(path) ? 'ndjson' : undefined
}

/**
 * What each line of a manifest says, one material a line. A bad line spoils no other.
 *
 * CSV is RFC 4180 with names in the first line, and without line breaks in quotes: no material says anything that has
 * some, and a quote that is left open ends with its line.
 *
 * @throws LedgerError invalid/IMPORT_COLUMNS_MALFORMED {columns}
 */
export async function* readManifest(
  lines: AsyncIterable<readonly TextLine[]>,
  kind: ManifestKind,
): AsyncGenerator<ManifestLine[], void> {
  const reader = kind === 'csv' ? new CsvReader() : undefined
  for await (const some of lines) yield reader ? reader.read(some) : some.map(readJsonLine)
  reader?.end()
}

function readJsonLine({ number, text }: TextLine): ManifestLine {
  const read = () => parseRecord(parseStrictJson(text ?? ''))
  return { number, text: text ?? '', record: text === undefined ? tooLong() : orRefusal(read) }
}

class CsvReader {
  #columns: readonly string[] | undefined

  read(lines: readonly TextLine[]): ManifestLine[] {
    const [first, ...others] = lines
    if (first === undefined) return []
    if (this.#columns !== undefined) return this.#readRows(lines, this.#columns)
    this.#columns = columnsOf(first)
    return this.#readRows(others, this.#columns)
  }

  /** An empty file says nothing, not even that there is nothing. */
  end(): void {
    if (this.#columns === undefined) throw columnsMalformed()
  }

  #readRows(lines: readonly TextLine[], columns: readonly string[]): ManifestLine[] {
    const rows = rowsOf(lines)
    return lines.map(({ number, text }, i) => {
      const cells = rows[i]
      if (cells === undefined || isLedgerError(cells))
        return { number, text: text ?? '', record: cells ?? tooLong() }
      return { number, text: text ?? '', record: orRefusal(() => readRow(columns, cells)) }
    })
  }
}

type Cells = readonly string[]

/** All at once, which is ten times as fast as each by itself; each by itself where one of them is bad. */
function rowsOf(lines: readonly TextLine[]): (Cells | LedgerError)[] {
  try {
    if (lines.some(({ text }) => text === undefined)) throw tooLong()
    const rows = parseCsv(lines.map(({ text }) => text ?? '').join('\n'))
    if (rows.length === lines.length) return rows
  } catch {
    // Found out below.
  }
  return lines.map(({ text }) => (text === undefined ? tooLong() : rowOf(text)))
}

function rowOf(text: string): Cells | LedgerError {
  try {
    const [cells = []] = parseCsv(text)
    return cells
  } catch (cause) {
    const { code: reason } = cause as { code?: string }
    return new LedgerError('invalid', 'IMPORT_ROW_MALFORMED', { reason }, { cause })
  }
}

function parseCsv(text: string): string[][] {
  return parse(text, {
    recordDelimiter: '\n',
    trim: true,
    relaxColumnCount: true,
    skipEmptyLines: false,
  })
}

function readRow(columns: readonly string[], cells: Cells): ImportRecord {
  if (cells.length !== columns.length) {
    const details = { reason: 'CSV_COLUMNS_DIFFER', expected: columns.length, found: cells.length }
    throw new LedgerError('invalid', 'IMPORT_ROW_MALFORMED', details)
  }
  return recordOf(columns, cells)
}

function columnsMalformed(columns: readonly string[] = []): LedgerError {
  return new LedgerError('invalid', 'IMPORT_COLUMNS_MALFORMED', { columns })
}

/** @throws LedgerError invalid/IMPORT_COLUMNS_MALFORMED */
function columnsOf({ text = '' }: TextLine): readonly string[] {
  const names = rowOf(text)
  const unknown = isLedgerError(names)
    ? []
    : names.filter((name, i) => !isColumn(name) || names.indexOf(name) < i)
  if (isLedgerError(names) || unknown.length > 0 || !names.includes('type'))
    throw columnsMalformed(unknown)
  return names
}

function tooLong(): LedgerError {
  return new LedgerError('tooLarge', 'IMPORT_LINE_TOO_LONG')
}
