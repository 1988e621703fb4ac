import { z } from 'zod'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Acts } from '../../../node/acts/acts.ts'
import type { Ledger, LedgerStatus } from '../../../node/ledger/ledger.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import type { Metrics } from '../metrics.ts'
import { SENTENCES } from '../problems.ts'
import { send, sendJson } from '../respond.ts'
import type { Route } from '../route.ts'
import { Health } from './schema.ts'

const OK = { status: 'ok' } as const
const NO_STORE = { 'Cache-Control': 'no-store' }

export interface RegistryHealth {
  readonly mirror: Pick<Mirror, 'status'>
  readonly acts: Pick<Acts, 'status'>
}

/**
 * @param readyLag seconds that the oldest entry may wait for its anchor
 * @param registries undefined where no parties are known
 */
export function healthRoutes(
  ledger: Ledger,
  metrics: Metrics,
  readyLag: number,
  registries?: RegistryHealth,
): Route[] {
  const ok = {
    description: 'It is',
    content: { 'application/json': { schema: Health, example: OK } },
  }
  return [
    {
      method: 'GET',
      path: '/healthz',
      documentation: {
        id: 'health',
        tag: 'operation',
        summary: 'Is the process alive?',
        answers: { 200: ok },
      },
      async handle(ctx) {
        sendJson(ctx, 200, OK, NO_STORE)
      },
    },
    {
      method: 'GET',
      path: '/readyz',
      documentation: {
        id: 'readiness',
        tag: 'operation',
        summary: 'Does it take entries, anchor them, and know how the registries stand?',
        description: 'When it does not, `reasons` of the problem says why.',
        answers: { 200: ok },
        errors: { unavailable: ['NOT_READY'] },
      },
      async handle(ctx) {
        const reasons = [
          ...ledgerReasons(ledger.status(), readyLag),
          ...(registries ? registryReasons(registries) : []),
        ].map(explain)
        if (reasons.length > 0) throw new LedgerError('unavailable', 'NOT_READY', { reasons })
        sendJson(ctx, 200, OK, NO_STORE)
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      action: 'readMetrics',
      documentation: {
        id: 'metrics',
        tag: 'operation',
        summary: 'Figures for Prometheus',
        answers: {
          200: {
            description: 'Prometheus text format',
            content: { 'text/plain': { schema: z.string() } },
          },
        },
      },
      async handle(ctx) {
        send(ctx, 200, metrics.contentType, await metrics.render(), NO_STORE)
      },
    },
  ]
}

interface Reason {
  readonly code: string
  /** One sentence for a person. */
  readonly message?: string
  readonly chain?: string
  readonly entries?: number
  /** Of the oldest entry that is not anchored, or since the registries were seen last. */
  readonly seconds?: number
}

function ledgerReasons({ stopped, chains }: LedgerStatus, readyLag: number): Reason[] {
  const ledger = stopped === undefined ? [] : [{ code: stopped }]
  const anchoring = chains.flatMap(({ target, state, error, lag }): Reason[] => {
    const failing = state === 'starting' || state === 'retrying' || state === 'halted'
    if (failing) return [{ code: error?.code ?? 'CHAIN_STARTING', chain: target, ...lag }]
    return lag.seconds > readyLag ? [{ code: 'ANCHOR_LAG', chain: target, ...lag }] : []
  })
  return [...ledger, ...anchoring]
}

/** What is too old is not decided by, and acts that do not reach the chain have no effect. */
function registryReasons({ mirror, acts }: RegistryHealth): Reason[] {
  const { isFresh, age, error } = mirror.status()
  const seconds = Number.isFinite(age) ? { seconds: Math.round(age) } : {}
  const relay = acts.status()
  return [
    ...(isFresh ? [] : [{ code: error?.code ?? 'MIRROR_STALE', ...seconds }]),
    ...(relay.error ? [{ code: relay.error.code, entries: relay.waiting }] : []),
  ]
}

function explain(reason: Reason): Reason {
  const message = SENTENCES[reason.code]
  return message === undefined ? reason : { ...reason, message }
}
