import type { Holder, MaterialSubmitted } from '../core/statement.ts'
import { SHARED_CONTENT_TERM } from '../core/statements/material.ts'
import type { Term } from '../store/terms.ts'

/** Finds what a holder has of one type: of a type alone there are too many. */
export function typeTerm({ codeType, code }: Holder, type: string): Term {
  // No code holds a space.
  return { kind: 'material.type', value: `${codeType} ${code} ${type}` }
}

/** Finds what a holder's case was given of one type, however much of it the holder has. */
export function caseTerm({ codeType, code }: Holder, type: string, caseCode: string): Term {
  return { kind: 'material.case', value: `${codeType} ${code} ${type} ${caseCode}` }
}

/**
 * Finds what a holder has of types that nobody had published when it came. What else it has is found by the types of the
 * catalogue, one after the other, without a key more for each material.
 */
export function unlistedTerm({ codeType, code }: Holder): Term {
  return { kind: 'material.unlisted', value: `${codeType} ${code}` }
}

/** Whose a material is, and for which case it came in. */
export function termsOf({
  holder,
  type,
  caseCode,
  catalogue,
}: Pick<MaterialSubmitted, 'holder' | 'type' | 'caseCode' | 'catalogue'>): Term[] {
  if (holder === undefined) return []
  return [
    typeTerm(holder, type),
    ...(caseCode === undefined ? [] : [caseTerm(holder, type, caseCode)]),
    ...(catalogue === undefined ? [unlistedTerm(holder)] : []),
  ]
}

/** Finds where in the log a submitter handed something in: see `SubmitterBlocks`. */
export function submitterTerm(submitter: string): Term {
  return { kind: 'material.submitter', value: submitter }
}

/** Finds what took the place of a material. Outlives both: no version comes back because a later one went. */
export function successorTerm(material: string): Term {
  return { kind: 'material.successor', value: material }
}

/** Finds all that is in quarantine, of everybody. */
export const QUARANTINE: Term = { kind: 'material.quarantine', value: '' }

/** Finds what a submitter has in quarantine. */
export function quarantineTerm(submitter: string): Term {
  return { kind: 'material.quarantine', value: `by ${submitter}` }
}

/** As long as nobody has decided. */
export function quarantineTermsOf({
  quarantine,
  submitter,
}: Pick<MaterialSubmitted, 'quarantine' | 'submitter'>): Term[] {
  return quarantine === undefined ? [] : [QUARANTINE, quarantineTerm(submitter)]
}

/** The material beside which shared bytes lie. */
export function ownerTerm(name: string): Term {
  return { kind: SHARED_CONTENT_TERM, value: name }
}

/** The materials that go by shared bytes. */
export function sharerTerm(name: string): Term {
  return { kind: 'material.sharer', value: name }
}
