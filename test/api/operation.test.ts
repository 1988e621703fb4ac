import { expect } from 'chai'
import { PassThrough } from 'node:stream'
import { writeLines } from '../../api/http/audit/routes.ts'
import { AuditEnd, AuditFinding } from '../../api/http/audit/schema.ts'
import { LedgerDescription } from '../../api/http/wellKnown/schema.ts'
import { finding } from '../../node/ledger/audit/findings.ts'
import { startTestApi, TOKENS } from './support/api.ts'
import type { TestApi } from './support/api.ts'
import { soundAudit } from './support/audit.ts'
import { codeIn, digestsOnly, postJson } from './support/http.ts'

const AUDITOR = { headers: { Authorization: `Bearer ${TOKENS.auditor}` } }

describe('operation', () => {
  let api: TestApi
  beforeEach(async () => {
    api = await startTestApi()
  })
  afterEach(() => api.close())

  it('describes the ledger for whoever makes a trust.json', async () => {
    const response = await fetch(`${api.url}/.well-known/onceledger`)
    expect(response.headers.get('Access-Control-Allow-Origin')).to.equal('*')
    const description = LedgerDescription.parse(await response.json())
    expect(description).to.deep.include({ origin: 'test.example/log', logKey: api.ledger.logKey })
    expect(description.chains).to.deep.equal([
      {
        name: 'test',
        chainId: 31337,
        registry: `0x${'1'.repeat(40)}`,
        logId: `0x${'2'.repeat(64)}`,
        anchoredSize: 0,
      },
    ])
  })

  it('leaves a chain out that was not reached yet', async () => {
    api.anchoring.shown = { log: undefined }
    const response = await fetch(`${api.url}/.well-known/onceledger`)
    expect(LedgerDescription.parse(await response.json()).chains).to.deep.equal([])
  })

  it('is alive and ready', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const response = await fetch(`${api.url}${path}`)
      expect(response.status).to.equal(200)
      expect(await response.json()).to.deep.equal({ status: 'ok' })
    }
  })

  const down = { code: 'CHAIN_UNREACHABLE', at: 0 }
  const none = { entries: 0, seconds: 0 }
  for (const [title, shown, code] of [
    ['the chain was not reached yet', { state: 'starting' }, 'CHAIN_STARTING'],
    ['the chain is down', { state: 'retrying', error: down }, 'CHAIN_UNREACHABLE'],
    [
      'the chain contradicts the log',
      { state: 'halted', error: { ...down, code: 'LOG_FORKED' } },
      'LOG_FORKED',
    ],
    ['an entry waits too long', { lag: { entries: 3, seconds: 601 } }, 'ANCHOR_LAG'],
  ] as const) {
    it(`is not ready and says why when ${title}`, async () => {
      api.anchoring.shown = shown
      const response = await fetch(`${api.url}/readyz`)
      expect(response.status).to.equal(503)
      const problem = (await response.json()) as { code: string; reasons: object[] }
      expect(problem.code).to.equal('NOT_READY')
      expect(problem.reasons).to.have.length(1)
      expect(problem.reasons[0]).to.deep.include({
        code,
        chain: 'test',
        ...('lag' in shown ? shown.lag : none),
      })
      expect(problem.reasons[0]).to.have.property('message')
      expect((await fetch(`${api.url}/healthz`)).status).to.equal(200)
    })
  }

  it('is not ready when the ledger is closed', async () => {
    await api.ledger.close()
    const { reasons } = (await (await fetch(`${api.url}/readyz`)).json()) as { reasons: object[] }
    expect(reasons[0]).to.have.property('code', 'LEDGER_CLOSED')
  })

  it('counts what Prometheus asks for', async () => {
    await postJson(api, '/v1/materials', digestsOnly('counted'))
    await api.request('/v1/materials/some-private-id')
    api.anchoring.shown = { lag: { entries: 1, seconds: 7 }, reorganisations: 2 }
    const response = await api.request('/metrics', AUDITOR)
    expect(response.headers.get('Content-Type')).to.match(/^text\/plain; version=0\.0\.4/)
    const text = await response.text()
    for (const line of [
      'onceledger_entries 1',
      'onceledger_stopped 0',
      'onceledger_anchor_lag_entries{chain="test"} 1',
      'onceledger_anchor_lag_seconds{chain="test"} 7',
      'onceledger_anchor_reorganisations_total{chain="test"} 2',
      'onceledger_store_bytes{store="contents"} 1',
      'onceledger_http_request_seconds_count{method="POST",route="/v1/materials",status="201"} 1',
      'onceledger_http_request_seconds_count{method="GET",route="/v1/materials/{id}",status="404"} 1',
      'onceledger_http_requests_under_way 1',
    ])
      expect(text).to.include(`${line}\n`)
    expect(text).to.match(/^nodejs_eventloop_lag_seconds /m)
    expect(text).to.match(/^process_resident_memory_bytes /m)
    expect(text).not.to.include('some-private-id')
    // Reading twice shows a counter, not its sum.
    expect(await (await api.request('/metrics', AUDITOR)).text()).to.include(
      'onceledger_anchor_reorganisations_total{chain="test"} 2\n',
    )
  })
})

