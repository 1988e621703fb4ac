import type { MissingGrant, Rejection, ResolvedMaterial } from './document.ts'
import { sentenceOf } from './sentences.ts'

/** Why something cannot be used for a case: a code, a sentence, and what the resolution says of it besides. */
export type Reason = (
  Omit<Rejection, 'index' | 'kind'> | MissingGrant | { readonly code: string }
) & {
  readonly message: string
}

const BY_STATE: Readonly<Partial<Record<ResolvedMaterial['state'], string>>> = {
  partyUnknown: 'PARTY_UNKNOWN',
  notNeeded: 'PARTY_NONE',
}

/** Nothing is left to be used of what the case has. */
const HAD: Readonly<Partial<Record<ResolvedMaterial['state'], string>>> = {
  handedIn: 'CANDIDATE_HANDED_IN',
  used: 'CANDIDATE_USED',
}

/**
 * Why a required material is not ready to be used: what stops the candidate that somebody asks for, or each that there
 * is.
 *
 * @param subject statement id; every candidate unless given
 */
export function reasonsOf(
  { state, candidate, rejected, missing }: ResolvedMaterial,
  subject?: string,
): Reason[] {
  const byState = BY_STATE[state]
  if (byState !== undefined) return [tell({ code: byState })]
  const isAsked = ({ id }: { readonly id?: string | undefined }) =>
    subject === undefined || id === subject
  const stopped = candidate && isAsked(candidate) ? missing.map(tell) : []
  const has = HAD[state]
  const had =
    candidate && isAsked(candidate) && has !== undefined
      ? [tell({ code: has, id: candidate.id })]
      : []
  const others = rejected.filter(isAsked).map(tell)
  const all = [...had, ...stopped, ...others]
  if (all.length === 0 && subject !== undefined && candidate?.id !== subject)
    return [tell({ code: 'CANDIDATE_NOT_FOUND', id: subject })]
  return all
}

function tell<Why extends { readonly code: string }>(why: Why): Why & { readonly message: string } {
  return { ...why, message: sentenceOf(why.code) }
}
