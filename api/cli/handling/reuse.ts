import type { ReuseRequest } from '../../../node/resolution/reuse.ts'
import type { Context } from '../context.ts'
import type { SigningOptions } from '../signing/options.ts'
import type { Session } from '../signing/session.ts'
import { isCounted } from '../../client/composeUse.ts'
import { agreeAndSign, contextOf, expiryOf } from '../using/agree.ts'
import { composeUnder } from '../using/compose.ts'
import { misuse } from '../context.ts'

export interface Reusing extends SigningOptions {
  readonly officer: string
  readonly cause: string
  readonly neededUntil?: string
  readonly expires?: number
}

/** Signs for every material that the resolution of a case found ready, as it says what each use asks for. */
export async function signReady(
  code: string,
  options: Reusing,
  context: Context,
  session: Session,
): Promise<ReuseRequest['uses']> {
  const { client, department } = session
  const user = department ?? misuse('This account acts for no department.')
  const { matter } = await client.cases.get(code)
  const { materials } = await client.cases.resolve(code)
  const used = new Map<string, number>()
  const signed: ReuseRequest['uses'] = []
  for (const { material, state, candidate } of materials) {
    if (state !== 'ready' || candidate?.use === undefined) continue
    const { kind, id, use } = candidate
    const why = contextOf({ ...options, case: code, matter: matter.code })
    const asked = { subject: { kind, id }, ...use, context: why }
    const request = {
      ...asked,
      authorizations: [] as ReuseRequest['uses'][number]['request']['authorizations'],
    }
    for (const { grant } of candidate.grants) {
      const wanted = { ...asked, user, notAfter: expiryOf(options) }
      const before = used.get(grant) ?? 0
      const unsigned = await composeUnder(grant, wanted, session, before)
      if (isCounted(unsigned.chain)) used.set(grant, before + 1)
      const signature = await agreeAndSign(context, unsigned, asked, options, session)
      request.authorizations.push({ ...unsigned, signature })
    }
    signed.push({ material, request })
  }
  return signed
}
