import { LedgerBenefits } from '../../../node/benefits/ledgerBenefits.ts'
import type { BenefitsParts } from '../../../node/benefits/ledgerBenefits.ts'
import { LedgerEvidence } from '../../../node/benefits/evidence.ts'
import { Catalogue } from '../../../node/catalogue/catalogue.ts'
import type { CertificateRecord } from '../../../node/certificates/certificates.ts'
import type { CertificateFacts } from '../../../node/core/usability/certificate.ts'
import { entriesOf } from '../../../node/catalogue/file.ts'
import { seedCatalogue } from '../../../node/catalogue/seed.ts'
import { encodeHex, utf8 } from '../../../node/core/bytes.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { sha256 } from '../../../node/core/hash/hash.ts'
import { holderIdOf } from '../../../node/core/parties/holder.ts'
import type { Holder, MaterialSubmitted } from '../../../node/core/statement.ts'
import { openAnchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import { systemClock } from '../../../node/ledger/anchoring/clock.ts'
import { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import { anchoredLog, OnceLedger } from '../../../node/ledger/onceLedger.ts'
import { LedgerMaterials } from '../../../node/materials/ledgerMaterials.ts'
import { Reception } from '../../../node/materials/reception.ts'
import { SingleUses } from '../../../node/materials/singleUses.ts'
import { foundBy } from '../../../node/core/terms/foundBy.ts'
import { PartyDirectory } from '../../../node/parties/directory.ts'
import type { KeyValueStore } from '../../../node/store/keyValueStore.ts'
import { MemoryContentStore } from '../../../node/store/memory/memoryContentStore.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { openTestLog, testStatement } from '../../support/log.ts'

/** 2023-08-05T10:00:00+08:00 */
export const NOW = 1_691_200_800_000

export const WANG = { codeType: '111', code: '310199195506080021' } as const
export const ZHAO = { codeType: '111', code: '310199197501010058' } as const
export const CHILD = { codeType: '111', code: '310199201409010070' } as const
export const GIANTCO = { codeType: '001', code: '91310110MADEM0054C' } as const
export const TENANT = { codeType: '001', code: '91310110MADEM002XN' } as const

export const ID_CARD = '11100000000013127D001'
export const LICENCE = '11100000MB0143028R001'

/** Where the seed's departments would stand on chain. */
export function departmentOf(code: string): Hex {
  return `0x${encodeHex(sha256(utf8(code))).slice(0, 40)}`
}

export interface TestBenefits {
  readonly benefits: LedgerBenefits
  readonly catalogue: Catalogue
  readonly ledger: OnceLedger
  readonly directory: PartyDirectory
  readonly terms: TermIndex
  readonly clock: { now: number }
  readonly certificates: TestCertificates
  readonly materials: LedgerMaterials
  /** One for all that spends materials. */
  readonly singles: SingleUses
  /** Hands a material in. */
  submit(holder: Holder, type: string, rest?: Partial<MaterialSubmitted>): Promise<string>
  register(holder: Holder, salt?: number): Promise<Hex>
  /** As after a start. */
  reopened(): LedgerBenefits
  close(): Promise<void>
}

/** Benefits on a real ledger with the seed's catalogue; of certificates only how they stand is told by the test. */
export async function openTestBenefits(store: KeyValueStore): Promise<TestBenefits> {
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
  const directory = new PartyDirectory({ ledger, terms, now })
  const catalogue = await Catalogue.open({ ledger, terms, now })
  for (const entry of entriesOf(seedCatalogue(), departmentOf))
    if (entry.kind === 'materialType' || entry.kind === 'benefit')
      await catalogue.publish(entry, { name: 'setup' })
  const certificates = new TestCertificates()
  const reception = new Reception(contents, { digests: ['sha-256'], maxContent: 2 ** 20 })
  const materials = new LedgerMaterials({ ledger, reception, terms, now })
  const evidence = new LedgerEvidence({ ledger, terms, certificates, catalogue, directory, now })
  const singles = new SingleUses({
    ledger,
    terms,
    types: catalogue,
    casesWith: async (code) => new Set([code]),
    now,
  })
  const parts: BenefitsParts = {
    ledger,
    terms,
    singles,
    ring: log.ring,
    catalogue,
    evidence,
    directory,
    now,
  }
  let count = 0
  return {
    benefits: new LedgerBenefits(parts),
    reopened: () => new LedgerBenefits(parts),
    catalogue,
    ledger,
    directory,
    terms,
    clock,
    certificates,
    materials,
    singles,
    async submit(holder, type, rest = {}) {
      const statement = { ...testStatement(`m${++count}`, type), holder, ...rest }
      const found = foundBy(statement, { holdsContent: true, isUndecided: true })
      const { id } = await ledger.append({
        statement,
        writes: (index) => terms.writesOf(found, index),
      })
      return id
    },
    async register(holder, salt = 1) {
      const bytes = new Uint8Array(32).fill(salt)
      const id = holderIdOf(bytes, holder.codeType, holder.code)
      await directory.register({
        holder: id,
        salt: `0x${encodeHex(bytes)}`,
        ...holder,
        name: '（示例）',
        registrar: departmentOf('YP-SCJ'),
      })
      return id
    },
    async close() {
      await reception.close()
      await ledger.close()
      await store.close()
    },
  }
}

/** What a chain and a bank of certificates would say. */
export class TestCertificates {
  readonly #held = new Map<Hex, CertificateRecord[]>()
  readonly #ended = new Map<string, Partial<CertificateFacts>>()

  hold(holder: Hex, type: string, id: string): void {
    const held = this.#held.get(holder) ?? []
    const record = { id, index: held.length, statement: { type } } as CertificateRecord
    this.#held.set(holder, [record, ...held])
  }

  /** @param facts by which it does not count */
  end(id: string, facts: Partial<CertificateFacts>): void {
    this.#ended.set(id, facts)
  }

  async ofHolder(holder: Hex) {
    return { items: this.#held.get(holder) ?? [] }
  }

  async factsOf(records: readonly CertificateRecord[]): Promise<CertificateFacts[]> {
    const sound = { at: '2023-01-01T00:00:00.000Z', status: 0, validFrom: 0 }
    return records.map(({ id }) => ({ ...sound, ...this.#ended.get(id) }))
  }

  get(): Promise<CertificateRecord> {
    throw new TypeError('benefits look for what is not named')
  }

  disclose(): Promise<string> {
    throw new TypeError('no condition of the seed reads a certificate')
  }
}
