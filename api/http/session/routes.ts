import { LedgerError } from '../../../node/core/errors.ts'
import { hashSignedText, SIGN_IN_SENTENCE } from '../../../node/core/signIn.ts'
import { parseBearer } from '../auth.ts'
import { readJson } from '../body.ts'
import { sendJson, sendNothing } from '../respond.ts'
import { principalOf } from '../route.ts'
import type { Route } from '../route.ts'
import { requireSigner } from './accounts.ts'
import type { Accounts } from './accounts.ts'
import type { Challenges } from './challenges.ts'
import { ContractAccounts } from './contractAccounts.ts'
import * as documentation from './documentation.ts'
import { originOf } from './origin.ts'
import { ChallengeRequest, SessionRequest } from './schema.ts'
import type { Challenge, NewSession, WhoAmI } from './schema.ts'
import type { Sessions } from './sessions.ts'

export interface SessionParts {
  readonly accounts: Accounts
  readonly challenges: Challenges
  readonly sessions: Sessions
  /** Origins by which callers reach this API; none: only from this machine. */
  readonly publicUrls: readonly string[]
}

/** No copy of a token, or of what earns one, stays between here and the caller. */
const NOT_KEPT = { 'Cache-Control': 'no-store' }

export function sessionRoutes({
  accounts,
  challenges,
  sessions,
  publicUrls,
}: SessionParts): Route[] {
  const contracts = new ContractAccounts(accounts)
  return [
    {
      method: 'POST',
      path: '/v1/session/challenge',
      documentation: documentation.challenge,
      async handle(ctx) {
        const { address } = await readJson(ctx, ChallengeRequest, 'SIGN_IN_MALFORMED')
        const origin = originOf(ctx, publicUrls)
        const chainId = accounts.chainId()
        if (chainId === undefined) throw new LedgerError('unavailable', 'SIGN_IN_UNAVAILABLE')
        const composed = challenges.compose({ origin, account: address, chainId })
        const answer: Challenge = { ...composed, sentence: SIGN_IN_SENTENCE }
        sendJson(ctx, 200, answer, NOT_KEPT)
      },
    },
    {
      method: 'POST',
      path: '/v1/session',
      documentation: documentation.signIn,
      async handle(ctx) {
        const { message, signature } = await readJson(ctx, SessionRequest, 'SIGN_IN_MALFORMED')
        const signIn = challenges.read(message)
        await requireSigner(signIn.account, hashSignedText(message), signature, (...asked) =>
          contracts.isValidSignature(...asked, ctx.ip),
        )
        // Only now: a wrong signature costs no memory, and takes nobody's nonce.
        challenges.spend(signIn)
        const { token, account, expiresAt } = sessions.open(signIn.account)
        const { life, idle } = sessions.limits
        const answer: NewSession = {
          token,
          address: account,
          expiresAt: new Date(expiresAt).toISOString(),
          life: Math.ceil(life / 1000),
          idle: Math.ceil(idle / 1000),
        }
        sendJson(ctx, 201, answer, NOT_KEPT)
      },
    },
    {
      method: 'GET',
      path: '/v1/session',
      action: 'readSession',
      documentation: documentation.whoAmI,
      async handle(ctx) {
        const principal = principalOf(ctx)
        const answer: WhoAmI = { name: principal.name, roles: [...principal.roles] }
        if (principal.account !== undefined) {
          const { account, department, expiresAt } = principal
          answer.address = account
          if (department !== undefined) answer.department = department
          answer.expiresAt = new Date(expiresAt).toISOString()
        }
        sendJson(ctx, 200, answer, NOT_KEPT)
      },
    },
    {
      method: 'DELETE',
      path: '/v1/session',
      action: 'endSession',
      documentation: documentation.signOut,
      async handle(ctx) {
        sessions.end(parseBearer(ctx.req.headers.authorization))
        sendNothing(ctx, 204)
      },
    },
  ]
}
