import { REFUSALS } from '../../../node/core/acts/refusals.ts'
import type { Errors } from '../route.ts'

/** Codes that routes on the registries have in common, for their documentation. */

const BODY_CODES = [
  'BODY_EMPTY',
  'JSON_MALFORMED',
  'JSON_DUPLICATE_KEY',
  'JSON_NUMBER_NOT_INTEGER',
  'JSON_LONE_SURROGATE',
  'JSON_NAME_FORBIDDEN',
  'JSON_TOO_DEEP',
  'JSON_TOO_LONG',
  'UPLOAD_ABORTED',
  'CONTENT_ENCODING_UNSUPPORTED',
  'CONTENT_DIGEST_MALFORMED',
  'CONTENT_DIGEST_ALGORITHM_UNSUPPORTED',
  'CONTENT_DIGEST_MISMATCH',
]
export const BODY_ERRORS: Errors = { invalid: BODY_CODES, tooLarge: ['BODY_TOO_LARGE'] }

/** The mirror is asked who the caller is, whatever it wants. */
export const STALE: Errors = { unavailable: ['MIRROR_STALE'] }

export const APPEND_ERRORS: Errors = {
  tooMany: ['LEDGER_BUSY'],
  corrupt: ['LEDGER_STOPPED'],
  unavailable: ['STORE_FULL'],
}

const CHAIN_CODES = ['CHAIN_UNREACHABLE', 'CHAIN_TIMEOUT', 'CHAIN_REFUSED', 'CHAIN_CLOSED']
export const CHAIN_ERRORS: Errors = { unavailable: CHAIN_CODES }

/** What handing in an act may be refused with, beside what its contract says. */
export const RELAY_ERRORS: Errors = {
  invalid: ['ACT_MALFORMED', 'ACT_UNEXPECTED'],
  conflict: ['STATEMENT_ID_TAKEN', 'ACT_REVERTED'],
  unverified: ['SIGNATURE_INVALID'],
  tooMany: ['ACTS_TOO_MANY', 'ACTS_BUSY', 'LEDGER_BUSY'],
  corrupt: ['LEDGER_STOPPED'],
  unavailable: [
    'RELAYING_OFF',
    'RELAY_CLOSED',
    'STORE_FULL',
    'REGISTRIES_NOT_DEPLOYED',
    ...CHAIN_CODES,
  ],
}

/** By which the contracts refuse, where their names for it begin or end so. */
export function refusalsOf(...names: readonly (keyof typeof REFUSALS)[]): Errors {
  const byKind = Map.groupBy(
    names.map((name) => REFUSALS[name]),
    ({ kind }) => kind,
  )
  return Object.fromEntries(
    [...byKind].map(([kind, found]) => [kind, found.map(({ code }) => code)]),
  )
}

export function together(...all: readonly Errors[]): Errors {
  const kinds = new Set(all.flatMap((errors) => Object.keys(errors)))
  const codesOf = (kind: string) =>
    all.flatMap((errors) => (errors as Readonly<Record<string, readonly string[]>>)[kind] ?? [])
  return Object.fromEntries([...kinds].map((kind) => [kind, [...new Set(codesOf(kind))]]))
}
