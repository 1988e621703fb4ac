import type { Wallet } from 'ethers'
import type { Act } from '../../../node/core/acts/acts.ts'
import { describeAct } from '../../../node/core/acts/sentences.ts'
import type { Surroundings } from '../../../node/core/acts/sentences.ts'
import { STRUCTS } from '../../../node/core/acts/structs.ts'
import { domainOf } from '../../../node/core/acts/typedData.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { Context } from '../context.ts'
import { confirm } from './confirm.ts'
import type { Confirmation } from './confirm.ts'

export interface Agreement extends Confirmation {
  readonly registries: Registries
  readonly around?: Omit<Surroundings, 'registries'>
  /** What the act commits to by a hash alone. */
  readonly committed?: Sentence
}

export interface Sentence {
  readonly zh: string
  readonly en: string
}

/**
 * Says in words what will be signed, derived from the very object that is signed, and asks. Answers the words.
 *
 * @throws LedgerError as `describeAct`
 */
export async function agreeTo(
  context: Context,
  act: Act,
  { registries, around, committed, ...confirmation }: Agreement,
): Promise<Sentence> {
  const said = describeAct(act, { ...around, registries })
  const sentence =
    committed === undefined
      ? said
      : { zh: `${said.zh}${committed.zh}`, en: `${said.en} ${committed.en}` }
  await agreeToWords(context, sentence, confirmation)
  return sentence
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

/** EIP-712, without a question: see `agreeTo`. */
export async function signAct(act: Act, wallet: Wallet, registries: Registries): Promise<Hex> {
  const { fields } = STRUCTS[act.type]
  const types = { [act.type]: fields.map(({ name, type }) => ({ name, type })) }
  const signature = await wallet.signTypedData(domainOf(act.type, registries), types, act.message)
  return signature.toLowerCase() as Hex
}

/** The account of a key, as everything here spells it. */
export function accountOf({ address }: Pick<Wallet, 'address'>): Hex {
  return address.toLowerCase() as Hex
}
