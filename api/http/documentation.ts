import { z } from 'zod'
import { EVIDENCE_MEDIA_TYPE, EvidenceDocument } from '../../node/core/evidence.ts'
import examples from './examples.json' with { type: 'json' }
import type { Body, Errors } from './route.ts'

/** What the documentation of many routes is put together from. */

export const JSON_TYPE = 'application/json'

export const evidence = {
  [EVIDENCE_MEDIA_TYPE]: { schema: EvidenceDocument, example: examples.evidence },
}

export const waiting = z.strictObject({
  wait: z.literal('anchored').optional().meta({
    description:
      'Answer once the entry is anchored; `Prefer: wait=<seconds>` says how long to wait',
  }),
})

/** Of every operation that takes JSON. */
export const BODY_CODES = [
  'BODY_EMPTY',
  'JSON_MALFORMED',
  'JSON_DUPLICATE_KEY',
  'JSON_NUMBER_NOT_INTEGER',
  'JSON_LONE_SURROGATE',
  'JSON_NAME_FORBIDDEN',
  'JSON_TOO_DEEP',
  'JSON_TOO_LONG',
  'UPLOAD_ABORTED',
  'CONTENT_ENCODING_UNSUPPORTED',
  'CONTENT_DIGEST_MALFORMED',
  'CONTENT_DIGEST_ALGORITHM_UNSUPPORTED',
  'CONTENT_DIGEST_MISMATCH',
]
export const BODY_ERRORS: Errors = { invalid: BODY_CODES, tooLarge: ['BODY_TOO_LARGE'] }

/** The codes of all of them, each once. */
export function together(...all: readonly Errors[]): Errors {
  const kinds = new Set(all.flatMap((errors) => Object.keys(errors)))
  const codesOf = (kind: string) =>
    all.flatMap((errors) => (errors as Readonly<Record<string, readonly string[]>>)[kind] ?? [])
  return Object.fromEntries([...kinds].map((kind) => [kind, [...new Set(codesOf(kind))]]))
}

/** With an example that is made when somebody asks: a start should not wait for its hashes. */
export function shown(schema: z.ZodType, example: () => unknown): Body {
  return {
    schema,
    get example() {
      return example()
    },
  }
}
