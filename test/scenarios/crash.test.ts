import { expect } from 'chai'
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseEvidence } from '../../node/core/evidence.ts'
import { parseTlogProof } from '../../node/core/tlog/tlogProof.ts'
import { parseTrust } from '../../node/core/trust.ts'
import { verifyEvidence } from '../../node/core/verify/verifyEvidence.ts'
import { startEmbeddedChain } from '../../node/chain/embedded/embeddedChain.ts'
import { openRoad } from './support/road.ts'
import { killAll, startNodeProcess, TEST_TOKEN, untilReadiness } from './support/nodeProcess.ts'
import type { NodeProcess } from './support/nodeProcess.ts'

interface Acknowledged {
  readonly id: string
  readonly index: number
  readonly content: Buffer
}

const AUTHORIZATION = { Authorization: `Bearer ${TEST_TOKEN}` }

/** Undefined when the node died before it answered: then nothing was promised. */
async function submit(url: string, content: Buffer): Promise<Acknowledged | undefined> {
  const digest = createHash('sha256').update(content).digest('base64')
  const submission = { type: 'T1', fields: { serial: content.length } }
  let text: string
  let status: number
  try {
    const response = await fetch(`${url}/v1/materials`, {
      method: 'POST',
      headers: {
        ...AUTHORIZATION,
        'Content-Type': 'application/pdf',
        'Content-Digest': `sha-256=:${digest}:`,
        'Once-Statement': `:${Buffer.from(JSON.stringify(submission)).toString('base64')}:`,
      },
      body: new Uint8Array(content),
    })
    status = response.status
    text = await response.text()
  } catch {
    return undefined
  }
  expect(status).to.equal(201)
  const { statement, proof } = parseEvidence(text)
  return { id: statement.id, index: parseTlogProof(proof).index, content }
}

/** Eight callers hand in one material after the other; after so many answers the node is killed, amid the next. */
async function submitAndKill(node: NodeProcess, answers: number): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = []
  let killing: Promise<void> | undefined
  const caller = async () => {
    for (;;) {
      const one = await submit(node.url, randomBytes(randomInt(100, 20_000)))
      if (one === undefined) return
      acknowledged.push(one)
      if (acknowledged.length === answers) {
        // Chance decides in which step of the others: hashing, syncing, anchoring or answering.
        await wait(randomInt(0, 15))
        killing = node.kill()
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, caller))
  await killing
  return acknowledged
}

/** Every acknowledged material is there with its content, and its evidence passes every check, offline. */
async function requireAll(
  node: NodeProcess,
  data: string,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const indexes = acknowledged.map(({ index }) => index)
  expect(new Set(indexes).size).to.equal(indexes.length)
  for (const { id, index, content } of acknowledged) {
    const path = `${node.url}/v1/materials/${id}`
    const headers = { ...AUTHORIZATION, Prefer: 'wait=30' }
    const [evidence, stored] = await Promise.all([
      fetch(`${path}/evidence?wait=anchored`, { headers }).then((response) => response.text()),
      fetch(`${path}/content`, { headers }).then((response) => response.arrayBuffer()),
    ])
    expect(Buffer.from(stored).equals(content)).to.equal(true)
    const parsed = parseEvidence(evidence)
    expect(parseTlogProof(parsed.proof).index).to.equal(index)
    const trust = parseTrust(await readFile(join(data, 'trust.json')))
    const digests = [`sha-256:${createHash('sha256').update(content).digest('hex')}`]
    const verdict = await verifyEvidence(parsed, trust, {
      content: { digests, size: content.length },
    })
    const failed = verdict.checks.filter(({ result }) => result === 'fail')
    expect(failed).to.deep.equal([])
    const anchor = verdict.checks.find(({ check }) => check === 'anchor')
    expect(anchor?.code).to.equal('CHECKPOINT_ANCHORED')
  }
}

async function requireSoundAudit(node: NodeProcess): Promise<void> {
  const response = await fetch(`${node.url}/v1/audit`, { headers: AUTHORIZATION })
  const lines = (await response.text()).split('\n').filter((line) => line !== '')
  const faults = lines.filter((line) => (JSON.parse(line) as { level?: string }).level === 'fault')
  expect(faults).to.deep.equal([])
  expect(JSON.parse(lines.at(-1) ?? '{}')).to.include({ end: true, faults: 0 })
}

describe('a node that is killed', function () {
  this.timeout(180_000)
  let data: string

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'once-crash-'))
  })
  afterEach(async () => {
    await killAll()
    await rm(data, { recursive: true, force: true })
  })

  it('loses nothing that it acknowledged, whenever it dies, and anchors all of it', async () => {
    const acknowledged: Acknowledged[] = []
    for (let round = 0; round < 6 || acknowledged.length < 300; round++) {
      const node = await startNodeProcess(data)
      acknowledged.push(...(await submitAndKill(node, randomInt(1, 100))))
    }
    const node = await startNodeProcess(data)
    await requireAll(node, data, acknowledged)
    await requireSoundAudit(node)
    expect(await node.stop()).to.equal(0)
  })

  it('accepts while the chain is gone, says so, and anchors in order when the chain is back', async () => {
    const folder = join(data, 'own-chain')
    const first = await startEmbeddedChain({ folder })
    const road = await openRoad(first.url)
    const node = await startNodeProcess(join(data, 'node'), {
      ONCE_CHAIN_RPC_URL: road.url,
      ONCE_CHAIN_KEY: first.key,
      ONCE_CONFIRMATIONS: '1',
      ONCE_READY_LAG: '1s',
    })
    const before = [await submit(node.url, randomBytes(500))]
    road.leadTo(undefined)
    await first.close()
    const during = await Promise.all(
      Array.from({ length: 50 }, () => submit(node.url, randomBytes(500))),
    )
    await untilReadiness(node.url, 503)
    const second = await startEmbeddedChain({ folder })
    road.leadTo(second.url)
    await untilReadiness(node.url, 200)
    const acknowledged = [...before, ...during].filter((one) => one !== undefined)
    expect(acknowledged).to.have.length(51)
    await requireAll(node, join(data, 'node'), acknowledged)
    await requireSoundAudit(node)
    await node.stop()
    await second.close()
    await road.close()
  })
})
