import { materialsOf } from '../benefits/finding.ts'
import type { BenefitChecked, BenefitConfirmed, BenefitGranted } from '../statements/benefit.ts'
import type { Holder } from '../statements/parts.ts'
import { spentTerm } from './materials.ts'
import type { FoundBy, Term } from './term.ts'

export function foundConfirmation({ subject }: BenefitConfirmed): FoundBy {
  return { leads: [subjectTerm(subject)], newest: [], blocks: [] }
}

export function foundBenefitCheck({ subject, benefit, batch }: BenefitChecked): FoundBy {
  return {
    leads: [subjectTerm(subject), batchTerm(benefit.code, batch)],
    newest: [],
    blocks: [],
  }
}

/** It spends the materials that it goes by. */
export function foundBenefit({ subject, benefit, batch, finding }: BenefitGranted): FoundBy {
  return {
    leads: [
      subjectTerm(subject),
      batchTerm(benefit.code, batch),
      givenTerm(benefit.code, subject),
      grantedTerm(benefit.code),
    ],
    newest: materialsOf(finding).map(({ id }) => spentTerm(id)),
    blocks: [],
  }
}

export function subjectTerm({ codeType, code }: Holder): Term {
  return { kind: 'benefit.subject', value: `${codeType} ${code}` }
}

/** Finds what somebody was granted of a benefit. */
export function givenTerm(benefit: string, { codeType, code }: Holder): Term {
  return { kind: 'benefit.given', value: `${benefit} ${codeType} ${code}` }
}

/** Finds what was granted of a benefit, to whomever. */
export function grantedTerm(benefit: string): Term {
  return { kind: 'benefit.granted', value: benefit }
}

export function batchTerm(benefit: string, batch: string): Term {
  return { kind: 'benefit.batch', value: `${benefit} ${batch}` }
}
