import { stringify } from 'csv-stringify/sync'
import type { Context } from './route.ts'

export const CSV_TYPE = 'text/csv; charset=utf-8'

/** What opens such files on desks takes them for UTF-8 only by this mark. */
export const CSV_MARK = '\ufeff'

/** Whether the caller wants a table: by `?format=`, else by what it accepts best. */
export function wantsCsv(ctx: Context, format: 'json' | 'csv' | undefined): boolean {
  if (format !== undefined) return format === 'csv'
  return ctx.accepts('application/json', 'text/csv') === 'text/csv'
}

export type Cell = string | number | undefined

/** The first row, with the names of the columns. */
export function csvHead(columns: readonly string[]): string {
  return `${CSV_MARK}${csvRow(columns)}`
}

/** A row as in RFC 4180. */
export function csvRow(cells: readonly Cell[]): string {
  // What comes from others must be no formula in a spreadsheet.
  return stringify([[...cells]], { record_delimiter: '\r\n', escape_formulas: true })
}
