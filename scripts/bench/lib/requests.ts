import { hash, randomFillSync } from 'node:crypto'
import type { MaterialSubmission } from '../../../node/core/statement.ts'
import { makeSubmission } from './fixture.ts'

export const TOKEN = 'bench-token-of-the-submitter'
export const SUBMITTER = 'market-regulation'

/** The body is the content, the submission stands in a header; each content is like no other. */
export function makeRawRequests(count: number, contentBytes: number, host: string): Buffer[] {
  const statement = Buffer.from(JSON.stringify(makeSubmission())).toString('base64')
  const slab = randomFillSync(Buffer.alloc(contentBytes + count))
  return Array.from({ length: count }, (_, number) => {
    const content = slab.subarray(number, number + contentBytes)
    const head =
      `POST /v1/materials HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${TOKEN}\r\n` +
      `Content-Type: application/pdf\r\nContent-Length: ${contentBytes}\r\n` +
      `Content-Digest: sha-256=:${hash('sha256', content, 'base64')}:\r\n` +
      `Once-Statement: :${statement}:\r\n\r\n`
    return Buffer.concat([Buffer.from(head, 'latin1'), content])
  })
}

/** Submissions whose contents stay with the department, one a line. */
export function makeBatch(lines: number): Buffer {
  const submission = makeSubmission()
  const seed = randomFillSync(Buffer.alloc(32))
  let text = ''
  for (let line = 0; line < lines; line++) {
    seed.writeUInt32LE(line)
    const elsewhere: MaterialSubmission = {
      ...submission,
      content: {
        ...submission.content,
        kept: 'department',
        digests: [`sha-256:${hash('sha256', seed)}`],
        size: 10_000 + line,
      },
    }
    text += `${JSON.stringify(elsewhere)}\n`
  }
  return Buffer.from(text)
}
