import type { Holder } from '../statements/parts.ts'
import { sharedNameOf } from '../statements/material.ts'
import type { MaterialErased, MaterialSubmitted } from '../statements/material.ts'
import type { FoundBy, Term } from './term.ts'

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
 * Finds what a holder has of types that nobody had published when it came. What else it has is found by the types of
 * the catalogue, one after the other, without a key more for each material.
 */
export function unlistedTerm({ codeType, code }: Holder): Term {
  return { kind: 'material.unlisted', value: `${codeType} ${code}` }
}

/** What is not in a material itself, and may change after it. */
export interface MaterialBeside {
  /** Its bytes lie beside it: it goes by no others, and others may go by them. */
  readonly holdsContent: boolean
  /** If it is in quarantine, nobody has decided yet. */
  readonly isUndecided: boolean
}

/** Of one that was not erased. */
export function foundMaterial(
  statement: MaterialSubmitted,
  { holdsContent, isUndecided }: MaterialBeside,
): FoundBy {
  const { submitter, supersedes } = statement
  const name = sharedNameOf(statement)
  const shared = name === undefined ? [] : [name]
  return {
    leads: [
      ...termsOf(statement),
      ...(isUndecided ? quarantineTermsOf(statement) : []),
      ...(holdsContent ? [] : shared.map(sharerTerm)),
    ],
    newest: [
      ...(supersedes === undefined ? [] : [successorTerm(supersedes)]),
      ...(holdsContent ? shared.map(ownerTerm) : []),
    ],
    blocks: [submitterTerm(submitter)],
  }
}

/** The erased material took a place that it does not give back: from then on its erasure holds it. */
export function foundErasure({ supersedes }: MaterialErased): FoundBy {
  return {
    leads: [],
    newest: supersedes === undefined ? [] : [successorTerm(supersedes)],
    blocks: [],
  }
}

/** Whose a material is, and for which case it came in. */
function termsOf({
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

/** Finds where in the log a submitter handed something in: see `FoundBy`. */
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
  return { kind: 'material.content', value: name }
}

/** The materials that go by shared bytes. */
export function sharerTerm(name: string): Term {
  return { kind: 'material.sharer', value: name }
}

/** Finds what a material went to last. */
export function spentTerm(material: string): Term {
  return { kind: 'material.spent', value: material }
}
