import { expect } from 'chai'
import { pino } from 'pino'
import { createApp } from '../../api/http/app.ts'
import { createAuthenticator } from '../../api/http/auth.ts'
import { departmentRoutes } from '../../api/http/departments/routes.ts'
import type { DepartmentParts } from '../../api/http/departments/routes.ts'
import { createLimits } from '../../api/http/limits.ts'
import { createMetrics } from '../../api/http/metrics.ts'
import { createOpenApi } from '../../api/http/openapi.ts'
import { listen } from '../../api/http/server.ts'
import { LedgerError } from '../../node/core/errors.ts'
import type { Mirror } from '../../node/mirror/mirror.ts'
import { OPTIONS } from './support/api.ts'
import { requireDocumented } from './support/documented.ts'
import type { OpenApi } from './support/documented.ts'
import { codeIn } from './support/http.ts'

const ADDRESS = `0x${'d0'.repeat(20)}`

describe('departments, while the chain is still being read', () => {
  let server: Awaited<ReturnType<typeof listen>>
  let document: OpenApi

  before(async () => {
    const mirror = {
      departments: { authority: () => undefined, find: () => undefined },
      assertFresh() {
        throw new LedgerError('unavailable', 'MIRROR_STALE', { limit: 10 })
      },
    } as unknown as Mirror
    const routes = departmentRoutes({ mirror, now: Date.now } as DepartmentParts)
    const app = createApp({
      routes,
      authenticator: createAuthenticator([]),
      limits: createLimits(OPTIONS),
      metrics: createMetrics(),
      logger: pino({ level: 'silent' }),
      behindProxy: false,
    })
    document = JSON.parse(JSON.stringify(createOpenApi(routes, 'test'))) as OpenApi
    server = await listen(app, { host: '127.0.0.1', port: 0 })
  })
  after(() => server.close())

  for (const path of ['', `/${ADDRESS}`, `/${ADDRESS}?at=2023-08-05`, `/${ADDRESS}/below`])
    it(`are not said to be unknown: GET /v1/departments${path}`, async () => {
      const response = await fetch(`${server.url}/v1/departments${path}`)
      await requireDocumented('GET', `/v1/departments${path}`, response, document)
      expect(response.status).to.equal(503)
      expect(await codeIn(response)).to.equal('MIRROR_STALE')
    })
})
