import * as z from 'zod'
import { LedgerError } from '../errors.ts'

/** The last division of each section, A to T; divisions are numbered through all of them. GB/T 4754-2017. */
const LAST_DIVISIONS = [
  5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97,
]

const FORM = /^[A-T](\d{2,4})?$/

/**
 * An industry by GB/T 4754: a section, `H` accommodation and catering; a division, `H62` catering; a group or class,
 * such as `H621`, which are taken as they come below a division that there is.
 */
export const Industry = z
  .string()
  .regex(FORM, { error: 'not an industry of GB/T 4754', abort: true })
  .refine(hasDivision, 'not a division of that section')
export type Industry = z.infer<typeof Industry>

/** @throws LedgerError unverified/INDUSTRY_UNKNOWN {industry} */
export function requireIndustry(code: string): Industry {
  const { data } = Industry.safeParse(code)
  if (data === undefined)
    throw new LedgerError('unverified', 'INDUSTRY_UNKNOWN', { industry: code })
  return data
}

/** Whether what is of some industries concerns another: that is one of them, lies within one, or one lies within it. */
export function isOfIndustry(
  { industries = [] }: { readonly industries?: readonly Industry[] | undefined },
  asked: Industry,
): boolean {
  return industries.some((one) => one.startsWith(asked) || asked.startsWith(one))
}

function hasDivision(code: string): boolean {
  if (code.length === 1) return true
  const section = code.charCodeAt(0) - 'A'.charCodeAt(0)
  const division = Number(code.slice(1, 3))
  return division > (LAST_DIVISIONS[section - 1] ?? 0) && division <= (LAST_DIVISIONS[section] ?? 0)
}
