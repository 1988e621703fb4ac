import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { Wallet } from 'ethers'
import { composeUseOf } from '../../../api/client/composeUse.ts'
import type { RegistryChain } from '../../../node/chain/registries.ts'
import type { SignedAct, Use } from '../../../node/core/acts/acts.ts'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { verifyUse } from '../../../node/core/grants/rules.ts'
import type { Question } from '../../../node/core/checks/questions.ts'
import type { Statement } from '../../../node/core/statement.ts'
import type { Authorization, UseRequest } from '../../../node/core/uses/documents.ts'
import { useIdOf } from '../../../node/core/uses/signatures.ts'
import type { CheckRequest } from '../../../node/checks/checks.ts'
import type { LedgerChecks } from '../../../node/checks/ledgerChecks.ts'
import { StateProofs } from '../../../node/states/stateProofs.ts'
import type { WantedState } from '../../../node/states/stateProofs.ts'
import type { KeyValueStore } from '../../../node/store/keyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { LedgerUses } from '../../../node/uses/ledgerUses.ts'
import { PendingUses } from '../../../node/uses/pendingUses.ts'
import { SpentUses } from '../../../node/uses/spentUses.ts'
import { CASE, CaseScene, landlord, tenant } from '../../cases/support/scene.ts'
import { mask } from '../../chain/support/registryScene.ts'
import { MATTER, PROPERTY } from '../../core/resolution/scene.ts'
import { NOW } from '../../grants/support/scene.ts'
import { TEST_MASTER_KEY, TEST_ORIGIN } from '../../support/log.ts'

/** Open as `CASE` is, of the same matter, accepted by the department that asks. */
export const OTHER_CASE = '001900000100002'
export const THIRD_CASE = '001900000100003'

export type AskedFor = Omit<UseRequest, 'authorizations'>
type UseAct = Extract<SignedAct, { type: 'Use' }>

/** Uses and checks of a deed that two hold together, on a real ledger and a chain that counts as the contract does. */
export class UseScene {
  readonly cases: CaseScene
  /** Each use that the chain counted, as often as it did. */
  readonly counts: Hex[] = []
  /** Of the entries, in their order. */
  readonly wanted: (readonly WantedState[])[] = []
  /** Before and after the chain counts: may throw, as when the power fails, or count something else. */
  beforeCount: (use: Hex) => void | Promise<void> = () => {}
  afterCount: (use: Hex) => void = () => {}
  readonly #store: KeyValueStore
  readonly #ring: KeyRing
  uses!: LedgerUses
  checks!: LedgerChecks
  /** Held by landlord and tenant. */
  deed = ''
  #counting: Promise<unknown> = Promise.resolve()

  private constructor(cases: CaseScene, store: KeyValueStore, ring: KeyRing) {
    this.cases = cases
    this.#store = store
    this.#ring = ring
  }

  static async open(openStore: (folder: string) => Promise<KeyValueStore>): Promise<UseScene> {
    let store: KeyValueStore | undefined
    const cases = await CaseScene.open(async (folder) => (store = await openStore(folder)))
    if (store === undefined) throw new Error('the scene has a store')
    const scene = new UseScene(cases, store, await KeyRing.open(store, TEST_MASTER_KEY))
    scene.deed = await cases.issue(PROPERTY, [landlord, tenant])
    for (const code of [CASE, OTHER_CASE, THIRD_CASE])
      await cases.openCase({ case: code }, cases.registry.account)
    scene.restart()
    return scene
  }

