import { id } from 'ethers'
import { chainTime, openChain, refusalOf, type Chain, type Signer } from './chain.ts'
import {
  deployGrants,
  grantChain,
  idOf,
  USE,
  type Grant,
  type Grants,
  type UseRequest,
} from './grants.ts'
import { holderId, openParties, signAct, type Scene } from './parties.ts'

export const HOLDER = holderId('landlord')
export const DAY = 86_400

interface People {
  registrar: Signer
  city: Signer
  district: Signer
  bureau: Signer
  other: Signer
  landlord: Signer
  tenant: Signer
  agent: Signer
  clerk: Signer
  relayer: Signer
}

/** `hops`: landlord → tenant → agent → bureau → clerk, not registered yet, valid from a day ago for two days. */
export interface GrantScene extends People {
  chain: Chain
  scene: Scene
  grants: Grants
  /** Seconds since 1970, when the scene was set. */
  now: number
  people: Signer[]
  hops: Grant[]
  as(signer: Signer): Grants
  chainOf(change?: Partial<Grant>): Promise<Grant[]>
  registerAll(count?: number): Promise<void>
  revoke(path: Grant[], by: Signer): ReturnType<Grants['revoke']>
  staticRevoke(path: Grant[], by: Signer): Promise<unknown>
  requestFor(user: Signer, path: Grant[], change?: Partial<UseRequest>): Promise<UseRequest>
  /** The department asks, the last grantee consents, somebody relays. */
  use(path: Grant[], request: UseRequest, user: Signer, grantee?: Signer): ReturnType<Grants['use']>
  useIdOf(request: UseRequest, verifyingContract: string): string
  check(
    path?: Grant[],
    asked?: { user?: Signer; items?: bigint; purposes?: bigint },
  ): Promise<unknown>
  stateOf(
    grant: Grant,
  ): Promise<[registeredAt: number, revokedAt: number, used: number, lastUse: bigint]>
  refused(call: Promise<unknown>): ReturnType<typeof refusalOf>
}

/** Sets the scene anew before each test of the suite it is called in. */
export function grantScene(): GrantScene {
  const s = {} as GrantScene
  beforeEach(async () => {
    Object.assign(s, await castOf(await openChain()), actionsOf(s))
    s.people = [s.landlord, s.tenant, s.agent, s.bureau, s.clerk]
    s.hops = await s.chainOf()
  })
  return s
}

/** city → district → bureau and city → other are departments; the landlord's account is bound to the holder. */
async function castOf(chain: Chain): Promise<People & Partial<GrantScene>> {
  const [registrar, city, district, bureau, other, landlord, tenant, agent, clerk, relayer] =
    chain.signers as unknown as Tuple
  const scene = await openParties(chain)
  await scene.accredit(registrar, city)
  await scene.accredit(city, district)
  await scene.accredit(district, bureau)
  await scene.accredit(city, other)
  await scene.bind(registrar, HOLDER, landlord.address)
  const grants = await deployGrants(chain, scene)
  const now = await chainTime(chain)
  const people = {
    registrar,
    city,
    district,
    bureau,
    other,
    landlord,
    tenant,
    agent,
    clerk,
    relayer,
  }
  return { chain, scene, grants, now, ...people }
}

type Tuple = [Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer]

function actionsOf(s: GrantScene): Partial<GrantScene> {
  return {
    as: (signer) => s.grants.connect(signer) as unknown as Grants,

    chainOf: (change) =>
      grantChain(s.grants, s.people, {
        holder: HOLDER,
        notBefore: s.now - DAY,
        notAfter: s.now + DAY,
        ...change,
      }),

    registerAll: async (count = s.hops.length) => {
      for (let hop = 0; hop < count; hop++)
        await s.as(s.people[hop]!).register(s.hops.slice(0, hop + 1), '0x')
    },

    revoke: (path, by) => s.as(by).revoke(path, by.address, '0x'),

    staticRevoke: (path, by) => s.as(by).getFunction('revoke').staticCall(path, by.address, '0x'),

    requestFor: async (user, path, change) => ({
      grant: await idOf(s.grants, path.at(-1)!),
      user: user.address,
      items: 1n,
      purposes: 1n,
      context: id('case and officer'),
      audience: id('node.example'),
      sequence: 0,
      notAfter: s.now + 3600,
      ...change,
    }),

    use: async (path, request, user, grantee = user) => {
      const userSignature = await signAct(s.grants, user, USE, request)
      const granteeSignature = await signAct(s.grants, grantee, USE, request)
      return s.as(s.relayer).use(path, request, userSignature, granteeSignature)
    },

    useIdOf: (request, verifyingContract) => {
      const domain = { name: 'OnceLedger', version: '1', chainId: 31337, verifyingContract }
      return s.chain.ethers.TypedDataEncoder.hash(domain, USE, request)
    },

    check: (path = s.hops, { user = s.bureau, items = 1n, purposes = 1n } = {}) =>
      s.grants.check(path, user.address, items, purposes),

    stateOf: async (grant) => {
      const state = (await s.grants.stateOf(await idOf(s.grants, grant))) as unknown as bigint[]
      return [
        Number(state[0]),
        Number(state[1]),
        Number(state[2]),
        BigInt(state[3] as bigint | string),
      ]
    },

    refused: (call) => refusalOf([s.grants, s.scene.parties], call),
  }
}
