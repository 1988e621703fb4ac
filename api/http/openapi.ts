import { createDocument } from 'zod-openapi'
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiPathsObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi'
import type { ErrorKind } from '../../node/core/errors.ts'
import { allowedFor } from './auth.ts'
import type { Action } from './auth.ts'
import { problemType, PROBLEM_TYPE } from './errors.ts'
import { SENTENCES } from './problems.ts'
import type { Body, Documentation, Errors, Route } from './route.ts'
import { Problem } from './schema.ts'
import { statusOf } from './status.ts'

const TAGS = [
  { name: 'session', description: 'Sign in with an account, for a short time' },
  { name: 'materials', description: 'Hand in once, read again, erase when the law says so' },
  {
    name: 'grants',
    description: 'Who may see what, until when, how often; passed on, never widened',
  },
  { name: 'departments', description: 'Who may do what, accredited in levels; public' },
  { name: 'holders', description: 'Who stands behind an id on chain, and by which accounts' },
  { name: 'certificates', description: 'Issued, disclosed field by field, suspended, revoked' },
  { name: 'uses', description: 'A department gets a derived copy, and its holders see it' },
  { name: 'checks', description: 'Yes or no, without handing anything out' },
  { name: 'cases', description: 'What is applied for, how far it is, and what it still needs' },
  { name: 'undertakings', description: 'A signed word in the place of a material, and checked' },
  { name: 'benefits', description: 'Given without application, by what is there already' },
  { name: 'catalogue', description: 'What there is to apply for, and what it takes' },
  { name: 'evidence', description: 'Check what the ledger gave out' },
  { name: 'log', description: 'What is public: commitments, never names, codes or contents' },
  { name: 'anchors', description: 'Checkpoints on chains' },
  { name: 'figures', description: 'What departments exempted, reused and asked for, by month' },
  { name: 'operation', description: 'For those who run and audit the ledger' },
]

/** Codes that every operation may answer. */
const EVERYWHERE: Errors = {
  tooMany: ['RATE_LIMITED', 'CONCURRENCY_LIMITED'],
  corrupt: ['INTERNAL'],
}
const WITH_TOKEN: Errors = {
  unauthenticated: ['TOKEN_MISSING', 'TOKEN_UNKNOWN', 'SESSION_ENDED'],
}

/** The OpenAPI 3.1 document, made from the very schemas that check the requests. */
export function createOpenApi(routes: readonly Route[], version: string): object {
  const paths: ZodOpenApiPathsObject = {}
  for (const { method, path, action, documentation } of routes) {
    if (documentation === undefined) continue
    const name = method.toLowerCase() as 'get' | 'post' | 'delete'
    paths[path] = { ...paths[path], [name]: describe(documentation, action) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'OnceLedger',
      version,
      description:
        'Submit once, reuse everywhere, prove always. Every refusal is a problem document (RFC 9457) ' +
        'with a stable `code` and one sentence that says what to do.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: TAGS,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths,
  })
}

function describe(
  documentation: Documentation,
  action: Action | undefined,
): ZodOpenApiOperationObject {
  const { id, tag, summary, description, parameters, request } = documentation
  const role =
    action === undefined ? 'Public: needs no token.' : `Needs a role: ${rolesText(action)}.`
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: description === undefined ? role : `${description}\n\n${role}`,
    security: action === undefined ? [] : [{ token: [] }],
    ...(parameters && { requestParams: parameters }),
    ...(request && { requestBody: { required: true, content: contents(request) } }),
    responses: {
      ...answers(documentation.answers),
      ...refusals(errorsOf(documentation.errors, action)),
    },
  }
}

function rolesText(action: Action): string {
  const { tokens = [], accounts = [] } = allowedFor(action)
  const who = [
    ...(tokens.length > 0 ? [tokens.join(', ')] : []),
    ...(accounts === 'every' ? ['any account'] : []),
    ...(accounts !== 'every' && accounts.length > 0
      ? [`an account as ${accounts.join(', ')}`]
      : []),
  ]
  return who.join('; or ')
}

/** As `requireAction` refuses. */
function roleErrors(action: Action): Errors {
  const { tokens = [], accounts = [] } = allowedFor(action)
  const codes = [
    ...(tokens.length === 0 ? ['ACCOUNT_NEEDED'] : ['ROLE_MISSING']),
    ...(accounts.length === 0 ? ['TOKEN_NEEDED'] : accounts === 'every' ? [] : ['ROLE_MISSING']),
  ]
  return { forbidden: codes }
}

function contents(bodies: Readonly<Record<string, Body>>) {
  return Object.fromEntries(
    Object.entries(bodies).map(([type, { schema, example }]) => [
      type,
      { schema, ...(example !== undefined && { example }) },
    ]),
  )
}

function answers(documented: Documentation['answers']): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(documented).map(([status, { description, content, headers }]) => [
      status,
      {
        description,
        ...(content && { content: contents(content) }),
        ...(headers && { headers }),
      },
    ]),
  )
}

function errorsOf(own: Errors | undefined, action: Action | undefined): [ErrorKind, string][] {
  const roles = action === undefined ? [] : [WITH_TOKEN, roleErrors(action)]
  return [own ?? {}, ...roles, EVERYWHERE].flatMap((errors) =>
    Object.entries(errors).flatMap(([kind, codes]) =>
      codes.map((code): [ErrorKind, string] => [kind as ErrorKind, code]),
    ),
  )
}

/** One answer a status, with an example for each of its codes. */
function refusals(errors: readonly [ErrorKind, string][]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(errors, ([kind, code]) => String(statusOf(kind, code)))
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => {
      const codes = [...new Set(found.map(([, code]) => code))]
      return [
        status,
        {
          description: codes.map((code) => `- \`${code}\`: ${SENTENCES[code] ?? ''}`).join('\n'),
          content: {
            [PROBLEM_TYPE]: {
              schema: Problem,
              examples: Object.fromEntries(
                codes.map((code) => [code, { value: exampleOf(code, Number(status)) }]),
              ),
            },
          },
        },
      ]
    }),
  )
}

function exampleOf(code: string, status: number): object {
  return { type: problemType(code), status, detail: SENTENCES[code], code }
}
