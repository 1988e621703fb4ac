import type { Wallet } from 'ethers'
import type { CaseOpening } from '../../../node/cases/cases.ts'
import type { RegistryChain } from '../../../node/chain/registries.ts'
import { hashAct } from '../../../node/core/acts/typedData.ts'
import { Matter } from '../../../node/core/catalogue/matter.ts'
import { decode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { holderIdOf } from '../../../node/core/parties/holder.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import type { Undertaken } from '../../../node/core/undertakings/compose.ts'
import type { Undertaking } from '../../../node/core/undertakings/undertaking.ts'
import { LedgerUndertakings } from '../../../node/undertakings/ledgerUndertakings.ts'
import type { UndertakingCheck } from '../../../node/undertakings/undertakings.ts'
import type { KeyValueStore } from '../../../node/store/keyValueStore.ts'
import { addressOf as accountOf } from '../../chain/support/registryScene.ts'
import { hashOf } from '../../support/registryChain.ts'
import { bureau, CASE, CaseScene, counter, landlord, tenant } from '../../cases/support/scene.ts'

const required = { necessity: 'required', maxGrantDepth: 0 }

/** Takes an undertaking for three materials, and for the fourth none. */
export const PLEDGED = Matter.parse({
  kind: 'matter',
  code: 'PREMISES',
  version: 1,
  from: '2023-01-01',
  owner: bureau,
  duty: '住所登记',
  name: '住所（经营场所）申报',
  level: 'DISTRICT',
  serviceTarget: 'BOTH',
  crossRegion: false,
  materials: [
    { material: 'PLEDGE', holder: 'APPLICANT', exemption: 'commitment', ...required },
    {
      material: 'PLEDGE',
      holder: 'LANDLORD',
      exemption: 'commitment',
      undertaking: { text: '本人承诺：该房屋可用于经营。' },
      ...required,
    },
    {
      material: 'LEASE',
      holder: 'APPLICANT',
      exemption: 'commitment',
      undertaking: { days: 30 },
      ...required,
    },
    { material: 'ARTICLES', holder: 'APPLICANT', exemption: 'reuse', ...required },
  ],
  rules: [],
  agency: { allowed: true, maxDepth: 2, kinds: ['111'] },
})

export const OTHER_CASE = '001900000100002'
export const BROKEN: UndertakingCheck = {
  result: 'broken',
  reason: '现场核查与承诺不符',
  officer: '王科员',
}
export const KEPT: UndertakingCheck = { ...BROKEN, result: 'kept', reason: '已补正' }

/** Undertakings on a real ledger with cases, parties and a catalogue. */
export class UndertakingScene {
  readonly cases: CaseScene
  readonly undertakings: LedgerUndertakings
  /** Contract accounts, with the signature that each takes. */
  readonly contracts = new Map<Hex, Hex>()

  private constructor(cases: CaseScene) {
    this.cases = cases
    const { ledger, mirror, directory, chain } = cases.grants
    const { terms, catalogue, states } = cases
    const withContracts = Object.assign(Object.create(chain) as RegistryChain, {
      isValidSignature: async (account: Hex, _: Uint8Array, signature: Hex) =>
        this.contracts.get(account) === signature,
    })
    this.undertakings = new LedgerUndertakings({
      ledger,
      terms,
      cases: cases.cases,
      catalogue,
      directory,
      mirror,
      chain: withContracts,
      states,
      now: () => cases.grants.time * 1000,
    })
  }

  static async open(
    openStore: (folder: string) => Promise<KeyValueStore>,
  ): Promise<UndertakingScene> {
    const cases = await CaseScene.open(openStore)
    await cases.publish(PLEDGED)
    const scene = new UndertakingScene(cases)
    await scene.openCase()
    return scene
  }

  get registries(): Registries {
    return this.cases.grants.registries
  }

  openCase(changes: Partial<CaseOpening> = {}) {
    return this.cases.openCase({ matter: { code: PLEDGED.code }, ...changes })
  }

  get tenant(): Wallet {
    return this.cases.grants.tenant
  }

  /** As the tenant undertakes for itself. */
  what(changes: Partial<Undertaken> = {}): Undertaken {
    const account = accountOf(this.tenant)
    return {
      holder: tenant,
      by: tenant,
      account,
      material: 'PLEDGE',
      role: 'APPLICANT',
      ...changes,
    }
  }

  /** As the landlord does. */
  landlords(): Undertaken {
    const account = accountOf(this.cases.grants.landlord)
    return this.what({ holder: landlord, by: landlord, account, role: 'LANDLORD' })
  }

  draft(changes: Partial<Undertaken> = {}, code = CASE): Promise<Undertaking> {
    return this.undertakings.draft(code, this.what(changes))
  }

  sign(message: Undertaking, by = this.tenant, registries = this.registries): Hex {
    const digest = hashAct({ type: 'Undertaking', message }, registries)
    return by.signingKey.sign(digest).serialized as Hex
  }

  /** What is drafted, then changed, then signed. */
  async signed(
    changes: Partial<Undertaking> = {},
    {
      by = this.tenant,
      of = {},
      code = CASE,
    }: {
      by?: Wallet
      of?: Partial<Undertaken>
      code?: string
    } = {},
  ) {
    const undertaking = { ...(await this.draft(of, code)), ...changes }
    return { undertaking, signature: this.sign(undertaking, by) }
  }

  async given(of: Partial<Undertaken> = {}, by = this.tenant, code = CASE): Promise<string> {
    return (await this.undertakings.give(await this.signed({}, { by, of, code }))).id
  }

  /** The case comes to its decision. */
  async decide(code = CASE): Promise<void> {
    const { cases } = this.cases
    await cases.stage(code, { stage: 'accepted' }, counter)
    await cases.stage(code, { stage: 'reviewed' }, bureau)
    await cases.stage(code, { stage: 'decided', outcome: 'granted' }, bureau)
  }

  /** Of a material that the case asks for, how its resolution sees it. */
  async seen(material = 'PLEDGE', holder = 'APPLICANT', code = CASE) {
    const { materials, figures, complete } = await this.cases.resolutions.ofCase(code, bureau)
    const found = materials.find((one) => one.material === material && one.holder === holder)
    if (found === undefined) throw new Error('the matter asks for it')
    const { way, state, undertaking, closed } = found
    return { way, state, undertaking, closed, figures, complete }
  }

  /** The tenant once more, under another holder id, by the same account. */
  async secondId() {
    const { grants } = this.cases
    const salt = hashOf('tenant again')
    const code = { codeType: '001', code: '91310110MADEM002XN' } as const
    const ids = holderIdOf(decode0x(salt), code.codeType, code.code)
    const registrar = bureau
    await grants.directory.register({ holder: ids, salt, ...code, name: 'tenant', registrar })
    await grants.bind(this.tenant, ids)
    return { ids, account: accountOf(this.tenant) }
  }

  /** Days go by. */
  later(days: number): void {
    this.cases.grants.time += days * 24 * 60 * 60
  }

  close(): Promise<void> {
    return this.cases.close()
  }
}
