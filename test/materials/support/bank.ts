import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { join } from 'node:path'
import type { EntryOf } from '../../../node/core/catalogue/entry.ts'
import type { MaterialType } from '../../../node/core/catalogue/materialType.ts'
import type { Holder, MaterialSubmission } from '../../../node/core/statement.ts'
import { systemClock } from '../../../node/ledger/anchoring/clock.ts'
import { openAnchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import { SealedAnchorStore } from '../../../node/ledger/anchorStore.ts'
import { anchoredLog, OnceLedger } from '../../../node/ledger/onceLedger.ts'
import { LedgerMaterials } from '../../../node/materials/ledgerMaterials.ts'
import type { Submitted } from '../../../node/materials/materials.ts'
import { Reception } from '../../../node/materials/reception.ts'
import type { PublishedTypes } from '../../../node/materials/listing.ts'
import type { MaterialTypes } from '../../../node/materials/soundness.ts'
import type { ContentStore } from '../../../node/store/contentStore.ts'
import { FileContentStore } from '../../../node/store/files/fileContentStore.ts'
import type { KeyValueStore } from '../../../node/store/keyValueStore.ts'
import { familyRange } from '../../../node/store/layout.ts'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import { MemoryContentStore } from '../../../node/store/memory/memoryContentStore.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import { faultsIn } from '../../ledger/audit/testLedger.ts'
import { openTestLog, TEST_MASTER_KEY } from '../../support/log.ts'

/** 2026-11-23 in China. */
export const NOW = Date.UTC(2026, 10, 23)
export const TENANT: Holder = { codeType: '001', code: '91310110MADEM002XN' }
export const LANDLORD: Holder = { codeType: '001', code: '91310110MADEM0011Y' }

export interface Stores {
  readonly store: KeyValueStore
  readonly contents: ContentStore
}

export type OpenStores = (folder: string) => Promise<Stores>

export const ADAPTERS: readonly (readonly [name: string, open: OpenStores])[] = [
  ['memory', openMemory],
  ['LevelDB and files', openFiles],
]

export async function openMemory(): Promise<Stores> {
  return { store: new MemoryKeyValueStore(), contents: new MemoryContentStore() }
}

export async function openFiles(folder: string): Promise<Stores> {
  return {
    store: await LevelKeyValueStore.open(join(folder, 'ledger')),
    contents: await FileContentStore.open(join(folder, 'contents'), { reserve: 0 }),
  }
}

/** Types as departments publish them, for tests to add to. */
export class TestTypes implements MaterialTypes, PublishedTypes {
  readonly #types = new Map<string, MaterialType>()
  readonly #certificateTypes = new Map<string, EntryOf<'certificateType'>>()

  publish(type: MaterialType): void {
    this.#types.set(type.code, type)
  }

  publishCertificateType(type: EntryOf<'certificateType'>): void {
    this.#certificateTypes.set(type.code, type)
  }

  find<Kind extends 'materialType' | 'certificateType'>(kind: Kind, code: string) {
    const types = kind === 'materialType' ? this.#types : this.#certificateTypes
    return types.get(code) as EntryOf<Kind> | undefined
  }

  list(): { readonly entry: MaterialType }[] {
    return [...this.#types.values()].map((entry) => ({ entry }))
  }
}

/** A lease: who lets, until when, and under which certificate. */
export const LEASE: MaterialType = {
  kind: 'materialType',
  code: 'LEASE',
  version: 1,
  from: '2026-01-01',
  owner: `0x${'11'.repeat(20)}`,
  duty: '房屋租赁登记',
  name: '房屋租赁合同',
  reusable: true,
  validity: { mode: 'UNTIL_DATE', field: 'until' },
  retention: '10年',
  formats: ['pdf', 'ofd'],
  maxBytes: 100_000,
  sensitivity: 'L2',
  fields: [
    {
      name: 'landlord',
      label: '出租方',
      type: 'string',
      required: true,
      sensitivity: 'L2',
      check: 'uscc',
    },
    { name: 'until', label: '租期至', type: 'date', required: true, sensitivity: 'L1' },
    { name: 'rent', label: '月租金', type: 'number', required: false, sensitivity: 'L2' },
  ],
}

export const FIELDS = { landlord: LANDLORD.code, until: '2030-12-31' }

export interface Bank extends Stores {
  readonly ring: KeyRing
  readonly ledger: OnceLedger
  readonly materials: LedgerMaterials
  readonly types: TestTypes
  submit(
    changes?: Partial<MaterialSubmission>,
    content?: Uint8Array,
    more?: { readonly submitter?: string; readonly idempotencyKey?: string },
  ): Promise<Submitted>
  /** The bytes of a material, in clear. */
  read(id: string): Promise<Buffer>
  /** How many contents lie in the stores, shared ones once. */
  kept(): Promise<number>
  /** What the audit finds wrong. */
  faults(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function openBank({ store, contents }: Stores, withTypes = true): Promise<Bank> {
  const log = await openTestLog({ store })
  const anchors = new SealedAnchorStore(store, log.ring, [])
  const anchoring = await openAnchoring([], {
    log: anchoredLog(log),
    store: anchors,
    clock: systemClock,
    random: Math.random,
  })
  const ledger = new OnceLedger({ log, store, ring: log.ring, anchors, anchoring })
  const reception = new Reception(contents, { digests: ['sha-256'], maxContent: 3_000_000 })
  const terms = new TermIndex(store, log.ring)
  const types = new TestTypes()
  const materials = new LedgerMaterials({
    ledger,
    reception,
    terms,
    ...(withTypes && { types }),
    now: () => NOW,
  })
  const auditParts = {
    store,
    contents,
    ring: log.ring,
    reopenRing: () => KeyRing.open(store, TEST_MASTER_KEY),
  }
  return {
    store,
    contents,
    ring: log.ring,
    ledger,
    materials,
    types,
    submit: (changes = {}, content, { submitter = 'permits', idempotencyKey } = {}) =>
      materials.submit({
        submission: { type: 'T1', content: { mediaType: 'application/pdf' }, ...changes },
        submitter,
        ...(content && { content }),
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      }),
    read: async (id) => buffer(await materials.openContent(id)),
    kept: async () => (await Array.fromAsync(store.scan(familyRange('location')))).length,
    faults: () => faultsIn(auditParts),
    close: async () => {
      await ledger.close()
      await reception.close()
      await contents.close()
      await store.close()
    },
  }
}

export function digestOf(bytes: Uint8Array): string {
  return `sha-256:${createHash('sha256').update(bytes).digest('hex')}`
}
