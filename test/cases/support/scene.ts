import type { Wallet } from 'ethers'
import { LedgerCases } from '../../../node/cases/ledgerCases.ts'
import { CaseRules } from '../../../node/cases/rules.ts'
import { casesWith } from '../../../node/cases/bundles.ts'
import { Catalogue } from '../../../node/catalogue/catalogue.ts'
import { getCertificateTypeOn } from '../../../node/catalogue/certificateTypes.ts'
import { LedgerCertificates } from '../../../node/certificates/ledgerCertificates.ts'
import type { CatalogueEntry } from '../../../node/core/catalogue/entry.ts'
import { decode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { scopeOf } from '../../../node/core/grants/scope.ts'
import type { ScopeItem, ScopePurpose } from '../../../node/core/grants/scope.ts'
import { holderIdOf } from '../../../node/core/parties/holder.ts'
import type { GrantProposal } from '../../../node/core/resolution/document.ts'
import type { Holder, MaterialSubmitted } from '../../../node/core/statement.ts'
import { withdrawalIdOf } from '../../../node/core/statements/material.ts'
import { LedgerMaterials } from '../../../node/materials/ledgerMaterials.ts'
import { foundBy } from '../../../node/core/terms/foundBy.ts'
import { LedgerChecks } from '../../../node/checks/ledgerChecks.ts'
import type { ChecksParts } from '../../../node/checks/ledgerChecks.ts'
import { LedgerRequests } from '../../../node/requests/ledgerRequests.ts'
import { LedgerResolutions } from '../../../node/resolution/ledgerResolutions.ts'
import { LedgerUndertakings } from '../../../node/undertakings/ledgerUndertakings.ts'
import type { KeyValueStore } from '../../../node/store/keyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { StateProofs } from '../../../node/states/stateProofs.ts'
import { TermIndex } from '../../../node/store/terms.ts'
import type { RegistryChain } from '../../../node/chain/registries.ts'
import { PendingUses } from '../../../node/uses/pendingUses.ts'
import { RecordedUses } from '../../../node/uses/recordedUses.ts'
import { SpentUses } from '../../../node/uses/spentUses.ts'
import { SingleUses } from '../../../node/materials/singleUses.ts'
import { UseMasking } from '../../../node/uses/masking.ts'
import { Subjects } from '../../../node/uses/subjects.ts'
import type { CaseOpening } from '../../../node/cases/cases.ts'
import { draftOf, issueBy, newKey } from '../../certificates/support/papers.ts'
import { addressOf as accountOf, mask } from '../../chain/support/registryScene.ts'
import { MATTER, OTHER_MATTER, TYPES } from '../../core/resolution/scene.ts'
import { GrantScene, NOW } from '../../grants/support/scene.ts'
import { accredited, AUTHORITY } from '../../mirror/scene.ts'
import { TEST_MASTER_KEY, testStatement } from '../../support/log.ts'
import { addressOf, hashOf } from '../../support/registryChain.ts'

export const TODAY = '2023-11-16'
export const TOMORROW = '2023-11-17'
export const CASE = '001900000100001'
export const ADDRESS = '杨浦区示例路100号8层'
/** Accredited below the authority; the counter and the stranger beside it, the ward below it. */
export const bureau = addressOf('market regulator')
export const [counter, ward, foreign] = ['counter', 'ward', 'foreign bureau'].map(addressOf) as [
  Hex,
  Hex,
  Hex,
]

const DAY = 24 * 60 * 60
const CODES: Readonly<Record<string, Holder>> = {
  landlord: { codeType: '001', code: '91310110MADEM0011Y' },
  tenant: { codeType: '001', code: '91310110MADEM002XN' },
  restaurant: { codeType: '001', code: '91310110MADEM0046H' },
  agent: { codeType: '111', code: '310199199003150014' },
  secondAgent: { codeType: '111', code: '310199199511200030' },
}
const idOf = (name: string): Hex => {
  const { codeType, code } = CODES[name] as Holder
  return holderIdOf(decode0x(hashOf(name)), codeType, code)
}
export const [landlord, tenant, restaurant, agent, secondAgent] = Object.keys(CODES).map(idOf) as [
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
]

/** Cases on a real ledger with a catalogue, parties, certificates and grants, on a chain that the test tells. */
export class CaseScene {
  readonly grants: GrantScene
  readonly catalogue: Catalogue
  readonly certificates: LedgerCertificates
  readonly cases: LedgerCases
  readonly caseRules: CaseRules
  readonly requests: LedgerRequests
  readonly undertakings: LedgerUndertakings
  readonly resolutions: LedgerResolutions
  /** Issues what certificates there are. */
  readonly registry = newKey()
  readonly terms: TermIndex
  /** One for all that answers uses. */
  readonly spent: SpentUses
  /** One for all that answers uses; another after a restart. */
  pending: PendingUses
  /** One for all that answers uses. */
  readonly recorded = new RecordedUses()
  /** One for all that spends materials. */
  readonly singles: SingleUses
  readonly states: StateProofs
  #seeds = 0

  private constructor(
    grants: GrantScene,
    terms: TermIndex,
    catalogue: Catalogue,
    states: StateProofs,
    pending: PendingUses,
  ) {
    this.grants = grants
    this.catalogue = catalogue
    this.terms = terms
    this.states = states
    this.pending = pending
    this.spent = new SpentUses({ ledger: grants.ledger, terms })
    const { ledger, mirror, directory, registries } = grants
    const now = () => grants.time * 1000
    this.certificates = new LedgerCertificates({
      ledger,
      contents: grants.reception,
      terms,
      registries: mirror,
      names: { codeOf: async () => undefined },
      proofs: {
        ofIssue: () => () => [],
        prove: () => {},
        evidence: ({ index }) => ledger.evidence(index),
      },
      typeOf: (code) => getCertificateTypeOn(catalogue, code, catalogue.today()),
      chainId: registries.chainId,
      now,
    })
    this.singles = new SingleUses({
      ledger,
      terms,
      types: catalogue,
      casesWith: (code) => casesWith(code, this.cases),
      promisedTo: (material) => this.pending.caseOf(material),
      now,
    })
    this.cases = new LedgerCases({
      ledger,
      terms,
      catalogue,
      directory,
      departments: {
        isUser: (department) =>
          mirror.departments.accountAs(department, 'user', undefined, grants.time) !== undefined,
        above: (department) => mirror.departments.find(department)?.accreditor,
      },
      now,
    })
    this.caseRules = new CaseRules({ cases: this.cases, catalogue, directory, now })
    this.requests = new LedgerRequests({
      ledger,
      terms,
      cases: this.cases,
      catalogue,
      holders: mirror.holders,
      grants: grants.grants,
      directory,
      registries,
      now,
    })
    this.undertakings = new LedgerUndertakings({
      ledger,
      terms,
      cases: this.cases,
      catalogue,
      directory,
      mirror,
      chain: grants.chain,
      states,
      now,
    })
    this.resolutions = new LedgerResolutions({
      ledger,
      terms,
      cases: this.cases,
      catalogue,
      certificates: this.certificates,
      directory,
      mirror,
      grants: grants.grants,
      requests: this.requests,
      undertakings: this.undertakings,
      mask: (value, sensitivity) => (sensitivity < 'L3' ? value : '***'),
      now,
    })
  }

  static async open(openStore: (folder: string) => Promise<KeyValueStore>): Promise<CaseScene> {
    const scene = await CaseScene.openWithoutMatters(openStore)
    await scene.#publishMatters()
    return scene
  }

  /** Nothing can be applied for. */
  static async openWithoutMatters(
    openStore: (folder: string) => Promise<KeyValueStore>,
  ): Promise<CaseScene> {
    let store: KeyValueStore | undefined
    const grants = await GrantScene.open(async (folder) => (store = await openStore(folder)))
    if (store === undefined) throw new Error('the scene has a store')
    const ring = await KeyRing.open(store, TEST_MASTER_KEY)
    const terms = new TermIndex(store, ring)
    const now = () => grants.time * 1000
    const catalogue = await Catalogue.open({ ledger: grants.ledger, terms, now })
    const { chain } = grants
    const states = new StateProofs({ store, ring, chain, onError: rethrow })
    const pending = new PendingUses(store, ring)
    const scene = new CaseScene(grants, terms, catalogue, states, pending)
    await scene.#populate()
    return scene
  }

  async #populate(): Promise<void> {
    const { directory, landlord: owner, tenant: lessee, agent: person } = this.grants
    await this.grants.mine(
      accredited(bureau, AUTHORITY),
      accredited(counter, AUTHORITY),
      accredited(foreign, AUTHORITY),
      accredited(ward, bureau),
      accredited(this.registry.account, AUTHORITY),
    )
    for (const [name, holder] of Object.entries(CODES))
      await directory.register({
        holder: idOf(name),
        salt: hashOf(name),
        ...holder,
        name,
        registrar: AUTHORITY,
      })
    await this.grants.bind(owner, landlord)
    await this.grants.bind(lessee, tenant)
    await this.grants.bind(person, agent)
    for (const entry of TYPES) await this.publish(entry)
  }

  async #publishMatters(): Promise<void> {
    for (const entry of [MATTER, OTHER_MATTER]) await this.publish(entry)
    const head = { version: 1, from: '2023-01-01', owner: bureau, duty: '一件事' }
    await this.publish({
      kind: 'theme',
      code: 'OPEN_OFFICE',
      ...head,
      name: '开办企业一件事',
      matters: [MATTER.code, OTHER_MATTER.code],
    })
  }

  checks(other: Partial<ChecksParts> = {}): LedgerChecks {
    return new LedgerChecks({ ...this.deciding(), catalogue: this.catalogue, ...other })
  }

  /** All that decides uses and checks; nothing is counted. */
  deciding() {
    const { ledger, mirror, directory, chain } = this.grants
    const { caseRules, certificates, terms, spent, pending, recorded, singles, states } = this
    // No account here is a contract.
    const keysOnly = Object.assign(Object.create(chain) as RegistryChain, {
      isValidSignature: async () => false,
    })
    const { reception } = this.grants
    const now = () => this.grants.time * 1000
    const { catalogue } = this
    const dayOf = async (code: string) => (await this.cases.find(code))?.statement.day ?? TODAY
    const materials = new LedgerMaterials({ ledger, reception, terms, now })
    return {
      ledger,
      terms,
      materials,
      subjects: new Subjects({ certificates, materials, directory, catalogue, dayOf }),
      caseRules,
      singles,
      certificates,
      mirror,
      chain: keysOnly,
      acts: { record: () => Promise.reject(new TypeError('nothing is counted')) },
      directory,
      masking: new UseMasking({ catalogue, dayOf }),
      nameOfMatter: async (matter: string, code: string) =>
        catalogue.find('matter', matter, await dayOf(code))?.name,
      // Nothing here is drawn on.
      maker: { draw: async () => undefined },
      states,
      spent,
      pending,
      recorded,
      now,
    }
  }

  publish(entry: CatalogueEntry) {
    return this.catalogue.publish(entry, { name: `department ${bureau}`, department: bureau })
  }

  opening(changes: Partial<CaseOpening> = {}): CaseOpening {
    const asksOfLandlord = changes.matter?.code !== OTHER_MATTER.code
    return {
      case: CASE,
      matter: { code: MATTER.code },
      applicant: tenant,
      ...(asksOfLandlord && { parties: { LANDLORD: [landlord] } }),
      channel: 'counter',
      fields: { newAddress: ADDRESS },
      ...changes,
    }
  }

  openCase(changes: Partial<CaseOpening> = {}, by = counter) {
    return this.cases.open(this.opening(changes), by)
  }

  resolve(asked?: Parameters<LedgerResolutions['ofCase']>[2]) {
    return this.resolutions.ofCase(CASE, bureau, asked)
  }

  /** A material of somebody by name, as the bank logs it. */
  async deposit(
    id: string,
    type: string,
    changes: Partial<MaterialSubmitted> & { by?: string } = {},
  ): Promise<number> {
    const { by = 'tenant', ...said } = changes
    const holder = CODES[by]
    const statement = { ...testStatement(id, type), ...(holder && { holder }), ...said }
    const found = foundBy(statement, { holdsContent: true, isUndecided: true })
    const { index } = await this.grants.ledger.append({
      statement,
      writes: (at) => this.terms.writesOf(found, at),
    })
    return index
  }

  async withdraw(material: string, index: number): Promise<void> {
    await this.grants.ledger.append({
      statement: {
        v: 1,
        id: withdrawalIdOf(material),
        kind: 'material.withdrawn',
        material,
        index,
        reason: '有误',
        by: 'tester',
      },
    })
  }

  async erase(material: string, index: number): Promise<void> {
    await this.grants.ledger.append({
      statement: {
        v: 1,
        id: `erasure-${material}`,
        kind: 'material.erased',
        material,
        index,
        reason: '依申请',
        legalBasis: '个人信息保护法第四十七条',
        by: 'tester',
      },
      erases: { index, location: undefined },
    })
  }

  async issue(
    type: string,
    holders: readonly Hex[],
    fields: Parameters<typeof draftOf>[2] = {},
  ): Promise<string> {
    const draft = draftOf(type, this.registry.account, { ...fields, holders: [...holders] })
    return (await this.certificates.issue(await issueBy(this.registry, draft))).id
  }

  /** All of a grant, as whoever received it passes it on. */
  async passOn(by: Wallet, grant: Hex, grantee: Hex, { depth = 0 } = {}): Promise<Hex> {
    const { grants } = this.grants
    const { chain: above = [] } = await grants.get(grant)
    const { items, purposes, notAfter, uses } = above.at(-1) as Grant
    const preview = await grants.preview({
      draft: { grantee, items, purposes, notAfter, depth, uses },
      above,
      lists: { view: await grants.viewOf(grant) },
      reader: this.grants.reader(by),
    })
    const act = this.grants.granting(by, preview.chain)
    const wait = AbortSignal.timeout(5_000)
    return (await grants.register(act, { view: preview.view, wait })).grant
  }

  /** Signed and registered, with what it opens. */
  async grant(
    by: Wallet,
    terms: {
      holder: Hex
      items: ScopeItem[]
      purposes?: ScopePurpose[]
      grantee?: Hex
      notAfter?: number
      depth?: number
      uses?: number
    },
  ): Promise<Hex> {
    const { act, view } = await this.#signed(by, terms)
    const wait = AbortSignal.timeout(5_000)
    const { grant } = await this.grants.grants.register(act, { view, wait })
    return grant
  }

  /** As the bureau asks a holder for what the ledger proposes. */
  ask({ draft, ...asked }: GrantProposal) {
    const { notAfter, uses, depth } = draft
    const asker = { grantee: bureau, department: bureau, isOneOf: () => false }
    return this.requests.make({ ...asked, case: CASE, notAfter, uses, depth }, asker)
  }

  /** A holder is asked for all of it, and answers with so many of its fields. */
  async askAndNarrow(by: Wallet, proposal: GrantProposal, fields: readonly string[]): Promise<Hex> {
    const { id } = await this.ask(proposal)
    const { holder, notAfter, uses, depth } = proposal.draft
    const items = proposal.items.map((item) => ({ ...item, fields: [...fields] }))
    const { purposes } = proposal
    const terms = { holder, items, purposes, notAfter, depth, uses }
    const { act, view } = await this.#signed(by, terms)
    const wait = AbortSignal.timeout(5_000)
    return (await this.requests.approve(id, act, { view, wait })).grant
  }

  async #signed(by: Wallet, terms: Parameters<CaseScene['grant']>[1]) {
    const { holder, items, purposes = [{ matter: MATTER.code, department: bureau }] } = terms
    const { grantee = bureau, notAfter = NOW + DAY, depth = 0, uses = 0 } = terms
    const seed = String(++this.#seeds).padStart(64, '0')
    const document = { v: 1 as const, seed, items, purposes }
    const preview = await this.grants.grants.preview({
      draft: {
        grantor: accountOf(by),
        grantee,
        holder,
        scope: scopeOf(document),
        items: firstBits(items.length),
        purposes: firstBits(purposes.length),
        notAfter,
        depth,
        uses,
      },
      above: [],
      lists: { document },
      reader: this.grants.reader(by),
    })
    if (preview.view === undefined) throw new Error('the lists hold what is granted')
    return { act: this.grants.granting(by, preview.chain), view: preview.view }
  }

  /** Somebody by name once more, under another id, by which no account acts yet. */
  async registerAgain(name: string): Promise<Hex> {
    const salt = hashOf(`${name} again`)
    const { codeType, code } = CODES[name] as Holder
    const holder = holderIdOf(decode0x(salt), codeType, code)
    const registration = { holder, salt, codeType, code, name, registrar: bureau }
    await this.grants.directory.register(registration)
    return holder
  }

  /** As the holder signs what the ledger proposes. */
  accept(by: Wallet, { items, purposes, draft }: GrantProposal): Promise<Hex> {
    const { holder, grantee, notAfter, depth, uses } = draft
    return this.grant(by, { holder, items, purposes, grantee, notAfter, depth, uses })
  }

  close(): Promise<void> {
    return this.grants.close()
  }
}

function firstBits(count: number): Hex {
  return mask(...Array.from({ length: count }, (_, bit) => bit))
}

function rethrow(error: unknown): never {
  throw error
}
