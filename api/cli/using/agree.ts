import { randomBytes } from 'node:crypto'
import type { Act } from '../../../node/core/acts/acts.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { UseContext } from '../../../node/core/grants/use.ts'
import { verifyContext } from '../../../node/core/uses/context.ts'
import type { Asked } from '../../../node/core/uses/context.ts'
import type { Context } from '../context.ts'
import type { SigningOptions } from '../signing/options.ts'
import { namesOf } from '../signing/proposal.ts'
import type { Session } from '../signing/session.ts'
import { agreeTo, signAct } from '../signing/signAct.ts'
import type { Unsigned } from './compose.ts'
import { describeRequest } from './present.ts'

/** What a use is for, as it is said on the command line. */
export interface Purpose {
  readonly case: string
  readonly matter: string
  readonly officer: string
  readonly cause: string
  readonly neededUntil?: string | undefined
}

export function contextOf({ neededUntil, ...why }: Purpose): UseContext {
  return {
    case: why.case,
    matter: why.matter,
    officer: why.officer,
    cause: why.cause,
    ...(neededUntil !== undefined && { until: neededUntil }),
    salt: randomBytes(32).toString('hex'),
  }
}

const HOUR = 60 * 60

/** Seconds since 1970. */
export function expiryOf({ expires }: { readonly expires?: number }): number {
  return expires ?? Math.floor(Date.now() / 1000) + HOUR
}

/** Says what is asked and under which grant, and signs once somebody agreed. */
export async function agreeAndSign(
  context: Context,
  { use, chain, openings }: Unsigned,
  asked: Asked,
  options: SigningOptions,
  { client, wallet, registries, origin }: Session,
): Promise<Hex> {
  const act: Extract<Act, { type: 'Use' }> = { type: 'Use', message: use }
  const grant = chain.at(-1)
  const { purpose, ...shown } = openings
  const scope = { ...shown, purposes: [purpose] }
  const around = {
    scope,
    names: new Map([...(await namesOf(client, [use.user])), [use.audience, origin]]),
    ...(grant && { grant }),
  }
  // Nobody signs for a case or fields that the hash might stand for: it has to.
  verifyContext(use, asked)
  const committed = describeRequest(asked)
  await agreeTo(context, act, { ...options, registries, around, committed })
  return signAct(act, wallet, registries)
}
