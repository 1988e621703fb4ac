import { encodeBytes32String, getBytes, id, toBeHex, ZeroHash } from 'ethers'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { grantIdOf } from '../../../node/core/grants/rules.ts'
import { atMost, below } from '../lib/case.ts'
import type { BenchCase, Row } from '../lib/case.ts'
import { gasOf, startChain } from '../lib/chain.ts'
import { openRegistries, personOf } from '../lib/registries.ts'
import type { Person, Scene } from '../lib/registries.ts'
import { openDelegations } from '../peers/delegations.ts'
import type { Caveats } from '../peers/delegations.ts'
import { attestByDelegation, openEas } from '../peers/eas.ts'

/** Acts in one transaction that carries many. */
const BULK = 100
const DEPTHS = 4
const OPEN_END = 4_100_000_000
const EVERY_RIGHT = 0b11_1111
const ISSUER = 0b00_0010
const LICENCE = encodeBytes32String('11100000MB0143028R001') as Hex
const SUSPENDED = 2

export const grants: BenchCase = {
  name: 'grants',
  summary: 'gas of signed acts, each sent by another, on one local chain; exact',
  async run() {
    const chain = await startChain()
    try {
      const scene = await openRegistries(chain)
      const department = personOf('department')
      await scene.accredit(department, EVERY_RIGHT)
      const counted = await passOn(scene, department, 9)
      const uncounted = await passOn(scene, department, 0)
      const eas = await attestByDelegation(await openEas(chain), BULK)
      const delegations = await openDelegations(chain)
      const redeemed = async (caveats: Caveats) => {
        const byDepth: number[] = []
        for (let depth = 1; depth <= DEPTHS; depth++)
          byDepth.push(await delegations.redeem(depth, caveats))
        return byDepth
      }
      const [redeemedInTime, redeemedCounted] = [
        await redeemed('window and target'),
        await redeemed('window and count'),
      ]
      const toEas = { name: 'EAS attestByDelegation', value: eas.one }
      return {
        rows: [
          ...counted.registered.map((ours, i) => ({
            ...gas(`grant registered at depth ${i + 1}`, ours),
            peer: toEas,
            target: i === 0 ? most(ours, 70_000) : below(ours, eas.one, 'EAS'),
          })),
          hopRow(counted.registered),
          await registerManyRow(scene, eas.each),
          await revokeRow(scene),
          ...(await statusRows(scene)),
          ...counted.used.map((ours, i) => ({
            ...gas(`use at depth ${i + 1}, counted at each hop`, ours),
            peer: toEas,
            target: below(ours, eas.one, 'EAS'),
          })),
          ...useRows('counted at each hop', counted.used, redeemedCounted),
          ...useRows('counted at the last hop', uncounted.used, redeemedInTime),
        ],
        notes: [
          'the peer of uses is redeemDelegations of MetaMask’s delegation framework, two caveats a level: the time, and the number of calls (counted at each hop) or the address called',
          'it is measured at its cheapest: one account that runs code of theirs, keys below it, a call that does nothing, the second time; the last delegate sends it, where ours carries the signatures of the department and of the last grantee',
          `ours are registered first, once for each hop, which theirs need not be: ${registeredAndUsed(counted, redeemedCounted)}`,
        ],
      }
    } finally {
      await chain.stop()
    }
  },
}

interface PassedOn {
  /** Gas by depth, from 1. */
  readonly registered: readonly number[]
  readonly used: readonly number[]
}

function gas(what: string, ours: number) {
  return { what, unit: 'gas', ours, better: 'lower' } as const
}

function most(value: number, ceiling: number, limit?: string) {
  return atMost(value, ceiling, `${ceiling.toLocaleString('en')} gas`, limit)
}

