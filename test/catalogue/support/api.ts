import { pino } from 'pino'
import { createApp } from '../../../api/http/app.ts'
import { createAuthenticator } from '../../../api/http/auth.ts'
import type { AccountPrincipal, AccountRole } from '../../../api/http/auth.ts'
import { catalogueRoutes } from '../../../api/http/catalogue/routes.ts'
import { createLimits } from '../../../api/http/limits.ts'
import { createMetrics } from '../../../api/http/metrics.ts'
import { createOpenApi } from '../../../api/http/openapi.ts'
import { listen } from '../../../api/http/server.ts'
import { createSessionPrincipals } from '../../../api/http/session/accounts.ts'
import type { Accounts } from '../../../api/http/session/accounts.ts'
import { Challenges } from '../../../api/http/session/challenges.ts'
import { sessionRoutes } from '../../../api/http/session/routes.ts'
import { Sessions } from '../../../api/http/session/sessions.ts'
import { wellKnownRoutes } from '../../../api/http/wellKnown/routes.ts'
import type { Catalogue } from '../../../node/catalogue/catalogue.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { CREDENTIALS, OPTIONS, TOKENS } from '../../api/support/api.ts'
import { requireDocumented } from '../../api/support/documented.ts'
import type { OpenApi } from '../../api/support/documented.ts'
import { REGISTRIES } from '../../core/acts/support.ts'
import { openTestParts } from './service.ts'
import type { TestLedgerParts } from './service.ts'

export interface CatalogueApi {
  readonly url: string
  readonly catalogue: Catalogue
  readonly parts: TestLedgerParts
  readonly document: OpenApi
  /** As `fetch`; what is answered is held against the documentation. */
  request(path: string, init?: RequestInit): Promise<Response>
  publish(entry: unknown, token?: string): Promise<Response>
  close(): Promise<void>
}

/** `account-<department>-<role>` is the session of an account by which the department acts. */
export const sessionOf = (department: Hex, role: AccountRole = 'user') =>
  `account-${department}-${role}`

/** Every account that signs in acts for a department of its own address. */
const DEPARTMENTS: Accounts = {
  chainId: () => REGISTRIES.chainId,
  partyOf: (department) => ({ roles: new Set(['user']), department }),
}

/** The catalogue's routes on a real ledger in memory, on any free port. */
export async function startCatalogueApi(): Promise<CatalogueApi> {
  const parts = await openTestParts(new MemoryKeyValueStore())
  const catalogue = await parts.openCatalogue()
  const sessions = new Sessions({ life: 9e5, idle: 9e5, perAccount: 9, inAll: 99 }, Date.now)
  const challenges = new Challenges(Date.now)
  const routes = [
    ...catalogueRoutes({ catalogue, wait: 1000 }),
    ...sessionRoutes({ accounts: DEPARTMENTS, sessions, challenges, publicUrls: [] }),
    ...wellKnownRoutes(parts.ledger, 'test', REGISTRIES),
  ]
  const signedIn = createSessionPrincipals(sessions, DEPARTMENTS)
  const app = createApp({
    routes,
    authenticator: createAuthenticator(CREDENTIALS, {
      find: (token) => findSession(token) ?? signedIn.find(token),
    }),
    limits: createLimits(OPTIONS),
    metrics: createMetrics(),
    logger: pino({ level: 'silent' }),
    behindProxy: false,
  })
  const server = await listen(app, { host: '127.0.0.1', port: 0 })
  const { url } = server
  const document = createOpenApi(routes, '0.0.0-test') as OpenApi
  const request = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(new URL(path, url), init)
    await requireDocumented(init.method ?? 'GET', path, response, document)
    return response
  }
  return {
    url,
    catalogue,
    parts,
    document,
    request,
    publish: (entry, token = TOKENS.operator) =>
      request('/v1/catalogue', {
        method: 'POST',
        body: typeof entry === 'string' ? entry : JSON.stringify(entry),
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      }),
    close: async () => {
      await server.close()
      await parts.ledger.close()
      await parts.store.close()
    },
  }
}

function findSession(token: string): Promise<AccountPrincipal> | undefined {
  const [, account, role] = /^account-(0x[0-9a-f]{40})-(\w+)$/.exec(token) ?? []
  if (account === undefined) return undefined
  const department = role === 'holder' ? {} : { department: account as Hex }
  return Promise.resolve({
    name: role === 'holder' ? `account ${account}` : `department ${account}`,
    account: account as Hex,
    roles: new Set([role as AccountRole]),
    expiresAt: Number.MAX_SAFE_INTEGER,
    onEnd: () => () => undefined,
    ...department,
  })
}
