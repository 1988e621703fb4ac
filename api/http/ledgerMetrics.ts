import { Counter, Gauge } from 'prom-client'
import type { AnchoringStatus } from '../../node/ledger/anchoring/records.ts'
import type { Ledger } from '../../node/ledger/ledger.ts'

/** Bytes on disk, by what takes them. */
export type StoreSizes = () => Promise<Readonly<Record<string, number>>>

type Read<T> = (source: T) => number

export function ledgerMetrics(ledger: Ledger): (Gauge | Counter)[] {
  const chains = () => ledger.status().chains
  return [
    gauge('onceledger_entries', 'Entries in the log.', () => ledger.size),
    gauge('onceledger_appends_waiting', 'Appends that wait for the disk.', () => {
      return ledger.status().waiting
    }),
    gauge('onceledger_stopped', '1 when the ledger has stopped writing.', () => {
      return ledger.status().stopped === undefined ? 0 : 1
    }),
    chainGauge('anchored_size', 'Size of the newest confirmed anchor.', (c) => c.anchoredSize),
    chainGauge('final_size', 'Size of the newest final anchor.', (c) => c.finalSize),
    chainGauge('anchor_lag_entries', 'Entries not anchored yet.', (c) => c.lag.entries),
    chainGauge('anchor_lag_seconds', 'Age of the oldest entry not anchored yet.', (c) => {
      return c.lag.seconds
    }),
    chainGauge('anchor_failing', '1 when the last look at the chain failed.', (c) => {
      return c.error === undefined ? 0 : 1
    }),
    chainCounter('anchor_reorganisations_total', 'Confirmed anchors that were lost.', (c) => {
      return c.reorganisations
    }),
    chainCounter('anchor_resends_total', 'Fee bumps and resends of anchors.', (c) => c.resends),
  ]

  function chainGauge(name: string, help: string, read: Read<AnchoringStatus>): Gauge {
    return new Gauge({
      name: `onceledger_${name}`,
      help,
      labelNames: ['chain'],
      registers: [],
      collect() {
        for (const chain of chains()) this.set({ chain: chain.target }, read(chain))
      },
    })
  }

  function chainCounter(name: string, help: string, read: Read<AnchoringStatus>): Counter {
    return new Counter({
      name: `onceledger_${name}`,
      help,
      labelNames: ['chain'],
      registers: [],
      collect() {
        // The ledger counts; this only shows.
        this.reset()
        for (const chain of chains()) this.inc({ chain: chain.target }, read(chain))
      },
    })
  }
}

export function storeMetric(storeSizes: StoreSizes): Gauge {
  return new Gauge({
    name: 'onceledger_store_bytes',
    help: 'Bytes on disk.',
    labelNames: ['store'],
    registers: [],
    async collect() {
      for (const [store, bytes] of Object.entries(await storeSizes())) this.set({ store }, bytes)
    },
  })
}

function gauge(name: string, help: string, read: () => number): Gauge {
  return new Gauge({
    name,
    help,
    registers: [],
    collect() {
      this.set(read())
    },
  })
}
