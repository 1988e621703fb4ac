// What is left of taking materials in when everything is taken away that makes it a ledger: bare node:http, contents
// that are hashed and sealed elsewhere, their bytes and as many records as a material has made durable in groups, and
// an answer as long as ours. No Koa, no token, no statement, no log, no proof: a server of this shape on this machine
// cannot be faster than this one. A batch is lines that nobody reads. `floor.ts <folder>`
import { randomBytes, randomFillSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ContentBatches } from '../../../node/store/contents/batches.ts'
import { FileContentStore } from '../../../node/store/files/fileContentStore.ts'
import type { Write } from '../../../node/store/keyValueStore.ts'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'

/** Bytes of the records of a material: entry, statement, data key, id, location, and what it is found by. */
const RECORDS = [140, 700, 40, 6, 13, 0, 6]
/** Of one that stays with the department, without a location. */
const RECORDS_ELSEWHERE = [140, 700, 40, 6, 0]
/** Bytes of an answer with evidence. */
const ANSWER = Buffer.from(JSON.stringify({ evidence: 'e'.repeat(2200) }))
const LINE = Buffer.from(`{"status":201,${ANSWER.toString().slice(1)}\n`)
/** Lines of a batch that are made durable together, as ours are. */
const LINES = 512
const LINE_END = 10
const HEAD = { 'Content-Type': 'application/json', 'Content-Length': ANSWER.length }

const [folder = ''] = process.argv.slice(2)
const store = await LevelKeyValueStore.open(join(folder, 'level'))
const contents = await FileContentStore.open(join(folder, 'contents'))
const batches = new ContentBatches()
const filler = randomFillSync(Buffer.alloc(1024))

interface Waiting {
  readonly sealed: Uint8Array
  readonly response: ServerResponse
}

const queue: Waiting[] = []
let isWorking = false

async function work(): Promise<void> {
  isWorking = true
  await new Promise(setImmediate)
  while (queue.length > 0) {
    const group = queue.splice(0)
    await contents.putGroup(group.map(({ sealed }) => sealed))
    await store.commit(group.flatMap(() => recordsOf(RECORDS)))
    for (const { response } of group) response.writeHead(201, HEAD).end(ANSWER)
  }
  isWorking = false
}

function recordsOf(lengths: readonly number[]): Write[] {
  const name = randomBytes(16).toString('hex')
  return lengths.map((length, i) => ({
    type: 'put',
    key: `${i}/${name}`,
    value: filler.subarray(0, length),
  }))
}

function take(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    void (request.url === '/v1/materials/batch' ? takeLines : takeOne)(body, response)
  })
}

async function takeOne(body: Buffer, response: ServerResponse): Promise<void> {
  const { sealed } = await batches.seal(body, ['sha-256', 'sm3'])
  queue.push({ sealed, response })
  if (!isWorking) await work()
}

async function takeLines(body: Buffer, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  for (let at = 0; at < body.length;) {
    let lines = 0
    for (; lines < LINES && at < body.length; lines++) at = body.indexOf(LINE_END, at) + 1
    await store.commit(Array.from({ length: lines }, () => recordsOf(RECORDS_ELSEWHERE)).flat())
    response.write(Buffer.concat(Array<Buffer>(lines).fill(LINE)))
  }
  response.end()
}

const server = createServer(take).listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGINT', () => {
  server.close(() => void Promise.all([store.close(), contents.close(), batches.close()]))
  server.closeAllConnections()
})
