import { pino } from 'pino'
import { createApp } from '../../../api/http/app.ts'
import { createAuthenticator } from '../../../api/http/auth.ts'
import type { AccountPrincipal, AccountRole } from '../../../api/http/auth.ts'
import { checkRoutes } from '../../../api/http/checks/routes.ts'
import { caseRoutes } from '../../../api/http/cases/routes.ts'
import { createLimits } from '../../../api/http/limits.ts'
import type { LimitOptions } from '../../../api/http/limits.ts'
import { createMetrics } from '../../../api/http/metrics.ts'
import { createOpenApi } from '../../../api/http/openapi.ts'
import type { Route } from '../../../api/http/route.ts'
import { listen } from '../../../api/http/server.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Reuse } from '../../../node/reuse/reuse.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { CREDENTIALS, OPTIONS } from '../../api/support/api.ts'
import { requireDocumented } from '../../api/support/documented.ts'
import type { OpenApi } from '../../api/support/documented.ts'
import { CaseScene } from './scene.ts'

/** Some routes alone, on any free port. */
export interface RoutesApi {
  readonly url: string
  readonly document: OpenApi
  /** As `fetch`; what is answered is held against the documentation. */
  get(path: string, token: string): Promise<Response>
  post(
    path: string,
    body: unknown,
    token: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>
  close(): Promise<void>
}

export interface CaseApi extends RoutesApi {
  readonly scene: CaseScene
}

/** The session of an account by which a department acts, or a holder. */
export const sessionOf = (account: Hex, role: AccountRole = 'user') => `account-${account}-${role}`

/** Uses need a chain that counts: see `reusing.ts`. */
const NO_REUSE: Reuse = { reuse: async () => [] }

/** The routes of cases on a real ledger in memory. */
export async function startCaseApi(): Promise<CaseApi> {
  const scene = await CaseScene.open(async () => new MemoryKeyValueStore())
  const { cases, resolutions } = scene
  const { mirror } = scene.grants
  const api = await serveRoutes([
    ...caseRoutes({ cases, resolutions, reuse: NO_REUSE, mirror, wait: 1000 }),
    ...checkRoutes({ checks: scene.checks(), mirror, wait: 1000 }),
  ])
  return {
    ...api,
    scene,
    close: async () => {
      await api.close()
      await scene.close()
    },
  }
}

export async function serveRoutes(
  routes: readonly Route[],
  limits: Partial<LimitOptions> = {},
): Promise<RoutesApi> {
  const app = createApp({
    routes: [...routes],
    authenticator: createAuthenticator(CREDENTIALS, { find: findSession }),
    limits: createLimits({ ...OPTIONS, ...limits }),
    metrics: createMetrics(),
    logger: pino({ level: 'silent' }),
    behindProxy: false,
  })
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  const document = createOpenApi(routes, '0.0.0-test') as OpenApi
  const request = async (path: string, init: RequestInit) => {
    const response = await fetch(new URL(path, server.url), init)
    await requireDocumented(init.method ?? 'GET', path, response, document)
    return response
  }
  return {
    url: server.url,
    document,
    get: (path, token) => request(path, { headers: { Authorization: `Bearer ${token}` } }),
    post: (path, body, token, headers) =>
      request(path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          ...headers,
        },
      }),
    close: () => server.close(),
  }
}

function findSession(token: string): Promise<AccountPrincipal> | undefined {
  const [, account, role] = /^account-(0x[0-9a-f]{40})-(\w+)$/.exec(token) ?? []
  if (account === undefined) return undefined
  const isHolder = role === 'holder'
  return Promise.resolve({
    name: isHolder ? `account ${account}` : `department ${account}`,
    account: account as Hex,
    roles: new Set([role as AccountRole]),
    expiresAt: Number.MAX_SAFE_INTEGER,
    onEnd: () => () => undefined,
    ...(!isHolder && { department: account as Hex }),
  })
}
