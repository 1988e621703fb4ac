import { expect } from 'chai'
import { encodeBytes32String, id } from 'ethers'
import {
  certificateIdOf,
  isUsable,
  mayFollow,
  requireStatusText,
  STATUS_CODES,
  STATUS_NAMES,
  statusCodeOf,
} from '../../../node/core/certificates/status.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { codeOf } from '../../behaviors/codeOf.ts'
import { openChain, refusalOf, type Deployed, type Signer } from '../../contracts/chain.ts'
import { openParties, rightsOf } from '../../contracts/parties.ts'

const TYPE = '11100000MB0143028R001'
/** Around every code there is, and the ends of a uint8. */
const codes = [...Array(16).keys(), 97, 98, 99, 100, 101, 128, 254, 255]
const SERIAL = id('the statement that issued it') as Hex

describe('the status of certificates', () => {
  it('has a name in both languages for each code', () => {
    expect(Object.keys(STATUS_NAMES)).to.have.members([...STATUS_CODES])
    expect(STATUS_NAMES['07']).to.deep.equal({ zh: '吊销', en: 'revoked' })
  })

  it('is 01 where the chain recorded nothing, and the code where it did', async () => {
    expect([0, 1, 2, 7, 99].map(statusCodeOf)).to.deep.equal(['01', '01', '02', '07', '99'])
    for (const number of [8, 98, 100, 255])
      expect(await codeOf(() => statusCodeOf(number))).to.equal('CERTIFICATE_STATUS_UNKNOWN')
  })

  it('lets a certificate be used while it is 01, or nothing was recorded', () => {
    const usable = Array.from({ length: 256 }, (_, code) => code).filter(isUsable)
    expect(usable).to.deep.equal([0, 1])
  })

  it('needs a text with 99 alone', async () => {
    for (const text of [undefined, '', ' '])
      expect(await codeOf(() => requireStatusText('99', text))).to.equal(
        'CERTIFICATE_STATUS_TEXT_MISSING',
      )
    expect(await codeOf(() => requireStatusText('99', '遗失'))).to.equal(undefined)
    expect(await codeOf(() => requireStatusText('07', undefined))).to.equal(undefined)
  })

  describe('as the contract has it', () => {
    let issuer: Signer
    let certificates: Deployed<'changeStatus' | 'certificateIdOf'>

    beforeEach(async () => {
      const chain = await openChain()
      issuer = chain.signers[1] as Signer
      const scene = await openParties(chain)
      await scene.accredit(scene.authority, issuer, { rights: rightsOf('issuer') | (1 << 5) })
      certificates = await chain.deploy('CertificateRegistry', [await scene.parties.getAddress()])
    })

    const change = (status: number, sequence: number) => ({
      issuer: issuer.address,
      certificateType: encodeBytes32String(TYPE),
      serial: SERIAL,
      status,
      sequence,
    })
    const method = () => certificates.connect(issuer).getFunction('changeStatus')

    it('names certificates alike', async () => {
      const named = await certificates.certificateIdOf(
        issuer.address,
        encodeBytes32String(TYPE),
        SERIAL,
      )
      expect(certificateIdOf(issuer.address.toLowerCase() as Hex, TYPE, SERIAL)).to.equal(named)
    })

    for (const way of [[], [2, 1], [2], [3], [4], [5], [6], [7], [99]])
      it(`lets the same codes follow ${way.at(-1) ?? 0}`, async () => {
        for (const [sequence, status] of way.entries()) {
          await method().send(change(status, sequence), '0x')
        }
        const taken = await Promise.all(
          codes.map(async (to) => {
            const attempt = method().staticCall(change(to, way.length), '0x')
            const refusal = await refusalOf(certificates, attempt)
            if (refusal) expect(refusal.name).to.equal('StatusChangeRefused')
            return refusal === undefined
          }),
        )
        const from = way.at(-1) ?? 0
        expect(taken).to.deep.equal(codes.map((to) => mayFollow(from, to)))
      })

    it('lets nothing follow a code that cannot be', () => {
      for (const from of [8, 98, 100, 255])
        expect(STATUS_CODES.some((to) => mayFollow(from, Number(to)))).to.equal(false)
    })
  })
})
