import { expect } from 'chai'
import { id, ZeroHash } from 'ethers'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import { encodeHeader } from '../../../node/core/ethereum/header.ts'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Registries } from '../../../node/core/parties/registries.ts'
import { ROLES } from '../../../node/core/parties/roles.ts'
import type { StateProof } from '../../../node/core/stateProof.ts'
import { openProvenState } from '../../../node/core/verify/provenState.ts'
import type { SlotWorld } from '../../../node/core/verify/slotWorld.ts'
import { chainTime, moveTime, openChain } from '../../contracts/chain.ts'
import type { Chain, Deployed, Signer } from '../../contracts/chain.ts'
import { deployGrants, EPOCH_BUMP, grantChain, idOf, USE } from '../../contracts/grants.ts'
import type { Grant, Grants } from '../../contracts/grants.ts'
import {
  ACTS,
  holderId,
  LICENCE,
  NO_TYPE,
  openParties,
  PROPERTY,
  rightsOf,
  ROLE,
  signAct,
} from '../../contracts/parties.ts'
import type { Scene } from '../../contracts/parties.ts'
import { trustOfBlock } from './world.ts'

const DAY = 86_400
const SERIAL = id('a certificate') as Hex
const lower = (text: string) => text.toLowerCase() as Hex

/** Whatever the contracts' views answer, proven slots answer too. */
describe('a world of proven slots beside the contracts', () => {
  let chain: Chain
  let scene: Scene
  let grants: Grants
  let certificates: Deployed<'changeStatus' | 'certificateIdOf' | 'statusAt' | 'statusOf'>
  let registries: Registries
  let people: Signer[]
  let hops: Grant[]
  let certificate: Hex
  let changedAt: number[]
  const holder = holderId('landlord') as Hex

  before(async function () {
    this.timeout(60_000)
    chain = await openChain()
    people = chain.signers
    scene = await openParties(chain)
    grants = await deployGrants(chain, scene)
    certificates = await chain.deploy('CertificateRegistry', [await scene.parties.getAddress()])
    registries = {
      chainId: 31337,
      parties: lower(await scene.parties.getAddress()),
      certificates: lower(await certificates.getAddress()),
      grants: lower(await grants.getAddress()),
    }
    await actParties()
    await actCertificates()
    await actGrants()
  })

  const person = (i: number) => people[i] as Signer

  /** authority 0 → city 1 → district 2 → bureau 3 and counter 4; 5 suspended, 6 withdrawn, both under 1; 7 under 6. */
  async function actParties(): Promise<void> {
    const now = await chainTime(chain)
    await scene.accredit(person(0), person(1))
    await scene.accredit(person(1), person(2), { rights: rightsOf('issuer', 'user', 'registrar') })
    await scene.accredit(person(2), person(3), { rights: rightsOf('issuer') })
    await scene.accredit(person(2), person(4), {
      rights: rightsOf('user'),
      notAfter: now + 5 * DAY,
    })
    for (const i of [5, 6]) await scene.accredit(person(1), person(i))
    await scene.accredit(person(6), person(7))
    await scene.permit(person(1), person(2), [LICENCE, PROPERTY])
    await scene.permit(person(2), person(3), [LICENCE, PROPERTY])
    await scene.permit(person(2), person(3), [PROPERTY], false)
    await scene.stand(person(1), person(5), 'suspended')
    await scene.stand(person(1), person(6), 'withdrawn')
    for (const account of [10, 11]) await rekey(person(3), person(account))
    await scene.bind(person(0), holder, person(12).address)
    await scene.bind(person(0), holder, person(13).address)
    await scene.release(person(0), holder, person(13).address, true)
    await scene.bind(person(0), holder, person(14).address)
    await scene.release(person(0), holder, person(14).address)
    await scene.bind(person(0), holder, person(14).address)
  }

  /** By the district, which stands above. */
  async function rekey(department: Signer, account: Signer): Promise<void> {
    const by = person(2)
    const act = {
      accreditor: by.address,
      department: department.address,
      account: account.address,
      nonce: await scene.nonce(by),
    }
    const consent = await signAct(scene.parties, account, ACTS.rekey, act)
    await (scene.parties.connect(by) as unknown as typeof scene.parties).rekey(act, '0x', consent)
  }

  async function actCertificates(): Promise<void> {
    const issuer = person(3)
    certificate = (await certificates.certificateIdOf(
      issuer.address,
      LICENCE,
      SERIAL,
    )) as unknown as Hex
    changedAt = []
    for (const [sequence, status] of [2, 1, 2, 1, 6, 1, 2, 99, 7].entries()) {
      await moveTime(chain, 100)
      // The bureau acts by its latest account.
      const as = certificates.connect(person(11)) as unknown as typeof certificates
      await as.changeStatus(
        { issuer: issuer.address, certificateType: LICENCE, serial: SERIAL, status, sequence },
        '0x',
      )
      changedAt.push(await chainTime(chain))
    }
  }

  /** 12 → 15 → 16 → 17, limited, used once; a second root revoked; an epoch bumped. */
  async function actGrants(): Promise<void> {
    const now = await chainTime(chain)
    const line = [12, 15, 16, 17].map(person)
    const terms = { holder, notBefore: now - DAY, notAfter: now + DAY }
    hops = await grantChain(grants, line, { ...terms, uses: 3 })
    const as = (by: Signer) => grants.connect(by) as unknown as Grants
    for (let hop = 0; hop < hops.length; hop++)
      await as(line[hop] as Signer).register(hops.slice(0, hop + 1), '0x')
    const request = {
      grant: await idOf(grants, hops[2] as Grant),
      user: person(4).address,
      items: 1n,
      purposes: 1n,
      context: id('context'),
      audience: id('audience'),
      sequence: 0,
      notAfter: now + 3600,
    }
    const [user, grantee] = await Promise.all(
      [4, 17].map((i) => signAct(grants, person(i), USE, request)),
    )
    await grants.use(hops, request, user, grantee)
    const revoked = (await grantChain(grants, line.slice(0, 2), { ...terms, salt: id('2') }))[0]
    hops.push(revoked as Grant)
    await as(person(12)).register([revoked], '0x')
    await as(person(12)).revoke([revoked], person(12).address, '0x')
    hops.push({ ...(revoked as Grant), salt: ZeroHash })
    const bump = { account: person(18).address, epoch: 1 }
    await grants.bumpEpoch(
      bump.account,
      bump.epoch,
      await signAct(grants, person(18), EPOCH_BUMP, bump),
    )
  }

  /** Runs what it is given over slots of the newest block, each proven once it is asked for. */
  async function prove<T>(ask: (world: SlotWorld) => T): Promise<T> {
    const read = new Map<Hex, Set<Hex>>()
    for (;;) {
      const world = await open(read)
      try {
        return ask(world)
      } catch (error) {
        if (!isLedgerError(error, 'STATE_NOT_PROVEN')) throw error
        const { contract, slot } = error.details as { contract: Hex; slot: Hex }
        read.set(contract, (read.get(contract) ?? new Set()).add(slot))
      }
    }
  }

  async function open(slots: ReadonlyMap<Hex, ReadonlySet<Hex>>): Promise<SlotWorld> {
    const proof = await proofOf(slots)
    const trust = trustOfBlock(proof, registries)
    return (await openProvenState(proof, registries, trust, () => undefined)).world
  }

  async function proofOf(read: ReadonlyMap<Hex, ReadonlySet<Hex>>): Promise<StateProof> {
    const block = (await chain.provider.request({
      method: 'eth_getBlockByNumber',
      params: ['latest', false],
    })) as Record<string, Hex>
    const header = encodeHeader(block) ?? expect.fail('the header does not hash to its block')
    const contracts: StateProof['contracts'] = []
    for (const [address, slots] of read) {
      const { accountProof, storageProof } = (await chain.provider.request({
        method: 'eth_getProof',
        params: [address, [...slots], 'latest'],
      })) as { accountProof: Hex[]; storageProof: { proof: Hex[] }[] }
      contracts.push({
        address,
        accountProof,
        slots: [...slots].map((slot, i) => ({ slot, proof: storageProof[i]?.proof ?? [] })),
      })
    }
    return {
      of: 'use',
      chainId: registries.chainId,
      blockNumber: Number(block['number']),
      blockHash: block['hash'] as Hex,
      header: encode0x(header),
      contracts,
    }
  }

  it('knows which department may do what, of which type, and by which account', async () => {
    let allowed = 0
    for (const department of people.slice(0, 9))
      for (const role of ROLES)
        for (const type of [NO_TYPE, LICENCE, PROPERTY]) {
          const address = lower(department.address)
          const theirs = await scene.parties
            .accountAs(department.address, ROLE[role], type)
            .then((account) => lower(account as unknown as string))
            .catch(() => undefined)
          const ours = await prove((world) =>
            world.accountAs(address, role, type === NO_TYPE ? undefined : (type as Hex)),
          )
          expect(ours, `${people.indexOf(department)} ${role} ${type}`).to.equal(theirs)
          if (theirs !== undefined) allowed++
        }
    expect(allowed).to.be.within(20, 80)
  })

  it('knows by which account a department acts, however often that changed', async () => {
    for (const department of people.slice(0, 9)) {
      const theirs = (await scene.parties.accountOf(department.address)) as unknown as string
      const ours = await prove((world) => world.accountOf(lower(department.address)))
      expect(ours).to.equal(lower(theirs))
    }
    const bureau = lower(person(3).address)
    expect(await prove((world) => world.accountOf(bureau))).to.equal(lower(person(11).address))
  })

  it('knows accounts of holders, released ones and ended grants', async () => {
    for (const account of [12, 13, 14, 15].map(person)) {
      const theirs = (await scene.parties.bindingOf(holder, account.address)) as unknown as bigint[]
      const { from, until, grantsEndedAt } = await prove((world) =>
        world.bindingOf(holder, lower(account.address)),
      )
      expect([from, until, grantsEndedAt].map(BigInt)).to.deep.equal([...theirs])
    }
  })

  it('knows the state of grants, and epochs', async () => {
    for (const grant of hops) {
      const grantId = await idOf(grants, grant)
      const theirs = (await grants.stateOf(grantId)) as unknown as [bigint, bigint, bigint, string]
      const state = await prove((world) => world.stateOf(grantId as Hex))
      expect([state.registeredAt, state.revokedAt, state.used].map(BigInt)).to.deep.equal(
        [...theirs].slice(0, 3),
      )
      expect(state.lastUse).to.equal(theirs[3])
    }
    for (const account of [12, 18].map(person)) {
      const theirs = (await grants.epochOf(account.address)) as unknown as bigint
      expect(BigInt(await prove((world) => world.epochOf(lower(account.address))))).to.equal(theirs)
    }
  })

  it('knows the history of a status over several pages', async () => {
    const history = await prove((world) => world.statusHistory(certificate))
    expect(history.map(({ at }) => at)).to.deep.equal(changedAt)
    for (const time of changedAt.flatMap((at) => [at - 1, at, at + 1])) {
      const theirs = (await certificates.statusAt(certificate, time)) as unknown as bigint
      const ours = history.findLast(({ at }) => at <= time)?.status ?? 0
      expect(BigInt(ours)).to.equal(theirs)
    }
    expect(await prove((world) => world.statusHistory(id('another') as Hex))).to.deep.equal([])
  })

  it('tells nothing of a slot that is not proven', async () => {
    const world = await open(new Map([[registries.grants, new Set([ZeroHash as Hex])]]))
    expect(() => world.epochOf(lower(person(1).address))).to.throw(LedgerError, 'STATE_NOT_PROVEN')
  })
})