/** A grant passed on from person to person, and used at each depth; no use limited if `uses` is 0. */
async function passOn(scene: Scene, department: Person, uses: number): Promise<PassedOn> {
  const people = Array.from({ length: DEPTHS + 1 }, (_, i) => personOf(`person ${i} of ${uses}`))
  const chain: Grant[] = []
  const registered: number[] = []
  for (const [hop, grantor] of people.slice(0, DEPTHS).entries()) {
    const parent = chain.at(-1)
    if (parent === undefined) await scene.bind(holderOf(uses), grantor)
    chain.push({
      ...rootOf(grantor, people[hop + 1] as Person, uses),
      ...(parent !== undefined && { parent: grantIdOf(parent, scene.registries) }),
      items: mask(0xffff >> hop),
      depth: 7 - hop,
    })
    registered.push(await register(scene, chain, grantor))
  }
  const used: number[] = []
  for (let depth = 1; depth <= DEPTHS; depth++)
    used.push(await use(scene, chain.slice(0, depth), department, people[depth] as Person))
  return { registered, used }
}

function rootOf(grantor: Person, grantee: Person, uses: number): Grant {
  return {
    parent: ZeroHash as Hex,
    grantor: grantor.address,
    grantee: grantee.address,
    holder: holderOf(uses),
    scope: id('scope') as Hex,
    items: mask(0xffff),
    purposes: mask(0xfff),
    notBefore: 1_690_000_000,
    notAfter: OPEN_END,
    depth: 7,
    uses,
    epoch: 0,
    salt: id(`salt of ${grantor.address}`) as Hex,
  }
}

function holderOf(uses: number): Hex {
  return id(`holder of ${uses} uses`) as Hex
}

function mask(bits: number): Hex {
  return toBeHex(bits, 32) as Hex
}

function register(scene: Scene, chain: readonly Grant[], grantor: Person): Promise<number> {
  return gasOf(scene.contracts.grants, 'register', chain, signGrant(scene, chain, grantor))
}

function signGrant(scene: Scene, chain: readonly Grant[], grantor: Person): string {
  return scene.sign({ type: 'Grant', message: chain.at(-1) as Grant }, grantor)
}

function use(
  scene: Scene,
  chain: readonly Grant[],
  department: Person,
  grantee: Person,
): Promise<number> {
  const message = {
    grant: grantIdOf(chain.at(-1) as Grant, scene.registries),
    user: department.address,
    items: mask(1),
    purposes: mask(1),
    context: id('case and officer') as Hex,
    audience: id('node.example') as Hex,
    sequence: 0,
    notAfter: OPEN_END,
  }
  const signatures = [department, grantee].map((by) => scene.sign({ type: 'Use', message }, by))
  return gasOf(scene.contracts.grants, 'use', chain, message, ...signatures)
}

function hopRow(registered: readonly number[]): Row {
  const hops = registered.slice(1).map((used, i) => used - (registered[i] as number))
  const dearest = Math.max(...hops)
  return { ...gas('each further hop adds, at most', dearest), target: most(dearest, 12_000) }
}

async function registerManyRow(scene: Scene, peer: number): Promise<Row> {
  const holders = Array.from({ length: BULK }, (_, i) => personOf(`one of many ${i}`))
  const chains: Grant[][] = []
  for (const grantor of holders) {
    const holder = id(`holder ${grantor.address}`) as Hex
    await scene.bind(holder, grantor)
    chains.push([{ ...rootOf(grantor, personOf('agent'), 1), holder }])
  }
  const signatures = chains.map((chain, i) => signGrant(scene, chain, holders[i] as Person))
  const each = (await gasOf(scene.contracts.grants, 'registerMany', chains, signatures)) / BULK
  return {
    ...gas(`root grant, ${BULK} registered at once, each`, each),
    peer: { name: 'EAS multiAttestByDelegation', value: peer },
    target: most(each, 45_000),
  }
}

