import { Readable } from 'node:stream'
import { pino } from 'pino'
import type { Logger } from 'pino'
import { createApi } from '../../../api/http/createApi.ts'
import type { ApiOptions, ApiParts } from '../../../api/http/createApi.ts'
import { createMetrics } from '../../../api/http/metrics.ts'
import { listen } from '../../../api/http/server.ts'
import { strangers } from '../../../api/http/session/accounts.ts'
import type { Accounts } from '../../../api/http/session/accounts.ts'
import { Catalogue } from '../../../node/catalogue/catalogue.ts'
import { CopyExaminer } from '../../../node/derived/copyExaminer.ts'
import { LedgerFigures } from '../../../node/figures/ledgerFigures.ts'
import { OnceLedger } from '../../../node/ledger/onceLedger.ts'
import { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import { LedgerMaterials } from '../../../node/materials/ledgerMaterials.ts'
import type { Materials } from '../../../node/materials/materials.ts'
import { Reception } from '../../../node/materials/reception.ts'
import { MemoryContentStore } from '../../../node/store/memory/memoryContentStore.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { openTestLog } from '../../support/log.ts'
import { TestAnchoring } from './anchoring.ts'
import { soundAudit } from './audit.ts'
import { requireDocumented } from './documented.ts'
import type { OpenApi } from './documented.ts'

export const TOKENS = {
  submitter: 'submitter-token-0001',
  other: 'other-submitter-token',
  auditor: 'auditor-token-00001',
  operator: 'operator-token-0001',
} as const

export const CREDENTIALS: ApiParts['credentials'] = [
  { name: 'permits', roles: ['submitter'], token: TOKENS.submitter },
  { name: 'taxes', roles: ['submitter'], token: TOKENS.other },
  { name: 'auditor', roles: ['auditor'], token: TOKENS.auditor },
  { name: 'operator', roles: ['operator'], token: TOKENS.operator },
]

export const OPTIONS: ApiOptions = {
  version: '0.0.0-test',
  behindProxy: false,
  readyLag: 600,
  maxContent: 1024 * 1024,
  maxBatch: 4 * 1024 * 1024,
  wait: 5_000,
  rate: 0,
  publicRate: 0,
  concurrency: 1_000,
  publicConcurrency: 1_000,
  publicUrls: [],
  session: 900_000,
  sessionIdle: 300_000,
  now: Date.now,
}

export interface TestApi {
  readonly url: string
  readonly port: number
  readonly ledger: OnceLedger
  /** Names of the large contents that are kept. */
  files(): Promise<string[]>
  /** What is kept of a material, in clear. */
  contentOf(id: string): Promise<Buffer>
  readonly anchoring: TestAnchoring
  /** Lines that were logged, as JSON. */
  readonly logged: readonly Readonly<Record<string, unknown>>[]
  /** As `fetch`, with the submitter's token unless the headers say otherwise. */
  request(path: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

export interface TestApiOptions extends Partial<ApiOptions> {
  readonly audit?: ApiParts['audit']
  readonly backup?: ApiParts['backup']
  readonly accounts?: Partial<Accounts>
  readonly registries?: NonNullable<ApiParts['registries']>
  /** Methods that are put in the place of the real ones. */
  readonly materials?: Partial<Materials>
}

/** The API on a real ledger in memory, on any free port. */
export async function startTestApi({
  audit = () => soundAudit([]),
  backup = () => Readable.from(['an archive'], { objectMode: false }),
  materials: replaced,
  accounts,
  registries,
  ...options
}: TestApiOptions = {}): Promise<TestApi> {
  const contents = new MemoryContentStore()
  const log = await openTestLog()
  const anchors = new SealedAnchorStore(log.store, log.ring, ['test'])
  const anchoring = new TestAnchoring(log, anchors)
  const ledger = new OnceLedger({ ...log, log, anchors, anchoring })
  const settings = { ...OPTIONS, ...options }
  const reception = new Reception(contents, {
    digests: ['sha-256'],
    maxContent: settings.maxContent,
  })
  const terms = new TermIndex(log.store, log.ring)
  const catalogue = await Catalogue.open({ ledger, terms, now: Date.now })
  const materials = new LedgerMaterials({ ledger, reception, terms, now: Date.now })
  const size = () => ledger.size
  const figures = new LedgerFigures({ ...log, size, now: Date.now })
  const examiner = new CopyExaminer()
  const logged: Record<string, unknown>[] = []
  const metrics = createMetrics()
  metrics.watch(ledger, async () => ({ contents: 1 }))
  metrics.watchFigures(figures)
  if (registries) metrics.watchRegistries(registries)
  const app = createApi({
    ledger,
    catalogue,
    figures,
    examiner,
    materials: replaceMethods(materials, replaced),
    audit,
    backup,
    findChain: (chainId) => anchoring.findChain(chainId),
    credentials: CREDENTIALS,
    registries,
    accounts: { ...strangers(() => 31337), ...accounts },
    metrics,
    logger: collectingLogger(logged),
    options: settings,
  })
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  let document: OpenApi | undefined
  return {
    url: server.url,
    port: server.port,
    ledger,
    anchoring,
    logged,
    request: async (path, init = {}) => {
      const headers = new Headers(init.headers)
      if (!headers.has('Authorization')) headers.set('Authorization', `Bearer ${TOKENS.submitter}`)
      const response = await fetch(new URL(path, server.url), { ...init, headers })
      document ??= (await (await fetch(`${server.url}/openapi.json`)).json()) as OpenApi
      await requireDocumented(init.method ?? 'GET', path, response, document)
      return response
    },
    files: async () => (await Array.fromAsync(contents.listFiles())).map(({ name }) => name),
    contentOf: async (id) => {
      const chunks: Buffer[] = []
      for await (const chunk of await materials.openContent(id)) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks)
    },
    close: async () => {
      await server.close()
      await figures.close()
      await examiner.close()
      await reception.close()
      await ledger.close()
    },
  }
}

function collectingLogger(lines: Record<string, unknown>[]): Logger {
  return pino(
    { level: 'debug' },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  )
}

function replaceMethods(materials: Materials, replaced: Partial<Materials> = {}): Materials {
  return {
    submit: (request) => materials.submit(request),
    get: (id) => materials.get(id),
    list: (whose, query) => materials.list(whose, query),
    openContent: (id, range) => materials.openContent(id, range),
    evidence: (id, wait) => materials.evidence(id, wait),
    quarantined: (page) => materials.quarantined(page),
    withdraw: (id, decision) => materials.withdraw(id, decision),
    release: (id, decision) => materials.release(id, decision),
    reject: (id, decision) => materials.reject(id, decision),
    decisionsOf: (id) => materials.decisionsOf(id),
    erase: (id, erasure) => materials.erase(id, erasure),
    ...replaced,
  }
}
