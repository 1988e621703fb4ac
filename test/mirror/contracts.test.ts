import { Contract, JsonRpcProvider } from 'ethers'
import { expect } from 'chai'
import * as fc from 'fast-check'
import certificateRegistry from '../../node/chain/artifacts/CertificateRegistry.json' with { type: 'json' }
import grantRegistry from '../../node/chain/artifacts/GrantRegistry.json' with { type: 'json' }
import partyRegistry from '../../node/chain/artifacts/PartyRegistry.json' with { type: 'json' }
import type { Hex } from '../../node/chain/chain.ts'
import type { SignedAct } from '../../node/core/acts/acts.ts'
import type { Grant } from '../../node/core/grants/grant.ts'
import { ROLES } from '../../node/core/parties/roles.ts'
import type { RegistryMirror } from '../../node/mirror/openMirror.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { addressOf, LICENCE, newAccount, RegistryScene } from '../chain/support/registryScene.ts'
import { suiteAnvil } from '../chain/support/suiteAnvil.ts'
import * as scene from './scene.ts'

const NO_TYPE: Hex = `0x${'0'.repeat(64)}`
const ASKED = [
  ['issuer', LICENCE],
  ['user', undefined],
] as const
/** Seconds that pass before an act, at times. */
const LATER = 100

describe('the mirror beside the contracts', function () {
  this.timeout(120_000)
  const anvil = suiteAnvil()

  it('answers what they answer, whatever was done', async () => {
    const choice = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    await fc.assert(
      fc.asyncProperty(fc.array(choice, { minLength: 40, maxLength: 40 }), async (choices) => {
        const s = await RegistryScene.open(anvil.current)
        const provider = new JsonRpcProvider(anvil.current.embedded.url)
        try {
          const acting = new Acting(s)
          await s.populate()
          await acting.grantAndUse()
          const mirror = await scene.open({ chain: s.chain, store: new MemoryKeyValueStore() })
          for (const [position, one] of choices.entries()) {
            if (position % 5 === 0) await anvil.current.call('evm_increaseTime', LATER)
            await acting.act(one)
            if (position % 8 === 0) await scene.follow(mirror)
          }
          await scene.follow(mirror)
          expect(mirror.status().rebuilds).to.equal(0)
          await compare(mirror, acting, provider)
        } finally {
          provider.destroy()
          await s.close()
        }
      }),
      { numRuns: 2 },
    )
  })
})

/** Does one thing after another; what the contracts refuse is left out. */
class Acting {
  readonly s: RegistryScene
  readonly district = newAccount()
  readonly spare = newAccount()
  readonly chains: Grant[][] = []
  readonly uses = new Map<Hex, number>()
  #statuses = 0
  #epoch = 0

  constructor(s: RegistryScene) {
    this.s = s
  }

  async act(choice: number): Promise<void> {
    const act = this.#choose(choice)
    try {
      await this.#record(act)
    } catch {
      // Another act takes the nonce that was meant for it.
      if ('nonce' in act.message)
        await this.s.relay(this.s.accreditation(this.district, { nonce: act.message.nonce }))
    }
  }

