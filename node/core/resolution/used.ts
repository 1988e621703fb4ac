import { canonicalize } from '../json.ts'
import type { NeededUse } from './granted.ts'
import type { Question } from '../checks/questions.ts'

/** What the department was given of something, for this very case, under a grant. */
export interface PastUse {
  /** Statement id of the receipt. */
  readonly use: string
  readonly subject: { readonly kind: 'certificate' | 'material'; readonly id: string }
  /** None: the whole material. */
  readonly fields: readonly string[]
  readonly manner: NeededUse['manner']
  /** Seconds since 1970: from then on the copy is to be used no longer. Answers last. */
  readonly expires: number
  /** Where it was asked and not shown. */
  readonly answered?: readonly { readonly question: Question; readonly answer: boolean }[]
}

/**
 * The newest use that gave all that is needed. A copy that is over is as good as none; what became of the grant since
 * takes nothing back.
 *
 * @param uses newest first
 * @param time seconds since 1970
 */
export function findPastUse(
  uses: readonly PastUse[],
  { subject, fields, manner, questions }: Omit<NeededUse, 'matters'>,
  time: number,
): PastUse | undefined {
  const own = uses.filter(
    (past) => past.subject.kind === subject.kind && past.subject.id === subject.id,
  )
  if (questions !== undefined)
    return own.find(({ answered }) => answered && answersOf(answered, questions) !== undefined)
  return own.find(
    (past) =>
      past.answered === undefined &&
      past.expires > time &&
      (past.manner === 'copy' || manner === 'read') &&
      isShown(fields, past.fields),
  )
}

/** Whether something that was asked was answered by no. */
export function isRefuted(
  { answered = [] }: PastUse,
  questions: readonly Question[] = [],
): boolean {
  return answersOf(answered, questions)?.includes(false) ?? false
}

/** In the order of the questions; undefined where one of them was not asked. */
function answersOf(
  answered: NonNullable<PastUse['answered']>,
  questions: readonly Question[],
): boolean[] | undefined {
  const known = new Map(answered.map(({ question, answer }) => [canonicalize(question), answer]))
  const answers = questions.map((question) => known.get(canonicalize(question)))
  return answers.every((answer) => answer !== undefined) ? answers : undefined
}

/** Whoever got no fields got the whole material. */
function isShown(fields: readonly string[], given: readonly string[]): boolean {
  if (given.length === 0) return true
  return fields.length > 0 && fields.every((name) => given.includes(name))
}
