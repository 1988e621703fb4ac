import type { Act } from '../../../node/core/acts/acts.ts'
import type { Surroundings } from '../../../node/core/acts/sentences.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { wordsOf } from '../../client/index.ts'
import type { Agree, Sentence } from '../../client/index.ts'
import type { Context } from '../context.ts'
import type { OnceClient } from '../../client/index.ts'
import { confirm } from './confirm.ts'
import type { Confirmation } from './confirm.ts'
import { askNames, ledgerSays, partiesIn } from './ledgerSays.ts'
import type { Parties } from './ledgerSays.ts'

export interface Agreement extends Confirmation {
  readonly registries: Registries
  readonly around?: Omit<Surroundings, 'registries'>
}

/** The ledger to ask what those are called whose ids stand in the words. */
type Ledger = Pick<OnceClient, 'departments' | 'holders'>

/**
 * Says in words what will be signed, derived from the very object that is signed, and asks. Below the words stands what
 * the ledger calls those whom they name by id. Answers the words.
 *
 * @throws LedgerError as `describeAct`
 */
export async function agreeTo(
  context: Context,
  act: Act,
  ledger: Ledger,
  { registries, around, ...confirmation }: Agreement,
): Promise<Sentence> {
  const sentence = wordsOf(act, { ...around, registries })
  await agreeing(context, ledger, confirmation)(sentence, act)
  return sentence
}

/** As `agreeTo`, before each signature of an account. */
export function agreeing(context: Context, ledger: Ledger, confirmation: Confirmation): Agree {
  return (sentence, act) =>
    agreeToWords(context, sentence, confirmation, { ledger, parties: partiesIn(act) })
}

/** As `agreeTo`, for what is no act. */
export async function agreeToWords(
  context: Context,
  { zh, en }: Sentence,
  { yes }: Confirmation,
  about?: { readonly ledger: Ledger; readonly parties: Parties },
): Promise<void> {
  // A person who is asked has to see it, whatever the form of the result.
  if (yes !== true || !context.json) {
    const names = about === undefined ? new Map() : await askNames(about.ledger, about.parties)
    process.stderr.write(`${[zh, en, ledgerSays(names)].filter(Boolean).join('\n')}\n`)
  }
  await confirm('Sign this?', { ...(yes !== undefined && { yes }) })
}