  async #record(act: SignedAct): Promise<void> {
    await this.s.relay(act)
    if (act.type === 'StatusChange') this.#statuses++
    if (act.type === 'EpochBump') this.#epoch++
    if (act.type === 'Grant') this.chains.push(act.chain)
    if (act.type === 'Use') this.uses.set(act.message.grant, act.message.sequence + 1)
  }

  /** So that there is something of every kind, whatever follows. */
  async grantAndUse(): Promise<void> {
    await this.#record(this.#grant(1))
    await this.#record(this.#pass(this.chains[0] as Grant[], 1))
    await this.#record(this.#use(this.chains[1] as Grant[]))
    await this.#record(this.s.status(2, this.#statuses))
  }

  #choose(choice: number): SignedAct {
    const { s, district, spare } = this
    let left = choice
    const pick = <Item>(items: readonly Item[]): Item => {
      const item = items[left % items.length] as Item
      left = Math.floor(left / items.length)
      return item
    }
    const department = () => pick([s.bureau, district])
    const account = () => addressOf(pick([s.landlord, s.tenant]))
    const terms = () => ({
      rights: pick([63, 63, 8, 2]),
      notAfter: pick([scene.OPEN_END, scene.OPEN_END, 1e9]),
    })
    const acts: (() => SignedAct)[] = [
      () => s.accreditation(department(), terms()),
      () => s.types(department(), pick([true, false])),
      () => s.standing(department(), pick([0, 0, 1])),
      () => s.rekeying(department(), pick([spare, s.bureau])),
      () => s.binding(account()),
      () => s.release(account(), pick([true, false])),
      () => s.status(pick([1, 2, 6]), this.#statuses),
      () => s.epochBump(s.tenant, this.#epoch + 1),
      () => this.#grant(choice),
    ]
    const chains = this.chains
    if (chains.length > 0)
      acts.push(
        () => s.revocation(s.landlord, pick(chains)),
        () => this.#pass(pick(chains), choice),
        () => this.#use(pick(chains)),
        () => this.#use(pick(chains)),
        () => this.#use(pick(chains)),
      )
    return pick(acts)()
  }

  #grant(choice: number): SignedAct {
    const salt: Hex = `0x${choice.toString(16).padStart(64, '0')}`
    const root = this.s.root({ salt, uses: choice % 2 === 0 ? 0 : 3 })
    return this.s.grant(this.s.landlord, [root])
  }

  #pass(chain: Grant[], choice: number): SignedAct {
    const root = chain[0] as Grant
    const uses = root.uses === 0 ? 0 : 1 + (choice % 3)
    return this.s.grant(this.s.tenant, [root, this.s.child(root, { uses, epoch: this.#epoch })])
  }

  #use(chain: Grant[]): SignedAct {
    const sequence = this.uses.get(this.s.idOf(chain.at(-1) as Grant)) ?? 0
    return this.s.use(chain, { sequence }, chain.length === 1 ? this.s.tenant : undefined)
  }
}

/** Every view there is, over all that was acted on. */
async function compare(
  mirror: RegistryMirror,
  { s, district, spare, chains }: Acting,
  provider: JsonRpcProvider,
): Promise<void> {
  const { registries } = s
  const contract = (address: Hex, { abi }: { abi: readonly unknown[] }) => {
    const opened = new Contract(address, JSON.stringify(abi), provider)
    return (view: string, ...args: unknown[]) => opened.getFunction(view).staticCall(...args)
  }
  const parties = contract(registries.parties, partyRegistry)
  const certificates = contract(registries.certificates, certificateRegistry)
  const grants = contract(registries.grants, grantRegistry)
  const events = await s.chain.events(0, mirror.block?.number ?? 0)
  const stamps = [...new Set(events.map(({ block }) => block.timestamp))]
  const times = [0, ...stamps.flatMap((time) => [time - 1, time]), (stamps.at(-1) ?? 0) + 9]
  const world = mirror.world(mirror.block?.timestamp ?? 0)
  const departments = [s.authority, s.bureau, district, spare].map(addressOf)
  const accounts = [s.landlord, s.tenant].map(addressOf)

  await Promise.all([
    ...departments.flatMap((department) => [
      same(
        `account of ${department}`,
        world.accountOf(department),
        lower(parties('accountOf', department)),
      ),
      ...times.flatMap((at) => [
        same(
          `account of ${department} at ${at}`,
          mirror.departments.accountOfAt(department, at),
          lower(parties('accountOfAt', department, at)),
        ),
        ...ASKED.map(([role, type]) =>
          same(
            `${department} as ${role} of ${type} at ${at}`,
            mirror.departments.isAccredited(department, role, type, at),
            parties('isAccredited', department, ROLES.indexOf(role), type ?? NO_TYPE, at),
          ),
        ),
      ]),
    ]),
    ...accounts.flatMap((account) => [
      same(
        `binding of ${account}`,
        Object.values(world.bindingOf(s.holder, account)),
        numbersIn(parties('bindingOf', s.holder, account)),
      ),
      same(`epoch of ${account}`, world.epochOf(account), grants('epochOf', account).then(Number)),
      ...times.map((at) =>
        same(
          `${account} bound at ${at}`,
          mirror.holders.isBoundAt(s.holder, account, at),
          parties('isBoundAt', s.holder, account, at),
        ),
      ),
    ]),
    same(
      'registrar',
      mirror.holders.registrarOf(s.holder),
      lower(parties('registrarOf', s.holder)),
    ),
    ...events.flatMap((event) => {
      if (event.type !== 'StatusChanged') return []
      const { certificate } = event
      return [
        same(
          'status',
          world.statusOf(certificate),
          certificates('statusOf', certificate).then(Number),
        ),
        same(
          'changes',
          mirror.certificates.changesOf(certificate).length,
          certificates('changesOf', certificate).then(Number),
        ),
        ...times.map((at) =>
          same(
            `status at ${at}`,
            mirror.certificates.statusAt(certificate, at),
            certificates('statusAt', certificate, at).then(Number),
          ),
        ),
      ]
    }),
    ...chains.map(async (chain) => {
      const id = s.idOf(chain.at(-1) as Grant)
      const { registeredAt, revokedAt, used, lastUse } = world.stateOf(id)
      const [registered, revoked, count, last] = (await grants('stateOf', id)) as unknown[]
      expect([registeredAt, revokedAt, used, lastUse], `state of ${id}`).to.deep.equal([
        Number(registered),
        Number(revoked),
        Number(count),
        last,
      ])
    }),
  ])
}

async function same(what: string, ours: unknown, theirs: Promise<unknown>): Promise<void> {
  expect(ours, what).to.deep.equal(await theirs)
}

async function lower(answer: Promise<unknown>): Promise<string> {
  return String(await answer).toLowerCase()
}

async function numbersIn(answer: Promise<unknown>): Promise<number[]> {
  return [...((await answer) as bigint[])].map(Number)
}
