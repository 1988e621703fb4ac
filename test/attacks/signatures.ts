import { expect } from 'chai'
import fc from 'fast-check'
import type { Act, SignedAct } from '../../node/core/acts/acts.ts'
import { hashAct } from '../../node/core/acts/typedData.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { certificateTypeWord } from '../../node/core/acts/certificateType.ts'
import type { Registries } from '../../node/core/parties/registries.ts'
import type { Authorization, UseRequest } from '../../node/core/uses/documents.ts'
import { PROPERTY } from '../certificates/support/papers.ts'
import { Chain, playerOf } from './support/assault.ts'
import type { Answer, Assault, Player } from './support/assault.ts'
import { leavesOf, replaced } from '../core/evidence/leaves.ts'
import { flip, flipsOf } from './support/flips.ts'

/** Half the order of secp256k1 mirrors s: the other signature that the same key could have made. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const withV = (signature: Hex, v: number): Hex =>
  `${signature.slice(0, -2)}${v.toString(16).padStart(2, '0')}` as Hex

/** Of a good signature of 65 bytes, what is none. */
const FORGED: Readonly<Record<string, (good: Hex) => Hex>> = {
  'with s in the upper half': (good) => {
    const s = ORDER - BigInt(`0x${good.slice(66, 130)}`)
    const v = good.endsWith('1b') ? '1c' : '1b'
    return `${good.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}` as Hex
  },
  'with the other v': (good) => withV(good, good.endsWith('1b') ? 28 : 27),
  'with v 0 or 1': (good) => withV(good, good.endsWith('1b') ? 0 : 1),
  'with v 29': (good) => withV(good, 29),
  'of 64 bytes': (good) => good.slice(0, -2) as Hex,
  'of 64 compact bytes (ERC-2098)': (good) => {
    const bit = good.endsWith('1c') ? 1n << 255n : 0n
    const vs = BigInt(`0x${good.slice(66, 130)}`) | bit
    return `${good.slice(0, 66)}${vs.toString(16).padStart(64, '0')}` as Hex
  },
  'of 66 bytes': (good) => `${good}00`,
  'of zeros': () => `0x${'00'.repeat(65)}`,
}

/** Where somebody else could have had the same signed. */
const ELSEWHERE: Readonly<Record<string, (registries: Registries) => Registries>> = {
  'another chain': (here) => ({ ...here, chainId: here.chainId + 1 }),
  'another contract': (here) => {
    const other: Hex = `0x${'0c'.repeat(20)}`
    return { ...here, parties: other, certificates: other, grants: other }
  },
}

/** An act that would count, and where to hand it in. */
interface Handed {
  readonly by: Player
  readonly path: string
  readonly act: SignedAct
  readonly signedBy: Player
}