  /** What was only in memory is gone. */
  restart(): void {
    const { cases } = this
    const { ledger, reception } = cases.grants
    cases.pending = new PendingUses(this.#store, this.#ring)
    const deciding = cases.deciding()
    const chain = Object.assign(Object.create(deciding.chain) as RegistryChain, {
      simulate: async (act: SignedAct) => this.#judge(act as UseAct),
    })
    const states = new StateProofs({
      store: this.#store,
      ring: this.#ring,
      chain,
      onError: (error) => {
        throw error
      },
    })
    const want = states.want.bind(states)
    states.want = (index, wanted) => {
      this.wanted.push(wanted)
      return want(index, wanted)
    }
    const spent = new SpentUses({ ledger, terms: cases.terms })
    const acts = { record: (act: SignedAct) => this.count(act as UseAct) }
    this.uses = new LedgerUses({ ...deciding, reception, states, chain, acts, spent })
    this.checks = cases.checks({ chain, acts, states, spent })
  }

  /** A grant of the deed to the department that asks. */
  grant(by: 'landlord' | 'tenant', uses = 0, matter = MATTER.code): Promise<Hex> {
    const { grants, registry } = this.cases
    return this.cases.grant(grants[by], {
      holder: by === 'landlord' ? landlord : tenant,
      items: [{ certificateType: PROPERTY, fields: ['location', 'owners'], may: 'copy' }],
      purposes: [{ matter }],
      grantee: registry.account,
      uses,
    })
  }

  asked(change: Partial<AskedFor> = {}): AskedFor {
    const salt = randomBytes(32).toString('hex')
    return {
      subject: { kind: 'certificate', id: this.deed },
      fields: ['location'],
      manner: 'read',
      context: { case: CASE, matter: MATTER.code, officer: '张示例', cause: '变更住所', salt },
      ...change,
    }
  }

  /** As the department signs it. */
  async authorize(
    grant: Hex,
    asked: AskedFor & { readonly questions?: readonly Question[] },
    change: Partial<Use> = {},
  ): Promise<Authorization> {
    const { grants, registry } = this.cases
    const { chain = [] } = await grants.grants.get(grant)
    const { use, openings } = composeUseOf(
      { items: mask(0), purposes: mask(0) },
      {
        ...asked,
        subject: { ...asked.subject, type: PROPERTY },
        user: registry.account,
        origin: TEST_ORIGIN,
        region: undefined,
        chain,
        view: await grants.grants.viewOf(grant),
        sequence: grants.mirror.grants.stateOf(grant).used,
        notAfter: NOW + 600,
      },
      grants.registries,
    )
    const message = { ...use, ...change }
    const wallet = new Wallet(encode0x(registry.key))
    const signature = grants.sign(wallet, { type: 'Use', message })
    return { chain: [...chain], use: message, signature, openings }
  }

  request(asked: AskedFor, ...authorizations: Authorization[]) {
    return this.uses.request({ ...asked, authorizations })
  }

  check(
    { subject, context }: AskedFor,
    questions: CheckRequest['questions'],
    ...authorizations: Authorization[]
  ) {
    return this.checks.ask({ subject, context, questions, authorizations })
  }

  idOf(authorization: Authorization): Hex {
    return useIdOf(authorization, this.cases.grants.registries)
  }

  /** As the relayer brings it to the chain: one after another, and never what the contract refuses. */
  count(act: UseAct): ReturnType<LedgerUsesActs['record']> {
    const counted = this.#counting.then(() => this.#count(act))
    this.#counting = counted.catch(() => {})
    return counted
  }

  /** What answered uses, from the first. */
  async answers(): Promise<Statement[]> {
    const { ledger } = this.cases.grants
    const found: Statement[] = []
    for (let index = 0; index < ledger.size; index++) {
      const { statement } = await ledger.openStatement(index)
      if (['use.released', 'use.checked', 'use.refused'].includes(statement.kind))
        found.push(statement)
    }
    return found
  }

  close(): Promise<void> {
    return this.cases.close()
  }

  async #count(act: UseAct) {
    const { grants } = this.cases
    const { message } = act
    const useId = this.idOf({ use: message } as Authorization)
    await setImmediate()
    await this.beforeCount(useId)
    this.#judge(act)
    const last = act.chain.length - 1
    const counted = act.chain.reduce(
      (bits, { uses }, hop) => (uses !== 0 || hop === last ? bits | (1 << hop) : bits),
      0,
    )
    this.counts.push(useId)
    await grants.mine({
      type: 'GrantUsed',
      grant: message.grant,
      holder: act.chain[0]?.holder as Hex,
      user: message.user,
      useId,
      sequence: message.sequence,
      counted,
    })
    this.afterCount(useId)
    const { number, hash } = await grants.chain.head()
    const { transaction = hash } = grants.mirror.grants.findUse(useId)?.recorded ?? {}
    return { transaction, block: { number, hash } }
  }

  /** As the contract. */
  #judge({ chain, message }: UseAct): void {
    const { mirror, time, registries } = this.cases.grants
    verifyUse(chain, message, mirror.world(time), registries)
  }
}

type LedgerUsesActs = ConstructorParameters<typeof LedgerUses>[0]['acts']

/** The act that counts it. */
export function actOf({ chain, use, signature }: Authorization): UseAct {
  return { type: 'Use', message: use, signature, chain: [...chain] }
}