async function revokeRow(scene: Scene): Promise<Row> {
  const grantor = personOf('who revokes')
  const chain = [rootOf(grantor, personOf('agent'), 2)]
  await scene.bind(holderOf(2), grantor)
  await register(scene, chain, grantor)
  const message = {
    grant: grantIdOf(chain[0] as Grant, scene.registries),
    revoker: grantor.address,
  }
  const signature = scene.sign({ type: 'Revocation', message }, grantor)
  const used = await gasOf(scene.contracts.grants, 'revoke', chain, grantor.address, signature)
  return { ...gas('grant revoked', used), target: most(used, 40_000) }
}

/**
 * By issuers on each level below the authority; the last is permitted this type alone, which is one slot more to read.
 */
async function statusRows(scene: Scene): Promise<Row[]> {
  const [city, district, office] = [personOf('city'), personOf('district'), personOf('office')]
  await scene.accredit(city, EVERY_RIGHT)
  await scene.accredit(district, EVERY_RIGHT, city)
  await scene.accredit(office, ISSUER, district)
  await scene.permitTypes(office, [LICENCE], district)

  const { certificates } = scene.contracts
  const change = (issuer: Person, serial: string) => {
    const message = {
      issuer: issuer.address,
      certificateType: LICENCE,
      serial: id(serial) as Hex,
      status: SUSPENDED,
      sequence: 0,
    }
    return [message, scene.sign({ type: 'StatusChange', message }, issuer)] as const
  }
  const rows: Row[] = []
  for (const { issuer, level, slots } of [
    { issuer: city, level: 1, slots: 1 },
    { issuer: district, level: 2, slots: 2 },
    { issuer: office, level: 3, slots: 4 },
  ]) {
    const args = change(issuer, 'one')
    const data = certificates.interface.encodeFunctionData('changeStatus', args)
    const used = await gasOf(certificates, 'changeStatus', ...args)
    rows.push({
      ...gas(`first change of a status, issuer on level ${level}`, used),
      target: most(used, 60_000, statusLimit(used, data, slots)),
    })
  }
  const many = Array.from({ length: BULK }, (_, i) => change(office, `one of many ${i}`))
  const all = await gasOf(
    certificates,
    'changeStatuses',
    many.map(([message]) => message),
    many.map(([, signature]) => signature),
  )
  return [
    ...rows,
    {
      ...gas(`the same on level 3, ${BULK} at once, each`, all / BULK),
      target: most(all / BULK, 60_000),
    },
  ]
}

/** What the chain's own prices (EIP-2028, EIP-2929) leave to the contracts. */
function statusLimit(used: number, data: string, slots: number): string {
  const bytes = [...getBytes(data)]
  const calldata = bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0)
  const parts: [number, string][] = [
    [21_000, 'the transaction'],
    [calldata, 'its data'],
    [22_100, 'a new slot for the history'],
    [2_600, 'the call of the party registry'],
    [
      2_100 * slots,
      `${slots} slots of departments and types, read anew since any may have been withdrawn`,
    ],
    [3_100, 'the recovery of the signer'],
    [1_756, 'the event'],
  ]
  const floor = parts.reduce((sum, [price]) => sum + price, 0)
  const listed = parts.map(([price, what]) => `${price.toLocaleString('en')} ${what}`).join(', ')
  return `${floor.toLocaleString('en')} of it are prices of the chain (${listed}); ${(used - floor).toLocaleString('en')} are our code`
}

function useRows(how: string, used: readonly number[], peers: readonly number[]): Row[] {
  return used.map((ours, i) => {
    const peer = peers[i] as number
    return {
      ...gas(`use at depth ${i + 1}, ${how}`, ours),
      peer: { name: 'MetaMask redeemDelegations', value: peer },
      target: below(ours, peer, 'MetaMask'),
    }
  })
}

function registeredAndUsed({ registered, used }: PassedOn, redeemed: readonly number[]): string {
  let sum = 0
  return registered
    .map((hop, i) => {
      sum += hop
      const [ours, theirs] = [used[i] as number, redeemed[i] as number]
      const even = Math.ceil(sum / (theirs - ours))
      return `depth ${i + 1}: ${sum.toLocaleString('en')} once and less in all from use ${even} on`
    })
    .join('; ')
}
