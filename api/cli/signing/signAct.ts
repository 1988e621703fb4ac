import type { Act } from '../../../node/core/acts/acts.ts'
import type { Surroundings } from '../../../node/core/acts/sentences.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { wordsOf } from '../../client/index.ts'
import type { Agree, Sentence } from '../../client/index.ts'
import type { Context } from '../context.ts'
import { confirm } from './confirm.ts'
import type { Confirmation } from './confirm.ts'

export interface Agreement extends Confirmation {
  readonly registries: Registries
  readonly around?: Omit<Surroundings, 'registries'>
}

/**
 * Says in words what will be signed, derived from the very object that is signed, and asks. Answers the words.
 *
 * @throws LedgerError as `describeAct`
 */
export async function agreeTo(
  context: Context,
  act: Act,
  { registries, around, ...confirmation }: Agreement,
): Promise<Sentence> {
  const sentence = wordsOf(act, { ...around, registries })
  await agreeToWords(context, sentence, confirmation)
  return sentence
}

/** As `agreeTo`, before each signature of an account. */
export function agreeing(context: Context, confirmation: Confirmation): Agree {
  return (sentence) => agreeToWords(context, sentence, confirmation)
}

/** As `agreeTo`, for what is no act. */
export async function agreeToWords(
  context: Context,
  { zh, en }: Sentence,
  { yes }: Confirmation,
): Promise<void> {
  const words = `${zh}\n${en}`
  // A person who is asked has to see it, whatever the form of the result.
  if (yes === true) context.say(words)
  else process.stderr.write(`${words}\n`)
  await confirm('Sign this?', { ...(yes !== undefined && { yes }) })
}
