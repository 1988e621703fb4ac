import { z } from 'zod'
import { StatementId } from '../../../node/core/statement.ts'
import { BODY_ERRORS, evidence, together } from '../documentation.ts'
import examples from '../examples.json' with { type: 'json' }
import type { Documentation } from '../route.ts'
import { DecisionRequest, QuarantinePage, QuarantineQuery } from './schema.ts'

const path = z.strictObject({ id: StatementId })

/** @param conflicts codes of what stands in the way */
function decision(
  head: Pick<Documentation, 'id' | 'summary'> & { readonly description: string },
  reason: string,
  conflicts: readonly string[],
): Documentation {
  return {
    ...head,
    tag: 'materials',
    parameters: { path },
    request: { 'application/json': { schema: DecisionRequest, example: { reason } } },
    answers: {
      200: { description: 'It was decided so before: the same evidence', content: evidence },
      201: { description: 'Logged: evidence of the decision', content: evidence },
    },
    errors: together(BODY_ERRORS, {
      invalid: ['DECISION_MALFORMED'],
      forbidden: ['MATERIAL_NOT_YOURS'],
      notFound: ['MATERIAL_NOT_FOUND', 'MATERIAL_ERASED'],
      conflict: conflicts,
      tooMany: ['LEDGER_BUSY'],
      corrupt: ['LEDGER_STOPPED'],
      unavailable: ['STORE_FULL'],
    }),
  }
}

export const withdraw = decision(
  {
    id: 'withdrawMaterial',
    summary: 'Withdraw a material',
    description:
      'From now on it is not to be used; what was made of it stays, and it can still be read. ' +
      'Who withdrew it and why is logged for good, and shown with it.',
  },
  'The lease ended early',
  ['MATERIAL_WITHDRAWN'],
)

const LOGGED = 'Who decided and why is logged for good, and shown with it.'
const QUARANTINE = ['MATERIAL_NOT_QUARANTINED', 'MATERIAL_DECIDED']

export const release = decision(
  {
    id: 'releaseMaterial',
    summary: 'Let a material out of quarantine',
    description: `Somebody looked at what is wrong with it, and it may be used. ${LOGGED}`,
  },
  'Compared with the paper: the number was typed wrong when it was first filed',
  QUARANTINE,
)

export const reject = decision(
  {
    id: 'rejectMaterial',
    summary: 'Reject a material that is in quarantine',
    description: `Somebody looked at what is wrong with it, and it is never to be used. ${LOGGED}`,
  },
  'No such type of material',
  QUARANTINE,
)

export const quarantined: Documentation = {
  id: 'listQuarantine',
  tag: 'materials',
  summary: 'Materials that wait for somebody to look at them, newest first',
  description:
    'What was handed in with `unsound: "quarantine"` and has a wrong check character, or a type that is not in the ' +
    'catalogue. Those that the caller handed in; all of them for whoever may read every material.',
  parameters: { query: QuarantineQuery },
  answers: {
    200: {
      description: 'A page of them',
      content: {
        'application/json': {
          schema: QuarantinePage,
          example: { materials: [heldExample()] },
        },
      },
    },
  },
  errors: { invalid: ['QUERY_MALFORMED'] },
}

function heldExample(): object {
  const { id, index, at, statement } = examples.material
  return {
    id,
    index,
    at,
    statement: { ...statement, quarantine: { code: 'MATERIAL_TYPE_UNKNOWN' } },
  }
}
