// The ledger without its services: bare node:http around our own log, store and sealing. It stores, logs and proves as
// ours does, and checks nothing: no Koa, no token, no limits, no schema, no catalogue, no sharing, no metrics, no
// anchor. What it costs more than the floor is the log itself; what ours costs more than this is all that is checked.
// `bareLedger.ts <folder>`
import { randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { MaterialSubmission, MaterialSubmitted } from '../../../node/core/statement.ts'
import { foundBy } from '../../../node/core/terms/foundBy.ts'
import type { Appended } from '../../../node/ledger/ledger.ts'
import { openLog } from '../../../node/ledger/open.ts'
import { Reception } from '../../../node/materials/reception.ts'
import type { Placed } from '../../../node/materials/reception.ts'
import { FileContentStore } from '../../../node/store/files/fileContentStore.ts'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { SUBMITTER } from '../lib/requests.ts'

const DIGESTS = ['sha-256', 'sm3'] as const
const MAX_CONTENT = 1024 * 1024
/** Lines of a batch that are logged together, as ours are. */
const LINES = 512
const LINE_END = Buffer.from('}\n')

const [folder = ''] = process.argv.slice(2)
const store = await LevelKeyValueStore.open(join(folder, 'level'))
const contents = await FileContentStore.open(join(folder, 'contents'))
const ring = await KeyRing.open(store, randomBytes(32))
const terms = new TermIndex(store, ring)
const reception = new Reception(contents, { digests: DIGESTS, maxContent: MAX_CONTENT })
const { writer } = await openLog(
  { store, ring },
  { origin: 'bare.example', now: Date.now, queueLimit: 100_000, onGroup: () => {} },
)

function log(
  submission: MaterialSubmission,
  content: MaterialSubmitted['content'],
  placed?: Placed,
): Promise<Appended> {
  const kind = 'material.submitted' as const
  const statement = {
    ...submission,
    v: 1,
    id: randomUUID(),
    kind,
    content,
    submitter: SUBMITTER,
  } as const
  const found = foundBy(statement, { holdsContent: placed !== undefined, isUndecided: false })
  const writes = (index: number) => terms.writesOf(found, index)
  return writer.append({ statement, ...placed, writes })
}

function take(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    void (request.url === '/v1/materials/batch' ? takeLines(body, response) : takeOne(body))
  })

  async function takeOne(body: Buffer): Promise<void> {
    const received = await reception.receive(body, [])
    const header = String(request.headers['once-statement'])
    const submission = JSON.parse(
      Buffer.from(header.slice(1, -1), 'base64').toString(),
    ) as MaterialSubmission
    const mediaType = String(request.headers['content-type'])
    const { digests, size } = received
    const content = { digests: [...digests], size, mediaType, kept: 'here' as const }
    const { evidence } = await received.log((placed) => log(submission, content, placed))
    response.writeHead(201, {
      'Content-Type': 'application/json',
      'Content-Length': evidence.length,
    })
    response.end(evidence)
  }
}

async function takeLines(body: Buffer, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  for (let at = 0; at < body.length;) {
    const logging: Promise<Appended>[] = []
    for (; logging.length < LINES && at < body.length;) {
      const end = body.indexOf(LINE_END[1] as number, at)
      const submission = JSON.parse(body.toString('utf8', at, end)) as MaterialSubmission
      logging.push(log(submission, submission.content as MaterialSubmitted['content']))
      at = end + 1
    }
    const answers = (await Promise.all(logging)).flatMap(({ id, index, evidence }) => [
      Buffer.from(`{"status":201,"id":"${id}","index":${index},"evidence":`),
      evidence,
      LINE_END,
    ])
    response.write(Buffer.concat(answers))
  }
  response.end()
}

async function close(): Promise<void> {
  await Promise.all([writer.close(), reception.close()])
  await Promise.all([store.close(), contents.close()])
}

const server = createServer(take).listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGINT', () => {
  server.close(() => void close())
  server.closeAllConnections()
})
