import { SIGN_IN_SENTENCE } from '../../../node/core/signIn.ts'
import { JSON_TYPE } from '../documentation.ts'
import type { Documentation } from '../route.ts'
import { Challenge, ChallengeRequest, NewSession, SessionRequest, WhoAmI } from './schema.ts'

const address = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const expiresAt = '2026-01-02T03:09:05.678Z'

const MALFORMED = ['SIGN_IN_MALFORMED', 'BODY_EMPTY', 'JSON_MALFORMED'] as const

export const challenge: Documentation = {
  id: 'challengeSession',
  tag: 'session',
  summary: 'A message to sign in with',
  description:
    'The message (EIP-4361) names this ledger, the account and the time; it is good once, for five ' +
    'minutes, at this node alone. A wallet signs it as text (EIP-191).',
  request: { [JSON_TYPE]: { schema: ChallengeRequest, example: { address } } },
  answers: {
    200: {
      description: 'The message, to be signed as it is',
      content: {
        [JSON_TYPE]: {
          schema: Challenge,
          example: { message: '…', expiresAt, sentence: SIGN_IN_SENTENCE },
        },
      },
    },
  },
  errors: {
    invalid: [...MALFORMED, 'HOST_UNKNOWN'],
    unavailable: ['SIGN_IN_UNAVAILABLE'],
  },
}

export const signIn: Documentation = {
  id: 'signIn',
  tag: 'session',
  summary: 'Sign in with an account',
  description:
    'Contract accounts sign in by ERC-1271. What the account may do is asked anew at each request, ' +
    'so a department that was suspended has lost it at once.',
  request: {
    [JSON_TYPE]: {
      schema: SessionRequest,
      example: { message: '…', signature: `0x${'00'.repeat(64)}1b` },
    },
  },
  answers: {
    201: {
      description: 'A session; it ends by itself, with a restart of the node, and when asked to',
      content: {
        [JSON_TYPE]: {
          schema: NewSession,
          example: { token: 'session_…', address, expiresAt, life: 900, idle: 300 },
        },
      },
    },
  },
  errors: {
    invalid: [...MALFORMED],
    unauthenticated: ['SIGN_IN_UNKNOWN', 'SIGN_IN_EXPIRED', 'SIGN_IN_REUSED'],
    unverified: ['SIGNATURE_MALFORMED', 'SIGNATURE_INVALID'],
    tooMany: ['SIGN_INS_TOO_MANY'],
  },
}

export const whoAmI: Documentation = {
  id: 'whoAmI',
  tag: 'session',
  summary: 'Who asks, and what that is at this moment',
  answers: {
    200: {
      description: 'The name as in statements, and the roles',
      content: {
        [JSON_TYPE]: {
          schema: WhoAmI,
          example: { name: `department ${address}`, roles: ['issuer'], address, expiresAt },
        },
      },
    },
  },
}

export const signOut: Documentation = {
  id: 'signOut',
  tag: 'session',
  summary: 'Sign out',
  answers: { 204: { description: 'The session has ended; its token opens nothing any more' } },
}
