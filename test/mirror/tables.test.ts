import { expect } from 'chai'
import type { RegistryMirror } from '../../node/mirror/openMirror.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { addressOf, hashOf, ScriptedRegistryChain } from '../support/registryChain.ts'
import * as scene from './scene.ts'

const { AUTHORITY, CITY, DISTRICT, HOLDER, LICENCE } = scene
const ISSUER = 1 << 1
const [OLD, NEW] = [addressOf('old account'), addressOf('new account')]
const [ROOT, CHILD, LEAF] = [hashOf('root'), hashOf('child'), hashOf('leaf')]

describe('what the mirror records', () => {
  let chain: ScriptedRegistryChain
  let mirror: RegistryMirror

  beforeEach(async () => {
    chain = new ScriptedRegistryChain()
    chain.mine(scene.authorized())
    chain.mine(scene.accredited(CITY, AUTHORITY), scene.accredited(DISTRICT, CITY))
    mirror = await scene.open({ chain, store: new MemoryKeyValueStore() })
  })

  const world = async () => {
    await scene.follow(mirror)
    return mirror.world(mirror.block?.timestamp ?? 0)
  }

  describe('of departments', () => {
    it('knows who accredited whom, and the authority', async () => {
      await scene.follow(mirror)
      expect(mirror.departments.authority()).to.equal(AUTHORITY)
      expect(mirror.departments.find(AUTHORITY)?.accreditor).to.equal(undefined)
      expect(mirror.departments.find(DISTRICT)).to.deep.include({
        department: DISTRICT,
        accreditor: CITY,
        rights: scene.ALL_RIGHTS,
        standing: 0,
        account: DISTRICT,
        types: [],
      })
      expect(mirror.departments.find(DISTRICT)?.accredited).to.deep.include({
        block: 2,
        logIndex: 1,
      })
      expect(mirror.departments.find(addressOf('stranger'))).to.equal(undefined)
      const { items } = await mirror.departments.below(CITY, { limit: 10 })
      expect(items.map(({ department }) => department)).to.deep.equal([DISTRICT])
    })

    it('lists a new department once, however often its terms change', async () => {
      chain.mine(scene.accredited(DISTRICT, CITY, { rights: ISSUER }))
      await scene.follow(mirror)
      const { items } = await mirror.departments.below(CITY, { limit: 10 })
      expect(items.map(({ rights }) => rights)).to.deep.equal([ISSUER])
    })

    it('tells what was accredited at any time, and of a time to come as of now', async () => {
      const narrowed = chain.mine(scene.accredited(DISTRICT, CITY, { rights: 0 }))
      await scene.follow(mirror)
      const may = (at: number) => mirror.departments.isAccredited(DISTRICT, 'issuer', undefined, at)
      expect(may(narrowed.timestamp - 1)).to.equal(true)
      expect(may(narrowed.timestamp)).to.equal(false)
      expect(may(narrowed.timestamp + 1_000_000)).to.equal(false)
      expect(may(0)).to.equal(false)
      expect(mirror.departments.isAccredited(AUTHORITY, 'issuer', undefined, 0)).to.equal(false)
      expect(
        mirror.departments.isAccredited(AUTHORITY, 'issuer', undefined, narrowed.timestamp),
      ).to.equal(true)
    })

    it('applies the standing of a department to all below it, while it lasts', async () => {
      const suspended = chain.mine(scene.stood(CITY, 1))
      expect((await world()).accountAs(DISTRICT, 'user')).to.equal(undefined)
      const resumed = chain.mine(scene.stood(CITY, 0))
      expect((await world()).accountAs(DISTRICT, 'user')).to.equal(DISTRICT)
      const may = (at: number) => mirror.departments.isAccredited(DISTRICT, 'user', undefined, at)
      expect(may(suspended.timestamp)).to.equal(false)
      expect(may(resumed.timestamp)).to.equal(true)
    })

    it('keeps the standing when terms change, and the terms when standing does', async () => {
      chain.mine(scene.stood(CITY, 1), scene.accredited(CITY, AUTHORITY, { rights: 3 }))
      await scene.follow(mirror)
      expect(mirror.departments.find(CITY)).to.deep.include({ standing: 1, rights: 3 })
      chain.mine(scene.stood(CITY, 0))
      await scene.follow(mirror)
      expect(mirror.departments.find(CITY)).to.deep.include({ standing: 0, rights: 3 })
    })

    it('keeps the window', async () => {
      chain.mine(scene.accredited(CITY, AUTHORITY, { notBefore: 5, notAfter: 2_000_000_000 }))
      await scene.follow(mirror)
      const { departments } = mirror
      expect(departments.isAccredited(CITY, 'user', undefined, 2_000_000_000)).to.equal(true)
      expect(departments.isAccredited(CITY, 'user', undefined, 2_000_000_001)).to.equal(false)
    })

    it('remembers the periods of a certificate type', async () => {
      const rights = ISSUER
      const first = chain.mine(
        scene.accredited(DISTRICT, CITY, { rights }),
        scene.permitted(DISTRICT),
      )
      const ended = chain.mine(scene.permitted(DISTRICT, false))
      await scene.follow(mirror)
      expect(mirror.departments.find(DISTRICT)?.types).to.deep.equal([])
      const again = chain.mine(scene.permitted(DISTRICT))
      await scene.follow(mirror)
      expect(mirror.departments.find(DISTRICT)?.types).to.deep.equal([LICENCE])
      const may = ({ timestamp }: { timestamp: number }) =>
        mirror.departments.isAccredited(DISTRICT, 'issuer', LICENCE, timestamp)
      expect([first, ended, again].map(may)).to.deep.equal([true, false, true])
      expect(mirror.departments.accountAs(DISTRICT, 'issuer', hashOf('another type'))).to.equal(
        undefined,
      )
    })

    it('follows a department from account to account', async () => {
      const first = chain.mine(scene.rekeyed(CITY, OLD))
      const second = chain.mine(scene.rekeyed(CITY, NEW), scene.rekeyed(DISTRICT, NEW))
      expect((await world()).accountOf(CITY)).to.equal(NEW)
      expect((await world()).accountAs(CITY, 'user')).to.equal(NEW)
      const { departments } = mirror
      expect(departments.accountOfAt(CITY, first.timestamp - 1)).to.equal(CITY)
      expect(departments.accountOfAt(CITY, second.timestamp - 1)).to.equal(OLD)
      expect(departments.accountOfAt(CITY, second.timestamp)).to.equal(NEW)
      expect(departments.ofAccount(NEW)).to.deep.equal([CITY, DISTRICT])
      expect(departments.ofAccount(OLD)).to.deep.equal([])
      expect(departments.ofAccount(CITY)).to.deep.equal([])
      expect(departments.accountOf(addressOf('stranger'))).to.equal(addressOf('stranger'))
    })
  })

  describe('of holders', () => {
    it('keeps bindings with their history', async () => {
      const first = chain.mine(scene.bound(OLD))
      const ended = chain.mine(scene.released(OLD))
      const second = chain.mine(scene.bound(NEW), scene.bound(OLD))
      const now = await world()
      expect(now.bindingOf(HOLDER, OLD)).to.deep.equal({
        from: second.timestamp,
        until: 0,
        grantsEndedAt: 0,
      })
      expect(now.bindingOf(HOLDER, CITY)).to.deep.equal({ from: 0, until: 0, grantsEndedAt: 0 })
      expect(mirror.holders.registrarOf(HOLDER)).to.equal(CITY)
      const [old, fresh] = mirror.holders.accountsOf(HOLDER)
      expect([old?.account, fresh?.account]).to.deep.equal([OLD, NEW])
      expect(old?.periods.map(({ from, until }) => [from, until])).to.deep.equal([
        [first.timestamp, ended.timestamp],
        [second.timestamp, 0],
      ])
      expect(old?.periods[0]?.bound.blockHash).to.equal(first.hash)
      const wasBound = (at: number) => mirror.holders.isBoundAt(HOLDER, OLD, at)
      expect(wasBound(ended.timestamp - 1)).to.equal(true)
      expect(wasBound(ended.timestamp)).to.equal(false)
      expect(wasBound(second.timestamp)).to.equal(true)
    })

    it('ends the grants of an account with its release, or later, and keeps that', async () => {
      chain.mine(scene.bound(OLD))
      const ended = chain.mine(scene.released(OLD))
      const late = chain.mine(scene.released(OLD, true))
      expect((await world()).bindingOf(HOLDER, OLD)).to.deep.include({
        until: ended.timestamp,
        grantsEndedAt: late.timestamp,
      })
      chain.mine(scene.bound(OLD))
      expect((await world()).bindingOf(HOLDER, OLD)).to.deep.include({
        until: 0,
        grantsEndedAt: late.timestamp,
      })
    })

    it('lists the holders of an account while it is bound', async () => {
      const others = ['a', 'b', 'c'].map(hashOf)
      chain.mine(...others.map((holder) => scene.bound(OLD, holder)))
      chain.mine(scene.released(OLD, false, others[1]))
      await scene.follow(mirror)
      const { items } = await mirror.holders.holdersOf(OLD, { limit: 10 })
      expect(items).to.have.members([others[0], others[2]])
    })
  })

  describe('of certificates', () => {
    it('keeps every change, and tells the status at any time', async () => {
      const certificate = hashOf('certificate')
      const first = chain.mine(scene.statusChanged(certificate, 2))
      const second = chain.mine(
        scene.statusChanged(certificate, 1),
        scene.statusChanged(certificate, 7),
      )
      expect((await world()).statusOf(certificate)).to.equal(7)
      const { certificates } = mirror
      expect(certificates.statusOf(hashOf('unknown'))).to.equal(0)
      expect(certificates.statusAt(certificate, first.timestamp - 1)).to.equal(0)
      expect(certificates.statusAt(certificate, second.timestamp - 1)).to.equal(2)
      expect(certificates.statusAt(certificate, second.timestamp)).to.equal(7)
      const changes = certificates.changesOf(certificate)
      expect(changes.map(({ status }) => status)).to.deep.equal([2, 1, 7])
      expect(changes[0]).to.deep.equal({
        status: 2,
        issuer: CITY,
        recorded: {
          block: first.number,
          blockHash: first.hash,
          time: first.timestamp,
          transaction: chain.past.at(-3)?.transaction,
          logIndex: 0,
        },
      })
    })
  })

  describe('of grants', () => {
    beforeEach(() => {
      chain.mine(scene.registered(ROOT), scene.registered(CHILD, ROOT))
      chain.mine(scene.registered(LEAF, CHILD))
    })

    it('counts a use at the hops that counted it, and remembers it at the last', async () => {
      const [once, twice] = [hashOf('once'), hashOf('twice')]
      chain.mine(scene.used(LEAF, once, { counted: 0b101 }))
      chain.mine(scene.used(CHILD, twice, { counted: 0b10 }))
      const now = await world()
      expect([ROOT, CHILD, LEAF].map((id) => now.stateOf(id).used)).to.deep.equal([1, 1, 1])
      const last = [ROOT, CHILD, LEAF].map((id) => now.stateOf(id).lastUse)
      expect(last).to.deep.equal([`0x${'0'.repeat(32)}`, twice.slice(0, 34), once.slice(0, 34)])
      expect(mirror.grants.findUse(once)).to.deep.include({ grant: LEAF, user: CITY, counted: 5 })
      expect(mirror.grants.findUse(hashOf('never'))).to.equal(undefined)
      const { items } = await mirror.grants.usesOf(LEAF, { limit: 10 })
      expect(items.map(({ useId }) => useId)).to.deep.equal([once])
    })

    it('ends a grant, also one that was never registered', async () => {
      const unknown = hashOf('unknown')
      const ended = chain.mine(scene.revoked(CHILD), scene.revoked(unknown))
      const now = await world()
      expect(now.stateOf(CHILD)).to.deep.include({ revokedAt: ended.timestamp })
      expect(now.stateOf(unknown)).to.deep.equal({
        registeredAt: 0,
        revokedAt: ended.timestamp,
        used: 0,
        lastUse: `0x${'0'.repeat(32)}`,
      })
      expect(mirror.grants.find(unknown)).to.equal(undefined)
      expect(mirror.grants.find(CHILD)?.revocation?.recorded.blockHash).to.equal(ended.hash)
      expect(now.stateOf(hashOf('nothing')).registeredAt).to.equal(0)
    })

    it('finds a grant by its parent, its holder and its grantee', async () => {
      await scene.follow(mirror)
      const { grants } = mirror
      expect(grants.find(CHILD)).to.deep.include({ grant: CHILD, parent: ROOT, holder: HOLDER })
      expect(grants.find(ROOT)?.parent).to.equal(undefined)
      const ids = async (page: ReturnType<typeof grants.childrenOf>) =>
        (await page).items.map(({ grant }) => grant)
      expect(await ids(grants.childrenOf(ROOT, { limit: 10 }))).to.deep.equal([CHILD])
      expect(await ids(grants.childrenOf(LEAF, { limit: 10 }))).to.deep.equal([])
      const all = [ROOT, CHILD, LEAF]
      expect(await ids(grants.ofHolder(HOLDER, { limit: 10 }))).to.deep.equal(all)
      expect(await ids(grants.to(addressOf('grantee'), { limit: 10 }))).to.deep.equal(all)
    })

    it('pages both ways, and refuses a cursor that is none', async () => {
      await scene.follow(mirror)
      const collect = async (newestFirst: boolean) => {
        const found = []
        for (let cursor: string | undefined; ;) {
          const page = await mirror.grants.ofHolder(HOLDER, { limit: 1, cursor, newestFirst })
          found.push(...page.items.map(({ grant }) => grant))
          if (page.next === undefined) return found
          cursor = page.next
        }
      }
      expect(await collect(false)).to.deep.equal([ROOT, CHILD, LEAF])
      expect(await collect(true)).to.deep.equal([LEAF, CHILD, ROOT])
      for (const cursor of ['', '../e', 'G', '0'.repeat(65)])
        expect(await codeOf(mirror.grants.ofHolder(HOLDER, { limit: 1, cursor }))).to.equal(
          'CURSOR_MALFORMED',
        )
    })

    it('keeps epochs', async () => {
      chain.mine(scene.bumped(OLD, 1), scene.bumped(OLD, 2))
      const now = await world()
      expect([now.epochOf(OLD), now.epochOf(NEW)]).to.deep.equal([2, 0])
    })
  })
})
