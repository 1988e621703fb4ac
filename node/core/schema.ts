import type * as z from 'zod'
import { isLedgerError, LedgerError } from './errors.ts'

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
  if (issue.code === 'invalid_union') return unionIssues(issue, pointer)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: toPointer([...issue.path, key]), rule: 'unknown' }))
  }
  if (issue.code === 'custom') {
    const code: unknown = issue.params?.['code']
    return [{ pointer, rule: issue.message, ...(typeof code === 'string' && { code }) }]
  }
  if (issue.code === 'invalid_type') return [{ pointer, rule: typeRule(issue) }]
  return [{ pointer, rule: issue.message }]
}

/** What the library says of a type unless a schema has words of its own. */
const OF_TYPE = /^Invalid input: expected .+, received (\w+)$/

function typeRule({ message, expected }: z.core.$ZodIssueInvalidType): string {
  const [, received] = OF_TYPE.exec(message) ?? []
  if (received === undefined) return message
  return received === 'undefined' ? 'missing' : `not of type ${expected}`
}

/** Of several forms the one that it comes nearest to; where none is nearer than another, that it is none of them. */
function unionIssues({ errors, message }: z.core.$ZodIssueInvalidUnion, at: string): FoundIssue[] {
  const forms = errors
    .map((issues) => issues.flatMap(leafIssues))
    .toSorted((a, b) => a.length - b.length)
  const [nearest, next] = forms
  if (nearest === undefined || nearest.length === next?.length)
    return [{ pointer: at, rule: message }]
  return nearest.map((issue) => ({ ...issue, pointer: `${at}${issue.pointer}` }))
}

/**
 * Says of what a check throws where in the request its subject stands.
 *
 * @param pointer RFC 6901
 */
export function checkAt<T>(pointer: string, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (!isLedgerError(error)) throw error
    const { kind, code, details } = error
    throw new LedgerError(kind, code, { ...details, pointer }, { cause: error })
  }
}

/** RFC 6901. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path
    .map((token) => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}
