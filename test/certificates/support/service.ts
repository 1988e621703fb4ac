import { join } from 'node:path'
import { LedgerCertificates } from '../../../node/certificates/ledgerCertificates.ts'
import { getCertificateType } from '../../../node/core/certificates/included.ts'
import type { CertificateType } from '../../../node/core/certificates/types.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { AuditParts } from '../../../node/ledger/audit/audit.ts'
import { openAnchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import { systemClock } from '../../../node/ledger/anchoring/clock.ts'
import { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import { anchoredLog, OnceLedger } from '../../../node/ledger/onceLedger.ts'
import { Reception } from '../../../node/materials/reception.ts'
import { FileContentStore } from '../../../node/store/files/fileContentStore.ts'
import type { KeyValueStore } from '../../../node/store/keyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { openTestLog, TEST_MASTER_KEY } from '../../support/log.ts'
import { CHAIN, NOW } from './papers.ts'
import { TestRegistries } from './registries.ts'

export interface TestService extends AuditParts {
  readonly certificates: LedgerCertificates
  /** Types as they are in force, by code; those that come along besides. */
  readonly published: Map<string, CertificateType>
  readonly registries: TestRegistries
  readonly ledger: OnceLedger
  /** Codes of departments, as those above them said. */
  readonly names: Map<Hex, string>
  /** Seconds since 1970; the test moves it. */
  time: number
  close(): Promise<void>
}

/** Certificates on a real ledger, with real contents and a chain that the test tells. */
export async function openTestService(
  store: KeyValueStore,
  folder: string,
  registries = new TestRegistries(),
): Promise<TestService> {
  const contents = await FileContentStore.open(join(folder, 'contents'), { reserve: 0 })
  const clock = { time: NOW }
  const now = () => clock.time * 1000
  const log = await openTestLog({ store, now })
  const anchors = new SealedAnchorStore(store, log.ring, [])
  const anchoring = await openAnchoring([], {
    log: anchoredLog(log),
    store: anchors,
    clock: systemClock,
    random: Math.random,
  })
  const ledger = new OnceLedger({ log, store, ring: log.ring, anchors, anchoring })
  const reception = new Reception(contents, { digests: ['sha-256', 'sm3'], maxContent: 1_000_000 })
  const names = new Map<Hex, string>()
  const published = new Map<string, CertificateType>()
  const certificates = new LedgerCertificates({
    ledger,
    contents: reception,
    terms: new TermIndex(store, log.ring),
    registries,
    names: { codeOf: async (department) => names.get(department) },
    proofs: {
      ofIssue: () => () => [],
      prove: () => {},
      evidence: ({ index }, wait) =>
        wait ? ledger.evidenceWhenAnchored(index, wait.anchored) : ledger.evidence(index),
    },
    typeOf: (code) => published.get(code) ?? getCertificateType(code),
    chainId: CHAIN,
    now,
  })
  return Object.assign(clock, {
    certificates,
    published,
    registries,
    ledger,
    store,
    contents,
    ring: log.ring,
    reopenRing: () => KeyRing.open(store, TEST_MASTER_KEY),
    names,
    async close() {
      await ledger.close()
      await reception.close()
      await contents.close()
      await store.close()
    },
  })
}
