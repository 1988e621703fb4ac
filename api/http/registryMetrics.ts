import { Counter, Gauge } from 'prom-client'
import type { Acts } from '../../node/acts/acts.ts'
import type { Mirror } from '../../node/mirror/mirror.ts'

export interface RegistryStatus {
  readonly mirror: Pick<Mirror, 'status'>
  readonly acts: Pick<Acts, 'status'>
}

export function registryMetrics({ mirror, acts }: RegistryStatus): (Gauge | Counter)[] {
  return [
    gauge('mirror_age_seconds', 'Since the registries were known to stand as held.', () => {
      return mirror.status().age
    }),
    gauge('mirror_fresh', '1 while the registries are known well enough to decide.', () => {
      return mirror.status().isFresh ? 1 : 0
    }),
    gauge('mirror_block', 'Newest block of the registries that is held.', () => {
      return mirror.status().block?.number ?? 0
    }),
    counter('mirror_events_total', 'Events of the registries that were read.', () => {
      return mirror.status().events
    }),
    counter('mirror_reorganisations_total', 'Times that blocks were taken back.', () => {
      return mirror.status().reorganisations
    }),
    gauge('acts_waiting', 'Signed acts on their way to the chain.', () => acts.status().waiting),
    gauge('acts_failing', '1 when the last look at the chain failed.', () => {
      return acts.status().error === undefined ? 0 : 1
    }),
    counter('acts_resends_total', 'Acts that were sent again.', () => acts.status().resent),
    counter('acts_lost_total', 'Acts whose outcome was taken back.', () => acts.status().lost),
  ]
}

function gauge(name: string, help: string, read: () => number): Gauge {
  return new Gauge({
    name: `onceledger_${name}`,
    help,
    registers: [],
    collect() {
      this.set(read())
    },
  })
}

function counter(name: string, help: string, read: () => number): Counter {
  return new Counter({
    name: `onceledger_${name}`,
    help,
    registers: [],
    collect() {
      // The node counts; this only shows.
      this.reset()
      this.inc(read())
    },
  })
}
