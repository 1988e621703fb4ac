import { z } from 'zod'
import { JSON_TYPE } from '../documentation.ts'
import { RecordedAct } from '../grants/schema.ts'
import type { AnswerDocumentation } from '../route.ts'
import * as examples from './examples.ts'

export const prefer = z.strictObject({
  Prefer: z
    .string()
    .optional()
    .meta({
      description:
        'RFC 7240. `wait=<seconds>`: how long to wait for the chain; `respond-async`: not at all',
      examples: ['wait=30'],
    }),
})

export const ON_CHAIN =
  'It stands on the chain and in the mirror of this node; the answer is evidence'
export const ON_ITS_WAY =
  'It is logged, and goes on to the chain; hand the same in again to see how far it is'

/** Of an act that was handed in. */
export const RECORDED: Readonly<Record<string, AnswerDocumentation>> = {
  201: {
    description: ON_CHAIN,
    content: { [JSON_TYPE]: { schema: RecordedAct, example: examples.recorded } },
  },
  202: {
    description: ON_ITS_WAY,
    content: { [JSON_TYPE]: { schema: RecordedAct } },
  },
}
