import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { audienceOf } from '../../../node/core/grants/use.ts'
import { describeUndertaking } from '../../../node/core/undertakings/sentences.ts'
import type { Undertaking } from '../../../node/core/undertakings/undertaking.ts'
import type { Handed } from '../requests.ts'
import { signAct } from './signAct.ts'
import type { Said, Signatory, SigningOptions } from './signatory.ts'

export interface WantedUndertaking {
  readonly case: string
  /** Code of the material type, as the matter asks for it. */
  readonly material: string
  /** The part whose material it is; the applicant's unless given. */
  readonly role?: string
  /** Of several in that part, for which. */
  readonly holder?: Hex
}

export async function undertake(
  by: Signatory,
  what: WantedUndertaking,
  { agree }: SigningOptions,
): Promise<Said<Handed>> {
  const { undertakings } = by.client
  const { message } = (await undertakings.preview(what)).typedData
  requireAsked(message, what, by)
  // The words are the matter's: whoever signs reads them, and by them what is signed besides.
  const sentence = describeUndertaking(
    message,
    by.registries,
    new Map([[message.audience, by.origin]]),
  )
  const act = { type: 'Undertaking', message } as const
  await agree?.(sentence, act)
  const signature = await signAct(act, by.signer, by.registries)
  return { ...(await undertakings.give({ undertaking: message, signature })), sentence }
}

/** @throws LedgerError invalid/ANSWER_UNEXPECTED: the ledger would have something else signed */
function requireAsked(
  message: Undertaking,
  { case: caseCode, material, role = 'APPLICANT', holder = message.holder }: WantedUndertaking,
  { account, origin }: Signatory,
): void {
  const asked = { caseCode, material, role, holder, account, audience: audienceOf(origin) }
  for (const [name, value] of Object.entries(asked))
    if (message[name as keyof Undertaking] !== value)
      throw new LedgerError('invalid', 'ANSWER_UNEXPECTED', { member: name })
}
