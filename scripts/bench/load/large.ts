// Uploads one large content as a stream: `large.ts <url> <bytes>`; sends the seconds it took.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { hand } from '../lib/child.ts'
import { makeSubmission } from '../lib/fixture.ts'
import { TOKEN } from '../lib/requests.ts'

const [url = '', bytes = ''] = process.argv.slice(2)
const length = Number(bytes)
const chunk = randomBytes(2 ** 20)

function* chunks(): Generator<Buffer> {
  for (let sent = 0; sent < length; sent += chunk.length) yield chunk.subarray(0, length - sent)
}

const hasher = createHash('sha256')
for (const part of chunks()) hasher.update(part)

const started = performance.now()
const sending = request(`${url}/v1/materials`, {
  method: 'POST',
  headers: {
    Authorization: `Bearer ${TOKEN}`,
    'Content-Type': 'application/octet-stream',
    'Content-Length': length,
    'Content-Digest': `sha-256=:${hasher.digest('base64')}:`,
    'Once-Statement': `:${Buffer.from(JSON.stringify(makeSubmission())).toString('base64')}:`,
  },
})
const answered = once(sending, 'response') as Promise<[IncomingMessage]>
await pipeline(Readable.from(chunks(), { objectMode: false, highWaterMark: 2 ** 20 }), sending)
const [response] = await answered
let text = ''
for await (const part of response) text += String(part)
if (response.statusCode !== 201) throw new Error(`${response.statusCode}: ${text}`)
hand({ seconds: (performance.now() - started) / 1000, answer: text })
