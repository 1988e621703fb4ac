import { z } from 'zod'
import { EVIDENCE_MEDIA_TYPE, EvidenceDocument } from '../../../node/core/evidence.ts'
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

export const waiting = z.strictObject({
  wait: z.literal('anchored').optional().meta({
    description:
      'Answer once the entry is anchored; `Prefer: wait=<seconds>` says how long to wait',
  }),
})

export const evidence = {
  [EVIDENCE_MEDIA_TYPE]: { schema: EvidenceDocument, example: examples.evidence },
}

/** Of an act that was handed in. */
export const RECORDED: Readonly<Record<string, AnswerDocumentation>> = {
  201: {
    description: 'It stands on the chain and in the mirror of this node; the answer is evidence',
    content: { [JSON_TYPE]: { schema: RecordedAct, example: examples.recorded } },
  },
  202: {
    description:
      'It is logged, and goes on to the chain; hand the same in again to see how far it is',
    content: { [JSON_TYPE]: { schema: RecordedAct } },
  },
}
