import { z } from 'zod'

/** RFC 9457. The error's details stand beside these members. */
export const Problem = z
  .looseObject({
    type: z.string().meta({ description: 'Stable reference of the kind of problem' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What is wrong and what to do, in one sentence' }),
    code: z
      .string()
      .regex(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
      .meta({ description: 'Stable; the sentence may improve' }),
    instance: z.string().optional().meta({ description: 'This occurrence, as in the logs' }),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
