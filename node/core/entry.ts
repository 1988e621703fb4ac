import * as z from 'zod'
import { decodeHex, encodeHex, equalBytes, utf8 } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { parseStrictJson } from './json.ts'
import { parseBy } from './schema.ts'

/** Bytes of one entry at most. */
const MAX_ENTRY_LENGTH = 1024

/** What the log publishes about a statement. */
export interface Entry {
  /** When the ledger logged it: RFC 3339, UTC, milliseconds, `2026-01-02T03:04:05.678Z`. */
  readonly at: string
  /** 32 bytes. */
  readonly commitment: Uint8Array
  /** Kind of the statement, such as `material.submitted`. */
  readonly kind: string
}

const AT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const KIND = /^(?=.{1,64}$)[a-z]+(?:\.[a-z]+)+$/

/** The entry as it stands in the log and in evidence. */
export const EntryDocument = z
  .strictObject({
    at: z.string().refine(isInstant, 'not a time in UTC with milliseconds'),
    commitment: z.string().regex(/^[0-9a-f]{64}$/, 'not 64 hex digits'),
    kind: z.string().regex(KIND, 'not a kind'),
    v: z.literal(1),
  })
  .meta({ id: 'Entry' })
export type EntryDocument = z.infer<typeof EntryDocument>

/**
 * RFC 8785 bytes. Members stand in their canonical order, and no value needs an escape,
 * so a template gives the canonical form.
 *
 * @throws TypeError on a value that no entry can hold
 */
export function formatEntry(entry: Entry): Uint8Array {
  const { at, commitment, kind } = entry
  if (!AT.test(at) || commitment.length !== 32 || !KIND.test(kind)) {
    throw new TypeError('no entry can hold this')
  }
  return utf8(`{"at":"${at}","commitment":"${encodeHex(commitment)}","kind":"${kind}","v":1}`)
}

/**
 * Accepts exactly what `formatEntry` gives.
 *
 * @throws LedgerError invalid/ENTRY_TOO_LONG, ENTRY_MALFORMED
 * @throws LedgerError invalid/ENTRY_VERSION_UNSUPPORTED: a newer reader is needed
 */
export function parseEntry(bytes: Uint8Array): Entry {
  if (bytes.length > MAX_ENTRY_LENGTH) {
    throw new LedgerError('invalid', 'ENTRY_TOO_LONG', { maxBytes: MAX_ENTRY_LENGTH })
  }
  const entry = readEntry(parseJson(bytes))
  // One spelling: the leaf hash is over these very bytes.
  if (!equalBytes(formatEntry(entry), bytes)) {
    throw new LedgerError('invalid', 'ENTRY_MALFORMED', { pointer: '' })
  }
  return entry
}

/** @throws LedgerError invalid/ENTRY_MALFORMED, ENTRY_VERSION_UNSUPPORTED */
export function readEntry(value: unknown): Entry {
  const { v } = typeof value === 'object' && value !== null ? (value as { v?: unknown }) : {}
  if (typeof v === 'number' && v > 1) {
    throw new LedgerError('invalid', 'ENTRY_VERSION_UNSUPPORTED', { v })
  }
  const document = parseBy(EntryDocument, value, 'ENTRY_MALFORMED')
  return {
    at: document.at,
    commitment: decodeHex(document.commitment, 32),
    kind: document.kind,
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes)
  } catch (cause) {
    throw new LedgerError('invalid', 'ENTRY_MALFORMED', { pointer: '' }, { cause })
  }
}

/** The day must exist too: `Date` would take 30 February for 2 March. */
function isInstant(at: string): boolean {
  if (!AT.test(at)) return false
  const time = new Date(at)
  return !Number.isNaN(time.getTime()) && time.toISOString() === at
}
