import type * as z from 'zod'
import { LedgerError } from '../errors.ts'
import type { Holder } from '../statements/parts.ts'
import type { Matter } from './matter.ts'
import type { ServiceTarget } from './parts.ts'

/** 001 USCC, 099 another organisation; 999 may be either. */
const ORGANISATIONS: ReadonlySet<string> = new Set(['001', '099'])

/** Whether something is for somebody, by what kind of code that has 服务对象. */
export function isMeantFor(
  target: z.infer<typeof ServiceTarget>,
  { codeType }: Pick<Holder, 'codeType'>,
): boolean {
  if (target === 'BOTH' || codeType === '999') return true
  return ORGANISATIONS.has(codeType) === (target === 'ORGANISATION')
}

/** @throws LedgerError forbidden/CASE_TARGET_OTHER {matter, serviceTarget} */
export function requireTarget(
  { code, serviceTarget }: Pick<Matter, 'code' | 'serviceTarget'>,
  applicant: Pick<Holder, 'codeType'>,
): void {
  if (!isMeantFor(serviceTarget, applicant))
    throw new LedgerError('forbidden', 'CASE_TARGET_OTHER', { matter: code, serviceTarget })
}
