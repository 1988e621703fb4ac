import type { Use } from '../acts/acts.ts'
import { concatBytes, decodeHex, utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { encode0x } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { UseContext } from '../grants/use.ts'
import { sha256 } from '../hash/hash.ts'
import { canonicalize } from '../json.ts'
import type { Question } from '../checks/questions.ts'
import type { Manner, UseSubject } from './documents.ts'

/** What a department asks, and why: all that its signature covers beside the grant. */
export interface Asked {
  readonly subject: Pick<UseSubject, 'kind' | 'id'>
  readonly fields: readonly string[]
  readonly manner: Manner
  /** Of a data check 数据核验, and of nothing else. */
  readonly questions?: readonly Question[] | undefined
  readonly context: UseContext
}

const LABEL = utf8('onceledger/use-context/v1\0')

/**
 * What a use carries as `context`. The chain sees this hash alone: cases, officers and subjects are few enough to
 * guess.
 */
export function contextOf({ subject, fields, manner, questions, context }: Asked): Hex {
  const { salt, ...why } = context
  const { kind, id } = subject
  const signed = { ...why, subject: { kind, id }, fields, manner, ...(questions && { questions }) }
  return encode0x(sha256(concatBytes(LABEL, decodeHex(salt), utf8(canonicalize(signed)))))
}

/**
 * @throws LedgerError unverified/USE_CONTEXT_MISMATCH: the department signed for another subject, for other fields,
 *   another manner or other questions, or for another case, officer or cause
 */
export function verifyContext(use: Pick<Use, 'context'>, asked: Asked): void {
  if (use.context !== contextOf(asked)) throw new LedgerError('unverified', 'USE_CONTEXT_MISMATCH')
}
