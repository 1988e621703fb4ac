import { Router } from '@koa/router'
import Koa from 'koa'
import type { Logger } from 'pino'
import { randomUUID } from 'node:crypto'
import { LedgerError } from '../../node/core/errors.ts'
import type { ErrorKind } from '../../node/core/errors.ts'
import { requireAction } from './auth.ts'
import type { Authenticator, Principal } from './auth.ts'
import { presentProblem, problemHeaders, PROBLEM_TYPE, toLedgerError } from './errors.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { send } from './respond.ts'
import type { Context, RequestState, Route } from './route.ts'
import { statusOf } from './status.ts'

export interface AppParts {
  readonly routes: readonly Route[]
  readonly authenticator: Authenticator
  readonly limits: Limits
  readonly metrics: Metrics
  readonly logger: Logger
  /** Believe X-Forwarded-For: only behind a proxy that sets it. */
  readonly behindProxy: boolean
}

export type App = Koa<RequestState>

export function createApp(parts: AppParts): App {
  // Of X-Forwarded-For only what the proxy itself added counts; the rest is anybody's word.
  const app: App = new Koa({ proxy: parts.behindProxy, maxIpsCount: 1 })
  // Answers that could not be sent, mostly because the client is gone: all else was logged before.
  app.on('error', (err) => parts.logger.debug({ err }, 'answer not sent'))
  app.use(observe(parts))
  app.use(fixedRoutes(parts))
  app.use(patternRoutes(parts))
  app.use((ctx) => {
    throw missing(ctx as unknown as Context)
  })
  return app
}

const SLOW_SECONDS = 10

/** What an operator wants to see; the others are the callers' own affair. */
const LOG_LEVELS: Partial<Record<ErrorKind, 'info' | 'warn'>> = {
  unauthenticated: 'info',
  forbidden: 'info',
  unavailable: 'warn',
}

/** Every answer passes here: refusals get their problem document, and everything is measured. */
function observe({ metrics, logger }: AppParts): Koa.Middleware<RequestState> {
  return async (koaContext, next) => {
    const ctx = koaContext as unknown as Context
    const started = performance.now()
    metrics.requestsUnderWay.inc()
    try {
      await next()
    } catch (thrown) {
      refuse(ctx, toLedgerError(thrown), logger)
    } finally {
      metrics.requestsUnderWay.dec()
      const seconds = (performance.now() - started) / 1000
      const route = ctx.state.route?.path ?? 'none'
      metrics.observeRequest(ctx.method, route, ctx.res.statusCode, seconds)
      if (seconds > SLOW_SECONDS)
        logger.info({ method: ctx.method, route, seconds }, 'slow request')
    }
  }
}

/** Paths without parameters, the busy ones among them, are found without trying patterns. */
function fixedRoutes(parts: AppParts): Koa.Middleware<RequestState> {
  const byName = new Map(parts.routes.map((route) => [`${route.method} ${route.path}`, route]))
  return (koaContext, next) => {
    const ctx = koaContext as unknown as Context
    const route = byName.get(`${ctx.method} ${ctx.path}`)
    return route === undefined ? next() : run(route, ctx, parts)
  }
}

function patternRoutes(parts: AppParts): Koa.Middleware<RequestState> {
  const router = new Router<RequestState>({ strict: true, sensitive: true })
  for (const route of parts.routes) {
    router.register(koaPath(route), [route.method], (ctx) => run(route, ctx, parts))
  }
  return router.routes() as unknown as Koa.Middleware<RequestState>
}

async function run(route: Route, ctx: Context, parts: AppParts): Promise<void> {
  ctx.state.route = route
  const { action } = route
  const principal = action === undefined ? undefined : await authenticate(ctx, parts)
  if (principal !== undefined) ctx.state.principal = principal
  const caller = knownCaller(principal)
  const leave = await parts.limits.enter(caller ?? ctx.ip, caller === undefined)
  try {
    // Counted like any other: whoever may nothing may not ask without end either.
    if (principal !== undefined && action !== undefined) requireAction(principal, action)
    await route.handle(ctx)
  } finally {
    leave()
  }
}

/** Anybody can make accounts and sign in: one that is no party has no more to spend than its address has. */
function knownCaller(principal: Principal | undefined): string | undefined {
  return principal !== undefined && principal.roles.size > 0 ? principal.name : undefined
}

/** Whoever tries tokens is held to the rate of those who have none. */
async function authenticate(ctx: Context, { authenticator, limits }: AppParts): Promise<Principal> {
  try {
    return await authenticator.authenticate(ctx.req.headers.authorization)
  } catch (error) {
    const leave = await limits.enter(ctx.ip, true)
    leave()
    throw error
  }
}

function refuse(ctx: Context, error: LedgerError, logger: Logger): void {
  const requestId = randomUUID()
  const status = statusOf(error.kind, error.code)
  const line = {
    requestId,
    method: ctx.method,
    route: ctx.state.route?.path,
    principal: ctx.state.principal?.name,
    status,
    code: error.code,
  }
  if (error.kind === 'corrupt')
    logger.error({ ...line, err: error.cause ?? error }, 'request failed')
  else logger[LOG_LEVELS[error.kind] ?? 'debug'](line, 'request refused')
  if (ctx.res.headersSent) {
    // Half an answer must not look whole.
    ctx.res.destroy()
    return
  }
  const body = JSON.stringify(presentProblem(error, requestId))
  send(ctx, status, PROBLEM_TYPE, body, problemHeaders(error))
}

/** No route has this method and path; `matched` are those with the path. */
function missing(ctx: Context): LedgerError {
  const methods = (ctx.matched ?? []).flatMap((layer) => layer.methods)
  if (methods.length === 0) return new LedgerError('notFound', 'ROUTE_NOT_FOUND')
  return new LedgerError('invalid', 'METHOD_NOT_ALLOWED', { allow: [...new Set(methods)] })
}

/** `/v1/materials/{id}` as the router spells it. */
function koaPath({ path, tail }: Route): string {
  const named = path.replaceAll(/\{(\w+)\}/g, ':$1')
  return tail === true ? named.replace(/:(\w+)$/, '*$1') : named
}
