import type { Term } from '../store/terms.ts'

/** Leads from a material to the benefits that were granted by it. */
export function spentTerm(material: string): Term {
  return { kind: 'benefit.spent', value: material }
}