export function attacksBySignatures(get: () => Assault): void {
  let a: Assault
  before(() => (a = get()))

  async function grant(): Promise<Handed> {
    const { landlord, tenant } = a.town
    const chain = await new Chain(a.town).grant(landlord, tenant, {}, false)
    const act = await a.signedGrant(landlord, chain.grants)
    return { by: tenant, path: '/v1/grants', act, signedBy: landlord }
  }

  const ACTS: Readonly<Record<string, () => Promise<Handed>>> = {
    grant,
    revocation: async () => {
      const { landlord, tenant } = a.town
      const chain = await new Chain(a.town).grant(landlord, tenant)
      const message = { grant: chain.id, revoker: landlord.address }
      const signature = await a.town.sign({ type: 'Revocation', message }, landlord)
      const act: SignedAct = { type: 'Revocation', message, signature, chain: [...chain.grants] }
      return { by: tenant, path: `/v1/grants/${chain.id}/revoke`, act, signedBy: landlord }
    },
    'end of an epoch': async () => {
      const signedBy = await playerOf(a.site)
      const message = { account: signedBy.address, epoch: 1 }
      const signature = await a.town.sign({ type: 'EpochBump', message }, signedBy)
      const act: SignedAct = { type: 'EpochBump', message, signature }
      return { by: a.town.tenant, path: '/v1/grants/epoch', act, signedBy }
    },
    'change of a status': async () => {
      const { bureau } = a.town
      const { id } = await a.town.issue()
      const { serial } = await bureau.client.certificates.get(id)
      const certificateType = certificateTypeWord(PROPERTY)
      const issuer = bureau.address
      const message = { issuer, certificateType, serial, status: 2, sequence: 0 }
      const signature = await a.town.sign({ type: 'StatusChange', message }, bureau)
      const act: SignedAct = { type: 'StatusChange', message, signature }
      return { by: bureau, path: `/v1/certificates/${id}/status`, act, signedBy: bureau }
    },
    'withdrawal of a department': async () => {
      const { city, market } = a.town
      const message = { department: market.address, standing: 2 }
      const draft = await a.town.proposed(city, { type: 'StandingChange', message })
      const signature = await a.town.sign(draft, city)
      const act = { ...draft, signature } as SignedAct
      return { by: a.town.tenant, path: '/v1/departments', act, signedBy: city }
    },
    'binding of an account': async () => {
      const { bureau, landlord, agent } = a.town
      const { typedData } = await bureau.client.holders.previewBinding(
        landlord.holder,
        agent.address,
      )
      const draft = { type: 'HolderBinding', message: typedData.message } as unknown as Act
      const act = { ...draft, signature: await a.town.sign(draft, bureau) } as SignedAct
      return { by: bureau, path: `/v1/holders/${landlord.holder}/accounts`, act, signedBy: bureau }
    },
  }

  for (const [what, make] of Object.entries(ACTS)) {
    it(`that is none counts for nothing: ${what}`, async () => {
      const { by, path, act } = await make()
      for (const [how, forge] of Object.entries(FORGED)) {
        const forged = { ...act, signature: forge(act.signature) }
        await a
          .refuses(by, path, { act: forged }, [422, 'SIGNATURE_INVALID'])
          .catch((error: unknown) => expect.fail(`${how}: ${String(error)}`))
      }
    })

    it(`for another chain or contract counts for nothing: ${what}`, async () => {
      const { by, path, act, signedBy } = await make()
      for (const move of Object.values(ELSEWHERE)) {
        const digest = hashAct(act, move(a.site.registries))
        const signature = signedBy.wallet.signingKey.sign(digest).serialized as Hex
        await a.refuses(by, path, { act: { ...act, signature } }, [422, 'SIGNATURE_INVALID'])
      }
    })

    it(`covers each byte, so that a relayer can change none: ${what}`, async () => {
      const { by, path, act } = await make()
      await refusesFlips({ act }, (body) => a.post(by, path, body))
    })
  }

  /** Each member of the body once, and any byte of any. */
  async function refusesFlips(
    body: object,
    send: (altered: object) => Promise<Answer>,
  ): Promise<void> {
    const before = await a.trace()
    const leaves = [...leavesOf(body)]
    const flips = fc
      .constantFrom(...leaves)
      .chain(([path, leaf]) => flipsOf(leaf).map((flipped) => [path, flipped] as const))
    await fc.assert(
      fc.asyncProperty(flips, async ([path, flipped]) => {
        const { status, code, text } = await send(replaced(body, path, flipped) as object)
        expect(status, `${path.join('.')} ${flipped}: ${text}`).to.be.within(400, 499)
        expect(code).to.be.a('string')
      }),
      {
        numRuns: leaves.length + 100,
        examples: leaves.map(([path, leaf]) => [[path, flip(leaf)] as const]),
      },
    )
    expect(await a.trace()).to.deep.equal(before)
  }

  describe('under a use', () => {
    let request: UseRequest
    beforeEach(async () => {
      const chain = await new Chain(a.town).grant(a.town.landlord, a.town.agent)
      request = await a.ask(chain, { grantee: a.town.agent })
    })

    const signed = (change: (one: Authorization) => Partial<Authorization>): UseRequest => ({
      ...request,
      authorizations: request.authorizations.map((one) => ({ ...one, ...change(one) })),
    })

    it('that is none is refused: the department’s without a trace, the grantee’s on record', async () => {
      for (const forge of Object.values(FORGED)) {
        const department = signed(({ signature }) => ({ signature: forge(signature) }))
        await a.refuses(a.town.market, '/v1/uses', department, [422, 'USE_SIGNATURE_INVALID'])
      }
      const chain = await new Chain(a.town).grant(a.town.landlord, a.town.agent)
      for (const forge of Object.values(FORGED)) {
        const again = await a.ask(chain, { grantee: a.town.agent })
        const authorizations = again.authorizations.map((one) => ({
          ...one,
          granteeSignature: forge(one.granteeSignature as Hex),
        }))
        await a.refusesUse({ ...again, authorizations }, [422, 'USE_GRANTEE_SIGNATURE_INVALID'])
      }
    })

    it('for another chain or contract is refused', async () => {
      const { market } = a.town
      for (const move of Object.values(ELSEWHERE)) {
        const foreign = signed(({ use }) => {
          const digest = hashAct({ type: 'Use', message: use }, move(a.site.registries))
          return { signature: market.wallet.signingKey.sign(digest).serialized as Hex }
        })
        await a.refuses(market, '/v1/uses', foreign, [422, 'USE_SIGNATURE_INVALID'])
      }
    })

    it('covers each byte of it, so that nothing is released or logged for another', async () => {
      const [one] = request.authorizations as [Authorization]
      const { use, signature } = one
      await refusesFlips({ use, signature }, (altered) =>
        a.post(a.town.market, '/v1/uses', { ...request, authorizations: [{ ...one, ...altered }] }),
      )
    })
  })
}
