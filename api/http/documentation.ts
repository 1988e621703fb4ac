import type { z } from 'zod'
import type { Body } from './route.ts'

/** What the documentation of many routes is put together from. */

export const JSON_TYPE = 'application/json'

/** With an example that is made when somebody asks: a start should not wait for its hashes. */
export function shown(schema: z.ZodType, example: () => unknown): Body {
  return {
    schema,
    get example() {
      return example()
    },
  }
}
