import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Ledger } from '../../node/ledger/ledger.ts'
import { figureMetrics } from './figureMetrics.ts'
import type { WatchedFigures } from './figureMetrics.ts'
import { ledgerMetrics, storeMetric } from './ledgerMetrics.ts'
import type { StoreSizes } from './ledgerMetrics.ts'
import { registryMetrics } from './registryMetrics.ts'
import type { RegistryStatus } from './registryMetrics.ts'

export interface Metrics {
  /** `route` as in the documentation, `seconds` until the answer was handed to the socket. */
  observeRequest(method: string, route: string, status: number, seconds: number): void
  readonly requestsUnderWay: { inc(): void; dec(): void }
  /** Entries that were committed together. */
  observeGroup(entries: number): void
  /** Adds figures that are read when they are asked for. */
  watch(ledger: Ledger, storeSizes?: StoreSizes): void
  watchRegistries(registries: RegistryStatus): void
  watchFigures(figures: WatchedFigures): void
  readonly contentType: string
  /** Prometheus text format. */
  render(): Promise<string>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Histogram({
    name: 'onceledger_http_request_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers,
  })
  const underWay = new Gauge({
    name: 'onceledger_http_requests_under_way',
    help: 'Requests being answered.',
    registers,
  })
  const groups = new Histogram({
    name: 'onceledger_group_entries',
    help: 'Entries that were committed together.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096],
    registers,
  })
  const entries = new Counter({
    name: 'onceledger_entries_appended_total',
    help: 'Entries committed since the start.',
    registers,
  })

  // Finding a child by its labels costs more than observing: each is looked up once.
  const observers = new Map<string, { observe(seconds: number): void }>()
  return {
    observeRequest(method, route, status, seconds) {
      const key = `${status} ${method} ${route}`
      let observer = observers.get(key)
      if (observer === undefined) {
        observer = requests.labels(method, route, String(status))
        observers.set(key, observer)
      }
      observer.observe(seconds)
    },
    requestsUnderWay: underWay,
    observeGroup(count) {
      groups.observe(count)
      entries.inc(count)
    },
    watch(ledger, storeSizes) {
      for (const metric of ledgerMetrics(ledger)) registry.registerMetric(metric)
      if (storeSizes !== undefined) registry.registerMetric(storeMetric(storeSizes))
    },
    watchRegistries(registries) {
      for (const metric of registryMetrics(registries)) registry.registerMetric(metric)
    },
    watchFigures(figures) {
      for (const metric of figureMetrics(figures)) registry.registerMetric(metric)
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  }
}
