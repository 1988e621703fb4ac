import type { Holder, MaterialSubmitted } from '../core/statement.ts'
import { SHARED_CONTENT_TERM } from '../core/statements/material.ts'
import type { Term } from '../store/terms.ts'

/** Finds all that a holder has. */
export function holderTerm({ codeType, code }: Holder): Term {
  // No code holds a space.
  return { kind: 'material.holder', value: `${codeType} ${code}` }
}

/** Finds what a holder has of one type: of a type alone there are too many. */
export function typeTerm({ codeType, code }: Holder, type: string): Term {
  return { kind: 'material.type', value: `${codeType} ${code} ${type}` }
}

/** What a material is found by: nothing, unless it says whose it is. */
export function termsOf({ holder, type }: Pick<MaterialSubmitted, 'holder' | 'type'>): Term[] {
  return holder === undefined ? [] : [holderTerm(holder), typeTerm(holder, type)]
}

/** The material beside which shared bytes lie. */
export function ownerTerm(name: string): Term {
  return { kind: SHARED_CONTENT_TERM, value: name }
}

/** The materials that go by shared bytes. */
export function sharerTerm(name: string): Term {
  return { kind: 'material.sharer', value: name }
}
