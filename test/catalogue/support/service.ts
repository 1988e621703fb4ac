import { Catalogue } from '../../../node/catalogue/catalogue.ts'
import type { CatalogueParts } from '../../../node/catalogue/catalogue.ts'
import type { AuditParts } from '../../../node/ledger/audit/audit.ts'
import { openAnchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import { systemClock } from '../../../node/ledger/anchoring/clock.ts'
import { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import { anchoredLog, OnceLedger } from '../../../node/ledger/onceLedger.ts'
import type { KeyValueStore } from '../../../node/store/keyValueStore.ts'
import { MemoryContentStore } from '../../../node/store/memory/memoryContentStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { openTestLog, TEST_MASTER_KEY } from '../../support/log.ts'

/** 2023-08-05 in China, still the day before in UTC. */
export const NOW = Date.parse('2023-08-05T01:00:00+08:00')
export const TODAY = '2023-08-05'
/** The first day for which something new can be published. */
export const TOMORROW = '2023-08-06'

export interface TestLedgerParts extends AuditParts {
  readonly ledger: OnceLedger
  readonly terms: TermIndex
  /** Milliseconds since 1970; the test moves it. */
  readonly clock: { now: number }
  /** As a start does it. */
  openCatalogue(more?: Pick<CatalogueParts, 'isDepartment'>): Promise<Catalogue>
}

/** A real ledger, on which a catalogue may be opened. */
export async function openTestParts(store: KeyValueStore): Promise<TestLedgerParts> {
  const clock = { now: NOW }
  const now = () => clock.now
  const contents = new MemoryContentStore()
  const log = await openTestLog({ store, now })
  const anchors = new SealedAnchorStore(store, log.ring, [])
  const anchoring = await openAnchoring([], {
    log: anchoredLog(log),
    store: anchors,
    clock: systemClock,
    random: Math.random,
  })
  const ledger = new OnceLedger({ log, store, ring: log.ring, anchors, anchoring })
  const terms = new TermIndex(store, log.ring)
  return {
    ledger,
    terms,
    clock,
    store,
    contents,
    ring: log.ring,
    reopenRing: () => KeyRing.open(store, TEST_MASTER_KEY),
    openCatalogue: (more) => Catalogue.open({ ledger, terms, now, ...more }),
  }
}
