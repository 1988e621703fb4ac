import * as z from 'zod'
import { Questions } from '../checks/questions.ts'
import { UseReleased } from './use.ts'

/**
 * A department was answered questions about a certificate or material, and got nothing of it: a use like any other,
 * with answers in the place of a copy. Who was refused an answer was refused a use.
 */
export const UseChecked = UseReleased.omit({ plain: true, content: true, expires: true })
  .extend({
    kind: z.literal('use.checked'),
    manner: z.literal('read'),
    questions: Questions,
    /** In the order of the questions. */
    answers: z.array(z.boolean()).min(1).max(20),
  })
  .refine(({ questions, answers }) => questions.length === answers.length, 'not an answer each')
  .meta({ id: 'UseChecked' })
export type UseChecked = z.infer<typeof UseChecked>

/** That a department got what it asked for: a copy, or answers. */
export type UseReceipt = UseReleased | UseChecked

export function isReceipt<S extends { readonly kind: string }>(
  statement: S,
): statement is Extract<S, UseReceipt> {
  return statement.kind === 'use.released' || statement.kind === 'use.checked'
}
