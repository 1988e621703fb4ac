import type * as z from 'zod'
import { LedgerError } from './errors.ts'

/**
 * Reads an untrusted value by its schema; the answer holds nothing the schema does not name.
 * A rule that has a code of its own says so with `params: { code }`; everything else gets `code`.
 * Details name places and rules, never values: they may be a holder's.
 *
 * @throws LedgerError invalid/`code` with `details.issues`: [{ pointer, rule }]
 */
export function parseBy<T>(schema: z.ZodType<T>, value: unknown, code: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.flatMap(leafIssues)
  const coded = issues.find((issue) => issue.code !== undefined)
  throw new LedgerError('invalid', coded?.code ?? code, {
    issues: issues.map(({ pointer, rule }) => ({ pointer, rule })),
  })
}

interface FoundIssue {
  readonly pointer: string
  readonly rule: string
  readonly code?: string
}

function leafIssues(issue: z.core.$ZodIssue): FoundIssue[] {
  const pointer = toPointer(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: toPointer([...issue.path, key]), rule: 'unknown' }))
  }
  if (issue.code === 'custom') {
    const code: unknown = issue.params?.['code']
    return [{ pointer, rule: issue.message, ...(typeof code === 'string' && { code }) }]
  }
  return [{ pointer, rule: issue.message }]
}

/** RFC 6901. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path
    .map((token) => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}
