import { REFUSALS } from '../../../node/core/acts/refusals.ts'
import type { Refusal } from '../../../node/core/acts/refusals.ts'
import type { Errors } from '../route.ts'

/** Codes that routes on the registries have in common, for their documentation. */

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

/** By which the contracts refuse, where they are named so there. */
export function refusalsOf(...names: readonly (keyof typeof REFUSALS)[]): Errors {
  return byKind(names.map((name) => REFUSALS[name]))
}

/** By which the contracts refuse, where their codes are such. */
export function refusedBy(isOne: (code: string) => boolean): Errors {
  return byKind(Object.values(REFUSALS).filter(({ code }) => isOne(code)))
}

function byKind(refusals: readonly Refusal[]): Errors {
  const found = Map.groupBy(refusals, ({ kind }) => kind)
  return Object.fromEntries([...found].map(([kind, some]) => [kind, some.map(({ code }) => code)]))
}
