import { expect } from 'chai'
import { AbiCoder, id, keccak256, type ContractTransactionResponse } from 'ethers'
import {
  chainTime,
  eventsOf,
  gasOf,
  moveTime,
  openChain,
  refusalOf,
  type Chain,
  type Deployed,
  type Signer,
} from './chain.ts'
import {
  fields,
  LICENCE,
  openParties,
  PROPERTY,
  rightsOf,
  ROLE,
  signAct,
  type Scene,
} from './parties.ts'

const STATUS_CHANGE = {
  StatusChange: fields(
    'address issuer, bytes32 certificateType, bytes32 serial, uint8 status, uint64 sequence',
  ),
}
const SERIAL = id('the statement that issued it')
const FINAL = [3, 4, 5, 7]
const CODES = [1, 2, 3, 4, 5, 6, 7, 99]

interface Change extends Record<string, unknown> {
  issuer: string
  certificateType: string
  serial: string
  status: number
  sequence: number
}

describe('CertificateRegistry', () => {
  let chain: Chain
  let scene: Scene
  let certificates: Deployed<
    | 'changeStatus'
    | 'changeStatuses'
    | 'certificateIdOf'
    | 'statusOf'
    | 'statusAt'
    | 'changesOf'
    | 'parties'
  >
  let city: Signer, district: Signer, issuer: Signer, other: Signer, relayer: Signer

  beforeEach(async () => {
    chain = await openChain()
    ;[, city, district, issuer, other, relayer] = chain.signers as [
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
      Signer,
    ]
    scene = await openParties(chain)
    await scene.accredit(scene.authority, city)
    await scene.accredit(city, district)
    await scene.accredit(district, issuer, { rights: rightsOf('issuer') })
    await scene.permit(district, issuer, [LICENCE])
    await scene.accredit(district, other, { rights: rightsOf('issuer', 'user') })
    await scene.permit(district, other, [LICENCE])
    certificates = await chain.deploy('CertificateRegistry', [await scene.parties.getAddress()])
  })

  it('knows no status of a certificate that it never heard of', async () => {
    expect(await certificates.statusOf(idOf(issuer))).to.equal(0n)
    expect(await certificates.statusAt(idOf(issuer), await chainTime(chain))).to.equal(0n)
    expect(await certificates.changesOf(idOf(issuer))).to.equal(0n)
  })

  it('names a certificate by issuer, type and serial together', async () => {
    for (const [by, type, serial] of [
      [issuer, LICENCE, SERIAL],
      [other, LICENCE, SERIAL],
      [issuer, PROPERTY, SERIAL],
      [issuer, LICENCE, id('another')],
    ] as const)
      expect(await certificates.certificateIdOf(by.address, type, serial)).to.equal(
        idOf(by, type, serial),
      )
    expect(await certificates.parties()).to.equal(await scene.parties.getAddress())
  })

  it('records and tells a change', async () => {
    expect(await eventsOf(certificates, record(change(2)))).to.deep.equal([
      { name: 'StatusChanged', args: [issuer.address, idOf(issuer), 2n] },
    ])
    expect(await certificates.statusOf(idOf(issuer))).to.equal(2n)
    expect(await certificates.changesOf(idOf(issuer))).to.equal(1n)
  })

  it('keeps a long history, answered for any time', async () => {
    const times: number[] = []
    const codes = [2, 1, 6, 1, 2, 1, 2, 1, 6, 7]
    for (const [sequence, status] of codes.entries()) {
      await moveTime(chain, 10)
      await record(change(status, sequence))
      times.push(await chainTime(chain))
    }
    expect(await certificates.changesOf(idOf(issuer))).to.equal(BigInt(codes.length))
    expect(await certificates.statusAt(idOf(issuer), times[0]! - 1)).to.equal(0n)
    for (const [i, status] of codes.entries())
      for (const time of [times[i]!, times[i]! + 5])
        expect(await certificates.statusAt(idOf(issuer), time)).to.equal(BigInt(status))
  })

  describe('the code table', () => {
    const allowed = new Map([
      [0, [2, 3, 4, 5, 6, 7, 99]],
      [1, [2, 3, 4, 5, 6, 7, 99]],
      [2, [1, 3, 4, 5, 6, 7, 99]],
      [6, [1, 3, 4, 5, 7, 99]],
      [99, [3, 4, 5, 7]],
      ...FINAL.map((code): [number, number[]] => [code, []]),
    ])
    const ways = new Map([
      [0, []],
      [1, [2, 1]],
      ...[2, 6, 99, ...FINAL].map((code): [number, number[]] => [code, [code]]),
    ])

    for (const [from, next] of allowed)
      it(`lets ${from} become ${next.length > 0 ? next.join(', ') : 'nothing'}, and refuses the rest`, async () => {
        const way = ways.get(from)!
        for (const [sequence, status] of way.entries()) await record(change(status, sequence))
        for (const to of [0, 8, 98, 100, 255, ...CODES]) {
          const attempt = certificates
            .connect(issuer)
            .getFunction('changeStatus')
            .staticCall(change(to, way.length), '0x')
          expect(await refused(attempt), `${to}`).to.deep.equal(
            next.includes(to)
              ? undefined
              : { name: 'StatusChangeRefused', args: [idOf(issuer), BigInt(from), BigInt(to)] },
          )
        }
      })
  })

  it('refuses a department that may not issue the type, or no longer', async () => {
    const notAccredited = (type: string) => ({
      name: 'NotAccredited',
      args: [issuer.address, BigInt(ROLE.issuer), type],
    })
    const property = { ...change(7), certificateType: PROPERTY }
    expect(await refused(record(property))).to.deep.equal(notAccredited(PROPERTY))
    await scene.permit(district, issuer, [LICENCE], false)
    expect(await refused(record(change(7)))).to.deep.equal(notAccredited(LICENCE))
    await scene.permit(district, issuer, [LICENCE])
    await scene.stand(city, district, 'withdrawn')
    expect(await refused(record(change(7)))).to.deep.equal(notAccredited(LICENCE))
  })

  it('refuses another department, even one that issues the same type', async () => {
    expect(await refused(record(change(7), '0x', other))).to.deep.equal({
      name: 'CallerNotAccount',
      args: [issuer.address, other.address],
    })
    const signature = await signAct(certificates, other, STATUS_CHANGE, change(7))
    expect(await refused(record(change(7), signature))).to.have.property('name', 'SignatureInvalid')
    await record({ ...change(7), issuer: other.address }, '0x', other)
    expect(await certificates.statusOf(idOf(issuer))).to.equal(0n)
  })

  it('lets the account decide to which a department was rekeyed', async () => {
    const act = {
      accreditor: issuer.address,
      department: issuer.address,
      account: relayer.address,
      nonce: await scene.nonce(issuer),
    }
    const rekeying = {
      Rekeying: fields('address accreditor, address department, address account, uint64 nonce'),
    }
    const consent = await signAct(scene.parties, relayer, rekeying, act)
    await (scene.parties.connect(issuer) as unknown as typeof scene.parties).rekey(
      act,
      '0x',
      consent,
    )
    expect(await refused(record(change(7)))).to.have.property('name', 'CallerNotAccount')
    await record(change(7), '0x', relayer)
    expect(await certificates.statusOf(idOf(issuer))).to.equal(7n)
  })

  describe('a relayed change', () => {
    it('counts like one sent by the issuer', async () => {
      await record(change(2), await sign(change(2)), relayer)
      expect(await certificates.statusOf(idOf(issuer))).to.equal(2n)
    })

    it('counts once, and in order', async () => {
      const suspend = await sign(change(2))
      await record(change(2), suspend, relayer)
      await record(change(1, 1), await sign(change(1, 1)), relayer)
      expect(await refused(record(change(2), suspend, relayer))).to.deep.equal({
        name: 'SequenceMismatch',
        args: [idOf(issuer), 2n, 0n],
      })
      expect(await refused(record(change(2, 3), '0x'))).to.deep.equal({
        name: 'SequenceMismatch',
        args: [idOf(issuer), 2n, 3n],
      })
    })

    it('is refused with any field changed, or signed for another chain or contract', async () => {
      const signature = await sign(change(2))
      for (const changed of [
        { status: 3 },
        { serial: id('another') },
        { certificateType: PROPERTY },
        { issuer: other.address },
      ])
        expect(
          await refused(record({ ...change(2), ...changed }, signature, relayer)),
        ).to.have.property('name')
      for (const domain of [{ chainId: 1 }, { verifyingContract: other.address }]) {
        const foreign = await signAct(certificates, issuer, STATUS_CHANGE, change(2), domain)
        expect(await refused(record(change(2), foreign, relayer))).to.have.property(
          'name',
          'SignatureInvalid',
        )
      }
    })
  })

  for (const [word, field] of [
    [0, 'issuer'],
    [3, 'status'],
    [4, 'sequence'],
  ] as const)
    it(`refuses stray bits beside the ${field}, sent or relayed`, async () => {
      const to = await certificates.getAddress()
      for (const signature of ['0x', await sign(change(2))]) {
        const data = certificates.interface.encodeFunctionData('changeStatus', [
          change(2),
          signature,
        ])
        const from = signature === '0x' ? issuer : relayer
        expect(await from.call({ to, data })).to.equal('0x')
        const at = '0x12345678'.length + 64 * word
        const strayed = `${data.slice(0, at)}01${data.slice(at + 2)}`
        const refusal = from.call({ to, data: strayed }).catch(({ data }) => ({ data }))
        expect(await refusal).to.deep.equal({ data: '0x' })
      }
    })

  describe('a batch', () => {
    it('records all changes, of several issuers too', async () => {
      const ofOther = { ...change(7), issuer: other.address }
      const batch = [change(2), change(1, 1), ofOther]
      const signatures = [
        await sign(batch[0]!),
        await sign(batch[1]!),
        await signAct(certificates, other, STATUS_CHANGE, ofOther),
      ]
      await certificates.changeStatuses(batch, signatures)
      expect(await certificates.statusOf(idOf(issuer))).to.equal(1n)
      expect(await certificates.statusOf(idOf(other))).to.equal(7n)
    })

    it('records none when one is refused', async () => {
      const batch = [change(2), change(2, 1)]
      const signatures = await Promise.all(batch.map(sign))
      expect(await refused(certificates.changeStatuses(batch, signatures))).to.have.property(
        'name',
        'StatusChangeRefused',
      )
      expect(await certificates.statusOf(idOf(issuer))).to.equal(0n)
      expect(await refused(certificates.changeStatuses(batch, []))).to.deep.equal({
        name: 'SignaturesMissing',
        args: [2n, 0n],
      })
    })
  })

  for (const { level, first, later, relayed } of [
    { level: 1, first: 54_442, later: 37_739, relayed: 59_486 },
    { level: 2, first: 57_000, later: 40_297, relayed: 62_044 },
    { level: 3, first: 62_241, later: 45_538, relayed: 67_273 },
  ])
    it(`costs an issuer on level ${level} ${first} gas at first, ${later} later, ${relayed} relayed`, async () => {
      const by = [city, district, issuer][level - 1]!
      const values = { ...change(2), issuer: by.address }
      const signed = { ...values, serial: id('another') }
      const signature = await signAct(certificates, by, STATUS_CHANGE, signed)
      expect(await gasOf(record(values, '0x', by))).to.be.at.most(first)
      const resume = { ...values, status: 1, sequence: 1 }
      expect(await gasOf(record(resume, '0x', by))).to.be.at.most(later)
      expect(await gasOf(record(signed, signature, relayer))).to.be.at.most(relayed)
    })

  function change(status: number, sequence = 0): Change {
    return { issuer: issuer.address, certificateType: LICENCE, serial: SERIAL, status, sequence }
  }

  function record(
    values: Change,
    signature = '0x',
    by = issuer,
  ): Promise<ContractTransactionResponse> {
    return (certificates.connect(by) as unknown as typeof certificates).changeStatus(
      values,
      signature,
    )
  }

  function sign(values: Change): Promise<string> {
    return signAct(certificates, issuer, STATUS_CHANGE, values)
  }

  async function refused(call: Promise<unknown>) {
    return refusalOf([certificates, scene.parties], call)
  }
})

function idOf(by: Signer, type = LICENCE, serial = SERIAL): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ['address', 'bytes32', 'bytes32'],
      [by.address, type, serial],
    ),
  )
}
