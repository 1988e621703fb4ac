import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { TestApi } from './api.ts'
import { TOKENS } from './api.ts'

/** A submission of a content that comes along. */
export const SUBMISSION = { type: 'T1', title: '许可证', content: { mediaType: 'text/plain' } }

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** RFC 9530. */
export function contentDigest(bytes: string | Uint8Array): string {
  return `sha-256=:${Buffer.from(sha256(bytes), 'hex').toString('base64')}:`
}

/** A submission of a content that stays elsewhere. */
export function digestsOnly(content: string, rest: object = {}): object {
  return {
    type: 'T1',
    ...rest,
    content: {
      digests: [`sha-256:${sha256(content)}`],
      size: Buffer.byteLength(content),
      mediaType: 'text/plain',
    },
  }
}

export function statementHeader(submission: unknown): string {
  const json = typeof submission === 'string' ? submission : JSON.stringify(submission)
  return `:${Buffer.from(json).toString('base64')}:`
}

/** Hands in a content as the body, as machines do. */
export function postRaw(
  api: TestApi,
  content: string | Uint8Array<ArrayBuffer>,
  { submission = SUBMISSION, headers = {} }: { submission?: unknown; headers?: object } = {},
): Promise<Response> {
  return api.request('/v1/materials', {
    method: 'POST',
    body: content,
    headers: {
      'Content-Type': 'text/plain',
      'Once-Statement': statementHeader(submission),
      'Content-Digest': contentDigest(content),
      ...headers,
    },
  })
}

export function postJson(api: TestApi, path: string, body: unknown): Promise<Response> {
  return api.request(path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  })
}

export async function codeIn(response: Response): Promise<unknown> {
  return ((await response.json()) as { code?: unknown }).code
}

/** A request under full control: nothing is sent that the test does not send. */
export function open(
  api: TestApi,
  { headers, ...options }: Omit<RequestOptions, 'headers'> & { headers?: Record<string, string> },
): ClientRequest {
  const req = request({
    host: '127.0.0.1',
    port: api.port,
    agent: false,
    ...options,
    headers: { Authorization: `Bearer ${TOKENS.submitter}`, ...headers },
  })
  // A refused upload may find its connection closed; what counts is the answer.
  req.on('error', () => {})
  return req
}

export async function answerOf(
  req: ClientRequest,
): Promise<{ status: number | undefined; headers: IncomingMessage['headers']; text: string }> {
  const [res] = (await once(req, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of res) chunks.push(chunk as Buffer)
  return { status: res.statusCode, headers: res.headers, text: Buffer.concat(chunks).toString() }
}
