import * as z from 'zod'
import { DigestText } from '../core/digest.ts'
import { parseBy } from '../core/schema.ts'
import { MaterialSubmission } from '../core/statement.ts'

const { id, type, title, holder, fields, caseCode, certificateIdentifier } =
  MaterialSubmission.shape
const { supersedes, channel, receiptMode, content } = MaterialSubmission.shape

const SHA256_HEX = /^[0-9a-f]{64}$/

/**
 * What a manifest says of one material. Without a file its content stays where it is, and digest and size are stated.
 */
export const ImportRecord = z
  .strictObject({
    id,
    type,
    title,
    holder,
    fields,
    caseCode,
    certificateIdentifier,
    supersedes,
    channel,
    receiptMode,
    /** Within the folder, with strokes between names. */
    file: z.string().min(1).max(1000).optional(),
    /** Of the content: hex digits, or tagged as in a statement. */
    sha256: z
      .string()
      .transform((text) =>
        SHA256_HEX.test(text.toLowerCase()) ? `sha-256:${text.toLowerCase()}` : text,
      )
      .pipe(DigestText)
      .optional(),
    size: content.shape.size,
    mediaType: content.shape.mediaType.optional(),
  })
  .meta({ id: 'ImportRecord' })
export type ImportRecord = z.infer<typeof ImportRecord>

/** @throws LedgerError invalid/IMPORT_RECORD_MALFORMED {issues} */
export function parseRecord(value: unknown): ImportRecord {
  return parseBy(ImportRecord, value, 'IMPORT_RECORD_MALFORMED')
}

const FIELD = 'fields.'
const NUMBERS: ReadonlySet<string> = new Set(['size', 'receiptMode'])
const COLUMNS: ReadonlySet<string> = new Set(
  Object.keys(ImportRecord.shape).filter((name) => name !== 'fields'),
)

/** Whether a table may have a column of that name: a member of the record, or a field of the material. */
export function isColumn(name: string): boolean {
  return COLUMNS.has(name) || (name.startsWith(FIELD) && name.length > FIELD.length)
}

/**
 * The record that a row of a table stands for. What is empty is not there; fields are texts until `typeFields`.
 *
 * @throws LedgerError as `parseRecord`
 */
export function recordOf(columns: readonly string[], cells: readonly string[]): ImportRecord {
  const record: Record<string, unknown> = {}
  const fields: Record<string, string> = {}
  for (const [i, name] of columns.entries()) {
    const cell = cells[i] ?? ''
    if (cell === '') continue
    if (name.startsWith(FIELD)) fields[name.slice(FIELD.length)] = cell
    else if (name === 'holder') record[name] = holderOf(cell)
    else record[name] = NUMBERS.has(name) && /^\d{1,15}$/.test(cell) ? Number(cell) : cell
  }
  return parseRecord({ ...record, ...(Object.keys(fields).length > 0 && { fields }) })
}

/** `001:91310110MADEM0011Y`, code type and code. */
function holderOf(text: string): object {
  const [, codeType = '', code = ''] = /^(\d{3}):(.+)$/.exec(text) ?? []
  return { codeType, code }
}
