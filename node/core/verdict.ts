import * as z from 'zod'
import { findSentence } from './verify/sentences.ts'

/**
 * What is checked, in this order. `evidence` stands alone, in place of all others,
 * where the document cannot be read.
 */
export const CHECKS = [
  'content',
  'commitment',
  'inclusion',
  'checkpoint',
  'witnesses',
  'anchor',
  'issuer',
  'status',
  'grant',
  'use',
] as const

export const CheckName = z.enum(['evidence', ...CHECKS])
export type CheckName = z.infer<typeof CheckName>

/**
 * pass     shown to be right
 * fail     shown to be wrong, or not shown where it should have been
 * unknown  cannot be told with what is at hand
 * skipped  does not apply, or was not asked for
 */
export const CheckResult = z.enum(['pass', 'fail', 'unknown', 'skipped'])
export type CheckResult = z.infer<typeof CheckResult>

export const Check = z
  .strictObject({
    check: CheckName,
    result: CheckResult,
    /** Stable. */
    code: z.string(),
    /** One sentence for a person: what was found. */
    message: z.string(),
    /** One sentence: what to do about it; empty where nothing needs doing. */
    next: z.string(),
    /** Where in the evidence, or on which chain. */
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Check' })
export type Check = z.infer<typeof Check>

export const Verdict = z
  .strictObject({ result: z.enum(['pass', 'fail', 'unknown']), checks: z.array(Check) })
  .meta({ id: 'Verdict' })
export type Verdict = z.infer<typeof Verdict>

/** Pass only where something passed, nothing failed and nothing stayed unknown. */
export function overall(checks: readonly Check[]): Verdict['result'] {
  const has = (result: CheckResult) => checks.some((check) => check.result === result)
  if (has('fail')) return 'fail'
  return has('unknown') || !has('pass') ? 'unknown' : 'pass'
}

export function makeCheck(
  check: CheckName,
  code: string,
  details: Readonly<Record<string, unknown>> = {},
): Check {
  const { result, message, next } = findSentence(code)
  const found = { check, result, code, message, next }
  return Object.keys(details).length === 0 ? found : { ...found, details }
}
