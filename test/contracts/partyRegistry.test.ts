import { expect } from 'chai'
import { ZeroAddress, type ContractTransactionResponse } from 'ethers'
import {
  chainTime,
  eventsOf,
  moveTime,
  openChain,
  refusalOf,
  type Chain,
  type Signer,
} from './chain.ts'
import {
  ACTS,
  ALL_RIGHTS,
  EVERY_TYPE,
  holderId,
  LICENCE,
  NO_TYPE,
  openParties,
  OPEN_END,
  PROPERTY,
  rightsOf,
  ROLE,
  signAct,
  type Parties,
  type Party,
  type Scene,
} from './parties.ts'

const HOLDER = holderId('tenant')
const DAY = 86_400

describe('PartyRegistry', () => {
  let chain: Chain
  let scene: Scene
  let parties: Parties
  let authority: Signer, city: Signer, district: Signer, street: Signer
  let stranger: Signer, account: Signer, successor: Signer

  beforeEach(async () => {
    chain = await openChain()
    ;[authority, city, district, street, stranger, account, successor] = chain.signers as [
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
    ]
    scene = await openParties(chain)
    parties = scene.parties
    await scene.accredit(authority, city)
    await scene.accredit(city, district)
    await scene.accredit(district, street, { rights: rightsOf('issuer', 'registrar', 'user') })
    await scene.permit(district, street, [LICENCE])
  })

  describe('the authority', () => {
    it('may do everything, under nobody', async () => {
      expect(await parties.authority()).to.equal(authority.address)
      expect(await parties.accreditorOf(authority.address)).to.equal(ZeroAddress)
      expect(await may(authority, 'issuer', LICENCE)).to.equal(true)
    })

    it('cannot be changed by those below, nor be nobody', async () => {
      expect(await refused(scene.accredit(city, authority))).to.have.property('name', 'NotAbove')
      expect(await refused(scene.stand(city, authority, 'suspended'))).to.have.property(
        'name',
        'NotAbove',
      )
      expect(await refused(chain.deploy('PartyRegistry', [ZeroAddress]))).to.have.property(
        'name',
        'AddressZero',
      )
    })
  })

  describe('accredit', () => {
    it('goes down level by level and tells so', async () => {
      const act = await accreditation(street, account, { rights: rightsOf('user'), notBefore: 5 })
      const consent = await signAct(parties, account, ACTS.accredit, act)
      expect(await eventsOf(parties, as(street).accredit(act, '0x', consent))).to.deep.equal([
        {
          name: 'DepartmentAccredited',
          args: [account.address, street.address, BigInt(rightsOf('user')), 5n, BigInt(OPEN_END)],
        },
      ])
      expect(await may(account, 'user')).to.equal(true)
      expect(await may(account, 'issuer')).to.equal(false)
      expect(await parties.accreditorOf(account.address)).to.equal(street.address)
    })

    it('refuses rights that the accreditor lacks, and bits that mean nothing', async () => {
      for (const rights of [rightsOf('operator'), EVERY_TYPE, 1 << 6, 1 << 9])
        expect(await refused(scene.accredit(street, account, { rights }))).to.deep.equal({
          name: 'RightsWidened',
          args: [account.address, BigInt(rights), BigInt(rightsOf('issuer', 'registrar', 'user'))],
        })
    })

    it('refuses a window beyond the accreditor’s, or an empty one', async () => {
      await scene.accredit(city, district, { notBefore: 100, notAfter: 2 ** 33 })
      for (const [notBefore, notAfter] of [
        [99, 2 ** 33],
        [100, 2 ** 33 + 1],
        [200, 199],
      ] as const)
        expect(
          await refused(scene.accredit(district, account, { notBefore, notAfter })),
        ).to.deep.equal({
          name: 'WindowWidened',
          args: [account.address, BigInt(notBefore), BigInt(notAfter)],
        })
    })

    it('lets any department above change the terms, and nobody else', async () => {
      await scene.accredit(city, street, { rights: rightsOf('user') })
      expect(await may(street, 'issuer', LICENCE)).to.equal(false)
      expect(await parties.accreditorOf(street.address)).to.equal(district.address)
      await scene.accredit(authority, account)
      expect(await refused(scene.accredit(account, street))).to.deep.equal({
        name: 'NotAbove',
        args: [account.address, street.address],
      })
      expect(await refused(scene.accredit(street, street))).to.have.property('name', 'NotAbove')
    })

    it('measures changed terms by the department right above, whoever changes them', async () => {
      await scene.accredit(city, district, { rights: rightsOf('user') })
      expect(
        await refused(scene.accredit(city, street, { rights: rightsOf('issuer') })),
      ).to.have.property('name', 'RightsWidened')
    })

    it('goes down 8 levels, not 9', async () => {
      const chainDown = [street, ...chain.signers.slice(10, 16)]
      for (const [i, below] of chainDown.slice(1).entries()) {
        const attempt = scene.accredit(chainDown[i]!, below, { rights: rightsOf('user') })
        if (i < 5) await attempt
        else
          expect(await refused(attempt)).to.deep.equal({
            name: 'TooManyLevels',
            args: [below.address, 8n],
          })
      }
    })

    it('needs the word of a new department, so that nobody takes its address', async () => {
      const act = await accreditation(street, account, { rights: rightsOf('user') })
      for (const [consent, name] of [
        ['0x', 'CallerNotAccount'],
        [await signAct(parties, street, ACTS.accredit, act), 'SignatureInvalid'],
        [
          await signAct(parties, account, ACTS.accredit, { ...act, accreditor: city.address }),
          'SignatureInvalid',
        ],
      ] as const)
        expect(await refused(as(street).accredit(act, '0x', consent))).to.have.property(
          'name',
          name,
        )
    })

    it('refuses address 0, an unknown accreditor and a stranger', async () => {
      const nobody = { ...(await accreditation(city, account)), department: ZeroAddress }
      expect(await refused(as(city).accredit(nobody, '0x', '0x'))).to.have.property(
        'name',
        'AddressZero',
      )
      expect(await refused(scene.accredit(stranger, account))).to.deep.equal({
        name: 'NotInGoodStanding',
        args: [stranger.address],
      })
      const act = await accreditation(city, account)
      expect(await refused(as(stranger).accredit(act, '0x', '0x'))).to.deep.equal({
        name: 'CallerNotAccount',
        args: [city.address, stranger.address],
      })
    })
  })

  describe('what a department may do', () => {
    it('needs the role and, where asked, the certificate type', async () => {
      expect(await may(street, 'issuer')).to.equal(true)
      expect(await may(street, 'issuer', LICENCE)).to.equal(true)
      expect(await may(street, 'issuer', PROPERTY)).to.equal(false)
      expect(await may(street, 'auditor')).to.equal(false)
      expect(await may(stranger, 'user')).to.equal(false)
    })

    it('ends for all below when a department above is suspended, and returns when it resumes', async () => {
      await scene.stand(city, district, 'suspended')
      expect(await may(street, 'issuer', LICENCE)).to.equal(false)
      expect(await may(city, 'issuer', LICENCE)).to.equal(true)
      expect(await refused(scene.accredit(street, account, { rights: 1 }))).to.deep.equal({
        name: 'NotInGoodStanding',
        args: [street.address],
      })
      await scene.stand(city, district, 'good')
      expect(await may(street, 'issuer', LICENCE)).to.equal(true)
    })

    it('ends for good and for all below when a department above is withdrawn', async () => {
      await scene.stand(authority, district, 'withdrawn')
      expect(await may(district, 'issuer')).to.equal(false)
      expect(await may(street, 'issuer')).to.equal(false)
      for (const attempt of [
        () => scene.stand(city, district, 'good'),
        () => scene.accredit(city, district),
        () => scene.stand(city, district, 'suspended'),
      ])
        expect(await refused(attempt())).to.deep.equal({
          name: 'DepartmentWithdrawn',
          args: [district.address],
        })
    })

    it('shrinks with the rights above', async () => {
      await scene.accredit(authority, city, { rights: rightsOf('user') })
      expect(await may(street, 'user')).to.equal(true)
      expect(await may(street, 'issuer')).to.equal(false)
    })

    it('shrinks with the certificate types above', async () => {
      await scene.accredit(city, district, { rights: ALL_RIGHTS & ~EVERY_TYPE })
      expect(await may(street, 'issuer', LICENCE)).to.equal(false)
      await scene.permit(city, district, [LICENCE])
      expect(await may(street, 'issuer', LICENCE)).to.equal(true)
    })

    it('ends with any window above, and begins with it', async () => {
      const now = await chainTime(chain)
      await scene.accredit(city, district, { notBefore: now + DAY, notAfter: now + 2 * DAY })
      expect(await may(street, 'user')).to.equal(false)
      await moveTime(chain, DAY + 60)
      expect(await may(street, 'user')).to.equal(true)
      await moveTime(chain, DAY)
      expect(await may(street, 'user')).to.equal(false)
    })

    it('is answered for the past as it was then', async () => {
      const before = await moveTime(chain, 10)
      await scene.permit(city, street, [LICENCE], false)
      const withoutType = await moveTime(chain, 10)
      await scene.permit(city, street, [LICENCE])
      await scene.stand(city, district, 'suspended')
      const suspended = await moveTime(chain, 10)
      await scene.stand(city, district, 'withdrawn')
      await moveTime(chain, 10)
      const at = (time: number, type: string) =>
        parties.isAccredited(street.address, ROLE.issuer, type, time)
      expect(await at(before, LICENCE)).to.equal(true)
      expect(await at(withoutType, LICENCE)).to.equal(false)
      expect(await at(withoutType, NO_TYPE)).to.equal(true)
      expect(await at(suspended, LICENCE)).to.equal(false)
      expect(await at(1, NO_TYPE)).to.equal(false)
    })
  })

  describe('permitTypes', () => {
    it('tells each change once', async () => {
      const change = await typesChange(district, street, [LICENCE, PROPERTY])
      expect(await eventsOf(parties, as(district).permitTypes(change, '0x'))).to.deep.equal([
        { name: 'CertificateTypePermitted', args: [street.address, PROPERTY, true] },
      ])
    })

    it('refuses a type that the department right above may not issue', async () => {
      await scene.accredit(street, account, { rights: rightsOf('issuer') })
      await scene.permit(street, account, [LICENCE])
      expect(await refused(scene.permit(street, account, [PROPERTY]))).to.deep.equal({
        name: 'TypeWidened',
        args: [account.address, PROPERTY],
      })
      expect(await refused(scene.permit(city, account, [PROPERTY]))).to.have.property(
        'name',
        'TypeWidened',
      )
    })

    it('is no matter for those beside, below or unknown', async () => {
      expect(await refused(scene.permit(street, district, [LICENCE]))).to.have.property(
        'name',
        'NotAbove',
      )
      expect(await refused(scene.permit(city, stranger, [LICENCE]))).to.deep.equal({
        name: 'DepartmentUnknown',
        args: [stranger.address],
      })
    })
  })

  describe('rekey', () => {
    it('moves a department to another account, under its name', async () => {
      const before = await moveTime(chain, 10)
      await rekey(street, street, successor)
      const after = await moveTime(chain, 10)
      expect(await parties.accountOf(street.address)).to.equal(successor.address)
      expect(await parties.accountOfAt(street.address, before)).to.equal(street.address)
      expect(await parties.accountOfAt(street.address, after)).to.equal(successor.address)
      const act = await typesChange(street, account, [])
      expect(await refused(as(street).permitTypes(act, '0x'))).to.deep.equal({
        name: 'CallerNotAccount',
        args: [successor.address, street.address],
      })
      const below = await accreditation(street, account, { rights: rightsOf('user') })
      const consent = await signAct(parties, account, ACTS.accredit, below)
      await as(successor).accredit(below, '0x', consent)
      expect(await may(account, 'user')).to.equal(true)
    })

    it('is done by a department above when the key is lost', async () => {
      await rekey(city, street, successor)
      expect(await parties.accountOf(street.address)).to.equal(successor.address)
    })

    it('needs the new account’s word', async () => {
      const act = await rekeying(city, street, successor)
      const wrong = await signAct(parties, stranger, ACTS.rekey, act)
      expect(await refused(as(city).rekey(act, '0x', wrong))).to.have.property(
        'name',
        'SignatureInvalid',
      )
      expect(await refused(as(city).rekey(act, '0x', '0x'))).to.have.property(
        'name',
        'CallerNotAccount',
      )
    })

    it('is refused to those below and beside', async () => {
      expect(await refused(rekey(street, district, successor))).to.have.property('name', 'NotAbove')
    })
  })

  describe('holders', () => {
    it('are bound to accounts by a registrar, who is theirs from then on', async () => {
      const act = await binding(street, HOLDER, account.address)
      expect(await eventsOf(parties, as(street).bindAccount(act, '0x'))).to.deep.equal([
        { name: 'AccountBound', args: [HOLDER, account.address, street.address] },
      ])
      expect(await parties.registrarOf(HOLDER)).to.equal(street.address)
      expect(await bindingOf(account)).to.deep.equal([await chainTime(chain), 0, 0])
    })

    it('may have several accounts, contract accounts too', async () => {
      const contract = await chain.deploy('ContractAccount', [account.address])
      await scene.bind(street, HOLDER, account.address)
      await scene.bind(street, HOLDER, await contract.getAddress())
      const now = await chainTime(chain)
      for (const address of [account.address, await contract.getAddress()])
        expect(await parties.isBoundAt(HOLDER, address, now)).to.equal(true)
    })

    it('are rebound with their history kept', async () => {
      await scene.bind(street, HOLDER, account.address)
      const first = await moveTime(chain, 10)
      await scene.release(street, HOLDER, account.address)
      const between = await moveTime(chain, 10)
      await scene.bind(street, HOLDER, successor.address)
      await scene.bind(street, HOLDER, account.address)
      const last = await moveTime(chain, 10)
      const bound = (time: number) => parties.isBoundAt(HOLDER, account.address, time)
      expect(await bound(first - 20)).to.equal(false)
      expect(await bound(first)).to.equal(true)
      expect(await bound(between)).to.equal(false)
      expect(await bound(last)).to.equal(true)
    })

    it('keep their grants on release unless the registrar ends them, also later', async () => {
      await scene.bind(street, HOLDER, account.address)
      await scene.release(street, HOLDER, account.address)
      const released = await chainTime(chain)
      expect((await bindingOf(account)).slice(1)).to.deep.equal([released, 0])
      await moveTime(chain, 10)
      const act = await release(street, HOLDER, account.address, true)
      expect(await eventsOf(parties, as(street).releaseAccount(act, '0x'))).to.deep.equal([
        { name: 'AccountReleased', args: [HOLDER, account.address, street.address, true] },
      ])
      expect((await bindingOf(account)).slice(1)).to.deep.equal([released, await chainTime(chain)])
    })

    it('are refused what is done already', async () => {
      await scene.bind(street, HOLDER, account.address)
      const args = [HOLDER, account.address]
      expect(await refused(scene.bind(street, HOLDER, account.address))).to.deep.equal({
        name: 'AccountAlreadyBound',
        args,
      })
      await scene.release(street, HOLDER, account.address)
      expect(await refused(scene.release(street, HOLDER, account.address))).to.deep.equal({
        name: 'AccountNotBound',
        args,
      })
      expect(
        await refused(scene.release(street, HOLDER, successor.address, true)),
      ).to.have.property('name', 'AccountNotBound')
      expect(await refused(scene.bind(street, HOLDER, ZeroAddress))).to.have.property(
        'name',
        'AddressZero',
      )
    })

    it('are rebound by a registrar above theirs, by no other', async () => {
      await scene.bind(street, HOLDER, account.address)
      await scene.accredit(city, stranger)
      for (const attempt of [
        () => scene.bind(stranger, HOLDER, stranger.address),
        () => scene.release(stranger, HOLDER, account.address),
      ])
        expect(await refused(attempt())).to.deep.equal({
          name: 'NotRegistrarOf',
          args: [HOLDER, stranger.address],
        })
      await scene.stand(city, street, 'withdrawn')
      await scene.release(city, HOLDER, account.address, true)
      await scene.bind(district, HOLDER, successor.address)
      expect(await parties.registrarOf(HOLDER)).to.equal(street.address)
    })

    it('are bound by registrars alone', async () => {
      await scene.accredit(street, stranger, { rights: rightsOf('issuer', 'user') })
      expect(await refused(scene.bind(stranger, HOLDER, account.address))).to.deep.equal({
        name: 'NotAccredited',
        args: [stranger.address, BigInt(ROLE.registrar), NO_TYPE],
      })
    })
  })

  describe('a relayed act', () => {
    it('of each kind counts like one sent by the account', async () => {
      const below = await accreditation(street, account, { rights: rightsOf('user') })
      await as(stranger).accredit(
        below,
        await signAct(parties, street, ACTS.accredit, below),
        await signAct(parties, account, ACTS.accredit, below),
      )
      expect(await may(account, 'user')).to.equal(true)
      const acts = [
        ['permitTypes', await typesChange(district, street, [PROPERTY]), district],
        [
          'changeStanding',
          { accreditor: city.address, department: account.address, standing: 1, nonce: 1n },
          city,
        ],
        ['bindAccount', { ...(await binding(street, HOLDER, account.address)), nonce: 1n }, street],
        [
          'releaseAccount',
          { ...(await release(street, HOLDER, account.address, false)), nonce: 2n },
          street,
        ],
      ] as const
      for (const [method, act, signer] of acts) {
        const signature = await signAct(parties, signer, ACTS[method], act)
        expect(await eventsOf(parties, as(stranger)[method](act, signature))).to.have.length(1)
      }
      const act = await rekeying(district, street, successor)
      const signature = await signAct(parties, district, ACTS.rekey, act)
      const consent = await signAct(parties, successor, ACTS.rekey, act)
      await as(stranger).rekey(act, signature, consent)
      expect(await parties.accountOf(street.address)).to.equal(successor.address)
    })

    it('may be signed by a contract account, as long as it says so', async () => {
      const contract = await chain.deploy<'changeOwner'>('ContractAccount', [account.address])
      const department: Party = {
        address: await contract.getAddress(),
        signTypedData: account.signTypedData.bind(account),
      }
      await scene.accredit(city, department)
      const act = await binding(department, HOLDER, successor.address)
      const signature = await signAct(parties, account, ACTS.bindAccount, act)
      await contract.changeOwner(stranger.address)
      expect(await refused(parties.bindAccount(act, signature))).to.have.property(
        'name',
        'SignatureInvalid',
      )
      await contract.changeOwner(account.address)
      await parties.bindAccount(act, signature)
      expect(await parties.registrarOf(HOLDER)).to.equal(department.address)
    })

    it('counts once, and in order', async () => {
      const act = await binding(street, HOLDER, account.address)
      const signature = await signAct(parties, street, ACTS.bindAccount, act)
      await parties.bindAccount(act, signature)
      expect(await refused(parties.bindAccount(act, signature))).to.deep.equal({
        name: 'NonceMismatch',
        args: [street.address, 1n, 0n],
      })
    })

    it('is refused with any field changed, or signed for another chain or contract', async () => {
      const act = await binding(street, HOLDER, account.address)
      const signature = await signAct(parties, street, ACTS.bindAccount, act)
      for (const change of [
        { holder: holderId('another') },
        { account: stranger.address },
        { registrar: district.address, nonce: await scene.nonce(district) },
      ])
        expect(
          await refused(parties.bindAccount({ ...act, ...change }, signature)),
        ).to.have.property('name', 'SignatureInvalid')
      for (const domain of [{ chainId: 1 }, { verifyingContract: stranger.address }]) {
        const foreign = await signAct(parties, street, ACTS.bindAccount, act, domain)
        expect(await refused(parties.bindAccount(act, foreign))).to.have.property(
          'name',
          'SignatureInvalid',
        )
      }
    })
  })

  function as(signer: Signer): Parties {
    return parties.connect(signer) as unknown as Parties
  }

  async function refused(call: Promise<unknown>) {
    return refusalOf(parties, call)
  }

  async function may(department: Signer, role: keyof typeof ROLE, type = NO_TYPE) {
    const now = await chainTime(chain)
    const answer = await parties.isAccredited(department.address, ROLE[role], type, now)
    const account = parties.accountAs(department.address, ROLE[role], type)
    expect((await refused(account))?.name).to.equal(answer ? undefined : 'NotAccredited')
    return answer
  }

  async function accreditation(by: Signer, department: Signer, terms: object = {}) {
    return {
      accreditor: by.address,
      department: department.address,
      rights: ALL_RIGHTS,
      notBefore: 0,
      notAfter: OPEN_END,
      nonce: await scene.nonce(by),
      ...terms,
    }
  }

  async function typesChange(by: Signer, department: Signer, types: string[]) {
    const nonce = await scene.nonce(by)
    return { accreditor: by.address, department: department.address, types, permitted: true, nonce }
  }

  async function rekeying(by: Signer, department: Signer, to: Signer) {
    const nonce = await scene.nonce(by)
    return { accreditor: by.address, department: department.address, account: to.address, nonce }
  }

  async function rekey(
    by: Signer,
    department: Signer,
    to: Signer,
  ): Promise<ContractTransactionResponse> {
    const act = await rekeying(by, department, to)
    return as(by).rekey(act, '0x', await signAct(parties, to, ACTS.rekey, act))
  }

  async function binding(by: Pick<Signer, 'address'>, holder: string, address: string) {
    return { registrar: by.address, holder, account: address, nonce: await scene.nonce(by) }
  }

  async function release(by: Signer, holder: string, address: string, endGrants: boolean) {
    return { ...(await binding(by, holder, address)), endGrants }
  }

  async function bindingOf(signer: Signer): Promise<number[]> {
    return [...((await parties.bindingOf(HOLDER, signer.address)) as unknown as bigint[])].map(
      Number,
    )
  }
})
