import type { Act, Signable } from '../../../node/core/acts/acts.ts'
import { describeAct } from '../../../node/core/acts/sentences.ts'
import type { Surroundings } from '../../../node/core/acts/sentences.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Question } from '../../../node/core/checks/questions.ts'
import type { Asked } from '../../../node/core/uses/context.ts'
import type { DepartmentClient } from '../parties.ts'

export interface Sentence {
  readonly zh: string
  readonly en: string
}

/** Shown what will be signed, in words that follow from it; throws to sign nothing. */
export type Agree = (sentence: Sentence, act: Signable) => void | Promise<void>

/**
 * What an act says, derived from the very object that is signed.
 *
 * @param committed what the act commits to by a hash alone
 * @throws LedgerError as `describeAct`
 */
export function wordsOf(act: Act, around: Surroundings, committed?: Sentence): Sentence {
  const said = describeAct(act, around)
  return committed === undefined
    ? said
    : { zh: `${said.zh}${committed.zh}`, en: `${said.en} ${committed.en}` }
}

/** What departments are called, for the words; those without a name are left out. */
export async function namesOf(
  { departments }: { readonly departments: DepartmentClient },
  parties: readonly Hex[],
): Promise<ReadonlyMap<Hex, string>> {
  const found = await Promise.all(
    [...new Set(parties)].map(async (party) => {
      const name = await departments
        .get(party)
        .then((department) => department.name)
        .catch(() => undefined)
      return name === undefined ? [] : [[party, name] as const]
    }),
  )
  return new Map(found.flat())
}

/** What a use commits to by its context alone, and what is asked of its subject. */
export function describeRequest({ subject, fields, manner, questions, context }: Asked): Sentence {
  const { case: caseCode, matter, officer, cause, until } = context
  const what = `${subject.kind} ${subject.id}`
  const copy = manner === 'copy'
  const [zh, en] =
    questions === undefined
      ? [
          `数据项 ${fields.join('、') || '全部'}，${copy ? '留存副本' : '仅查阅'}`,
          `${fields.length === 0 ? 'whole' : `fields ${fields.join(', ')}`}, ${copy ? 'to copy' : 'to read'}`,
        ]
      : [
          `数据核验（只答是否）：${questions.map((one) => describeQuestion(one).zh).join('；')}`,
          `to be told yes or no: ${questions.map((one) => describeQuestion(one).en).join('; ')}`,
        ]
  return {
    zh: `此次申请：${what}，${zh}；办件 ${caseCode}，事项 ${matter}，经办人 ${officer}，事由：${cause}${until === undefined ? '' : `，用至 ${until}`}。`,
    en: `Asked for: ${what}, ${en}; case ${caseCode}, matter ${matter}, officer ${officer}, cause: ${cause}${until === undefined ? '' : `, needed until ${until}`}.`,
  }
}

export function describeQuestion(question: Question): Sentence {
  if (question.kind === 'validOn')
    return { zh: `${question.day} 是否有效`, en: `valid on ${question.day}?` }
  const { field } = question
  if (question.kind === 'is')
    return {
      zh: `${field} 是否为「${question.value}」`,
      en: `${field} is “${question.value}”?`,
    }
  const { years, day } = question
  return {
    zh: `${field} 所示之人在 ${day} 是否年满 ${years} 周岁`,
    en: `whoever is in ${field} at least ${years} years old on ${day}?`,
  }
}
