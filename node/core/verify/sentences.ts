import { ANCHOR } from './sentences/anchor.ts'
import { CERTIFICATE } from './sentences/certificate.ts'
import { GRANT } from './sentences/grant.ts'
import { LOG } from './sentences/log.ts'
import { DISTRUST, fail } from './sentences/sentence.ts'
import type { Sentence, Sentences } from './sentences/sentence.ts'
import { STATE } from './sentences/state.ts'
import { UNDERTAKING } from './sentences/undertaking.ts'
import { USE } from './sentences/use.ts'

export type { Sentence } from './sentences/sentence.ts'

/** Every code of a verdict, in the order of the checks. Codes are stable; sentences may improve. */
export const SENTENCES: Sentences = {
  ...LOG,
  ...ANCHOR,
  ...STATE,
  ...CERTIFICATE,
  ...UNDERTAKING,
  ...GRANT,
  ...USE,
}

/** A code without a sentence of its own is a failure nobody foresaw: it never counts as more. */
export function findSentence(code: string): Sentence {
  return Object.hasOwn(SENTENCES, code) && SENTENCES[code] !== undefined
    ? SENTENCES[code]
    : fail('The check failed for a reason without a sentence of its own.', DISTRUST)
}