describe('the backup', () => {
  const operator = { headers: { Authorization: `Bearer ${TOKENS.operator}` } }

  it('is sent as it is made, one at a time', async () => {
    const stream = new PassThrough()
    const api = await startTestApi({ backup: () => stream })
    stream.write('the first half')
    const running = await api.request('/v1/backup', operator)
    expect(running.headers.get('Content-Type')).to.equal('application/x-tar')
    const second = await api.request('/v1/backup', operator)
    expect(second.status).to.equal(429)
    expect(await codeIn(second)).to.equal('BACKUP_RUNNING')
    stream.end(' and the second')
    expect(await running.text()).to.equal('the first half and the second')
    await api.close()
  })

  it('that breaks off does not look whole', async () => {
    const stream = new PassThrough()
    const api = await startTestApi({ backup: () => stream })
    stream.write('the first half')
    const running = await api.request('/v1/backup', operator)
    stream.destroy(new Error('the disk is gone'))
    expect(await running.text().catch(() => 'broken off')).to.equal('broken off')
    await api.close()
  })
})

describe('the audit', () => {
  const found = finding('ENTRY_ALTERED', 'entry 2', { index: 2 })

  it('answers its findings a line each, and the sum last', async () => {
    const api = await startTestApi({ audit: () => soundAudit([found]) })
    const response = await api.request('/v1/audit', AUDITOR)
    expect(response.headers.get('Content-Type')).to.equal('application/x-ndjson')
    const [first, last] = (await response.text()).trimEnd().split('\n')
    expect(AuditFinding.parse(JSON.parse(first ?? ''))).to.deep.include({
      code: 'ENTRY_ALTERED',
      level: 'fault',
      where: 'entry 2',
      index: 2,
      message: 'The entry is not the one that was logged.',
    })
    expect(AuditEnd.parse(JSON.parse(last ?? ''))).to.deep.include({ end: true, size: 3 })
    await api.close()
  })

  it('runs once at a time, and ends when nobody listens any more', async () => {
    const ended = Promise.withResolvers<void>()
    let runs = 0
    const api = await startTestApi({
      async *audit() {
        runs += 1
        try {
          for (;;) {
            yield found
            await new Promise(setImmediate)
          }
        } finally {
          ended.resolve()
        }
      },
    })
    const gone = new AbortController()
    const running = await api.request('/v1/audit', { ...AUDITOR, signal: gone.signal })
    const second = await api.request('/v1/audit', AUDITOR)
    expect(second.status).to.equal(429)
    expect(await codeIn(second)).to.equal('AUDIT_RUNNING')
    gone.abort()
    await running.text().catch(() => {})
    await ended.promise
    expect(runs).to.equal(1)
    await api.close()
  })

  it('shows by empty lines that it goes on while it finds nothing', async () => {
    const looked = Promise.withResolvers<void>()
    const lines = writeLines(
      (async function* () {
        await looked.promise
        return yield* soundAudit([found])
      })(),
      1,
    )
    expect((await lines.next()).value).to.equal('\n')
    looked.resolve()
    const said: string[] = []
    for await (const line of lines) if (line !== '\n') said.push(line)
    expect(said.map((line) => Object.keys(JSON.parse(line))[0])).to.deep.equal(['code', 'end'])
  })

  it('that breaks off has no last line', async () => {
    const api = await startTestApi({
      async *audit() {
        yield found
        throw new Error('the disk is gone')
      },
    })
    const response = await api.request('/v1/audit', AUDITOR)
    const text = await response.text().catch(() => '')
    expect(text).not.to.include('"end"')
    await api.close()
  })
})
