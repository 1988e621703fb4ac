// The service that one would write without a ledger: Koa, two synced LevelDB puts and one Ed25519 signature a request.
// It takes the same requests, with the same check of token and digest, and stores contents in clear; a large one is
// streamed to a file, hashed on the way and synced. `naive.ts <folder>`
import Koa from 'koa'
import { ClassicLevel } from 'classic-level'
import { createHash, generateKeyPairSync, hash, randomUUID, sign } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SUBMITTER, TOKEN } from '../lib/requests.ts'

/** Of a content that is held in memory. */
const MAX_BYTES = 1024 * 1024
const DURABLY = { sync: true }

const [folder = ''] = process.argv.slice(2)
const db = new ClassicLevel<string, Buffer>(join(folder, 'naive'), { valueEncoding: 'buffer' })
await db.open()
const { privateKey } = generateKeyPairSync('ed25519')
const principals = new Map([[hash('sha256', TOKEN), SUBMITTER]])

const app = new Koa()
app.use(async (ctx) => {
  if (ctx.method !== 'POST' || ctx.path !== '/v1/materials') return
  const token = ctx.get('Authorization').replace(/^Bearer /, '')
  const submitter = principals.get(hash('sha256', token))
  if (submitter === undefined) ctx.throw(401)
  const id = randomUUID()
  const size = Number(ctx.get('Content-Length'))
  const content = size > MAX_BYTES ? undefined : await readBody(ctx.req)
  const digest =
    content === undefined ? await keepLarge(id, ctx.req) : hash('sha256', content, 'base64')
  if (ctx.get('Content-Digest') !== `sha-256=:${digest}:`) ctx.throw(400)

  const statement = Buffer.from(ctx.get('Once-Statement').slice(1, -1), 'base64')
  const submission = JSON.parse(statement.toString()) as object
  const at = new Date().toISOString()
  const record = JSON.stringify({ ...submission, id, at, submitter, digest, size })
  const signature = sign(null, Buffer.from(record), privateKey).toString('base64')
  if (content !== undefined) await db.put(`content/${id}`, content, DURABLY)
  await db.put(`record/${id}`, Buffer.from(record), DURABLY)
  ctx.status = 201
  ctx.body = { record, signature }
})

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > MAX_BYTES) return reject(new Error('the content is too large'))
      chunks.push(chunk)
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
  })
}

/** Answers its SHA-256. */
async function keepLarge(id: string, request: IncomingMessage): Promise<string> {
  const file = await open(join(folder, id), 'wx')
  try {
    const hasher = createHash('sha256')
    for await (const chunk of request as AsyncIterable<Buffer>) {
      hasher.update(chunk)
      await file.write(chunk)
    }
    await file.datasync()
    return hasher.digest('base64')
  } finally {
    await file.close()
  }
}

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGINT', () => {
  server.close(() => void db.close())
  server.closeAllConnections()
})
