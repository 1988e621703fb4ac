import { encodeBytes32String, id, verifyTypedData, ZeroHash } from 'ethers'
import { STRUCTS } from '../../../node/core/acts/structs.ts'
import { domainOf } from '../../../node/core/acts/typedData.ts'
import type { Use } from '../../../node/core/acts/acts.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import { grantIdOf } from '../../../node/core/grants/rules.ts'
import { openingsForUse, openScope, scopeOf } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument } from '../../../node/core/grants/scope.ts'
import { audienceOf } from '../../../node/core/grants/use.ts'
import { contextOf } from '../../../node/core/uses/context.ts'
import type { UseRequest } from '../../../node/core/uses/documents.ts'
import { decideUse, requireDepartment } from '../../../node/uses/deciding.ts'
import { PROPERTY } from '../../../test/certificates/support/papers.ts'
import { TEST_ORIGIN } from '../../../test/support/log.ts'
import { machineCpuTime, quiet, shareOfOthers } from '../lib/bystanders.ts'
import { atLeast, below } from '../lib/case.ts'
import type { BenchCase, Findings, Row } from '../lib/case.ts'
import { gasOf } from '../lib/chain.ts'
import { personOf } from '../lib/registries.ts'
import type { Person } from '../lib/registries.ts'
import { formatNumber } from '../lib/report.ts'
import { median, quantile } from '../lib/stats.ts'
import { openUseScene } from '../lib/useScene.ts'
import type { UseScene } from '../lib/useScene.ts'

const HOLDERS = 50
/** Chains of grants of one holder to one last grantee. */
const CHAINS = 10
const DEPTH = 3
/** Each is decided once. */
const REQUESTS = 4
const ROUNDS = 4
/** Of a round, what the slow peers do of it. */
const BY_PEERS = 100
const BULK = 50
const OPEN_END = 4_100_000_000
const MATTER = 'company-address-change'
const ONE = `0x${'0'.repeat(63)}1` as Hex

/** No case is opened here. */
const caseRules = { requireUse: async () => {} }

export const decide: BenchCase = {
  name: 'decide',
  summary: `uses decided from the mirror, ${DEPTH} grants deep, unlimited; each request once, on one core`,
  async run({ say }) {
    const scene = await openUseScene()
    try {
      return await measure(scene, say)
    } finally {
      await scene.close()
    }
  },
}

async function measure(scene: UseScene, say: (line: string) => void): Promise<Findings> {
  say(`${HOLDERS} holders, each with a certificate and ${2 * CHAINS} chains of ${DEPTH} grants`)
  const granted = await grantAll(scene)
  say('signing requests')
  const direct = granted.flatMap((one) => requestsUnder(scene, one, 'to the department'))
  const passed = granted.flatMap((one) => requestsUnder(scene, one, 'to an agent'))
  await scene.follow()
  say(`deciding ${formatNumber(direct.length + passed.length)} requests, in ${ROUNDS} rounds`)
  const [own, two]: [Timing[], Timing[]] = [[], []]
  const [recovered, called]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    await scene.follow()
    const [some, others] = [direct, passed].map((all) => shareOf(all, round)) as [
      UseRequest[],
      UseRequest[],
    ]
    await quiet()
    own.push(await decideAll(scene, some))
    two.push(await decideAll(scene, others))
    recovered.push(...recoverByEthers(scene, some.slice(0, BY_PEERS)))
    called.push(...(await askChain(scene, some.slice(0, BY_PEERS))))
  }
  return {
    rows: [
      ...rows('the last grantee itself asks, one signature', own, recovered, called),
      ...rows('for an agent, who signs too', two, recovered, called),
    ],
    notes: [
      `in process, one after the other; the certificate is read from the ledger and opened, too`,
      `while ours ran, others took ${percent(othersOf([...own, ...two]))} of the machine`,
      'verifyTypedData only recovers who signed a request once; check of the registry does not even that, and each call goes to a chain on this machine',
    ],
  }
}

function rows(
  what: string,
  timings: readonly Timing[],
  recovered: readonly number[],
  called: readonly number[],
): Row[] {
  const latencies = timings.flatMap(({ latencies }) => latencies)
  const rate = 1000 / mean(latencies)
  const p99 = quantile(latencies, 0.99)
  const cpu = (sum(timings.map(({ cpu }) => cpu)) / latencies.length) * 1e6
  const limit =
    `a decision takes ${formatNumber(cpu)} µs of CPU, ${formatNumber(1e6 / cpu)}/s on a core of its own, and ` +
    `${formatNumber(quantile(latencies, 0.1))} ms at most in the best tenth; others took ${percent(othersOf(timings))} of the machine meanwhile`
  const check = 'eth_call check'
  const ethers = { name: 'ethers verifyTypedData', value: 1000 / mean(recovered) }
  return [
    {
      what,
      unit: '/s',
      ours: rate,
      peer: ethers,
      better: 'higher',
      target: atLeast(rate, 1_000, '1,000/s', limit),
    },
    {
      what: 'the same',
      unit: '/s',
      ours: rate,
      peer: { name: check, value: 1000 / mean(called) },
      better: 'higher',
    },
    {
      what: 'p50',
      unit: 'ms',
      ours: median(latencies),
      peer: { name: check, value: median(called) },
      better: 'lower',
    },
    {
      what: 'p99',
      unit: 'ms',
      ours: p99,
      peer: { name: check, value: quantile(called, 0.99) },
      better: 'lower',
      target: below(p99, 15, '15 ms', limit),
    },
    { what: 'CPU of all threads', unit: 'µs', ours: cpu, better: 'lower' },
  ]
}

interface Timing {
  /** Milliseconds of each decision. */
  readonly latencies: readonly number[]
  /** Of all of them, in seconds: by the clock, of this process, of the whole machine. */
  readonly seconds: number
  readonly cpu: number
  readonly machine: number
}

async function decideAll(scene: UseScene, requests: readonly UseRequest[]): Promise<Timing> {
  const [clock, own, machine] = [performance.now(), process.cpuUsage(), machineCpuTime()]
  const latencies: number[] = []
  for (const request of requests) {
    const began = performance.now()
    const world = scene.mirror.world(Math.floor(Date.now() / 1000))
    await requireDepartment(request, world, scene.chain)
    const { ids } = await decideUse(request, { ...scene, caseRules, world, region: '310110' })
    latencies.push(performance.now() - began)
    if (ids[0]?.length !== DEPTH) throw new Error('not the chain that was asked about')
  }
  const { user, system } = process.cpuUsage(own)
  return {
    latencies,
    seconds: (performance.now() - clock) / 1000,
    cpu: (user + system) / 1e6,
    machine: machineCpuTime() - machine,
  }
}

function recoverByEthers({ scene }: UseScene, requests: readonly UseRequest[]): number[] {
  const domain = domainOf('Use', scene.registries)
  const types = { Use: STRUCTS.Use.fields.map(({ name, type }) => ({ name, type })) }
  return requests.map(({ authorizations: [authorization] }) => {
    const { use, signature } = authorization as UseRequest['authorizations'][number]
    const began = performance.now()
    const signer = verifyTypedData(domain, types, use, signature)
    const taken = performance.now() - began
    if (signer.toLowerCase() !== use.user) throw new Error('another signed')
    return taken
  })
}

async function askChain({ scene }: UseScene, requests: readonly UseRequest[]): Promise<number[]> {
  const check = scene.contracts.grants.getFunction('check')
  const latencies: number[] = []
  for (const { authorizations } of requests) {
    const { chain, use } = authorizations[0] as UseRequest['authorizations'][number]
    const began = performance.now()
    await check.staticCall(chain, use.user, use.items, use.purposes)
    latencies.push(performance.now() - began)
  }
  return latencies
}

type Route = 'to the department' | 'to an agent'

interface Granted {
  readonly certificate: string
  readonly lists: ScopeDocument
  readonly chains: Readonly<Record<Route, readonly (readonly Grant[])[]>>
  readonly agent: Person
}

/** Every grant on the chain, all of one depth in few transactions. */
async function grantAll(scene: UseScene): Promise<Granted[]> {
  const all: (Granted & { readonly people: readonly Person[] })[] = []
  for (let number = 0; number < HOLDERS; number++) {
    const people = ['holder', 'tenant', 'branch', 'agent'].map((name) =>
      personOf(`${name} ${number}`),
    )
    const holder = id(`holder id ${number}`) as Hex
    await scene.scene.bind(holder, people[0] as Person)
    const lists = listsOf(number)
    const chains = (last: Hex) =>
      Array.from({ length: CHAINS }, (_, i) => chainOf(scene, holder, people, last, lists, i))
    all.push({
      certificate: await scene.issue(holder),
      lists,
      chains: {
        'to the department': chains(scene.user.address),
        'to an agent': chains((people[3] as Person).address),
      },
      agent: people[3] as Person,
      people,
    })
  }
  for (let hop = 0; hop < DEPTH; hop++) {
    const acts = all.flatMap(({ chains, people }) =>
      Object.values(chains)
        .flat()
        .map((chain) => {
          const message = chain[hop] as Grant
          const signature = scene.scene.sign({ type: 'Grant', message }, people[hop])
          return { chain: chain.slice(0, hop + 1), signature }
        }),
    )
    for (let at = 0; at < acts.length; at += BULK) {
      const some = acts.slice(at, at + BULK)
      await gasOf(
        scene.scene.contracts.grants,
        'registerMany',
        some.map(({ chain }) => chain),
        some.map(({ signature }) => signature),
      )
    }
  }
  return all
}

function listsOf(number: number): ScopeDocument {
  const fields = ['certNo', 'location', 'owners']
  return {
    v: 1,
    seed: id(`seed ${number}`).slice(2),
    items: [{ certificateType: PROPERTY, fields, may: 'copy' }],
    purposes: [{ matter: MATTER, region: '310000' }],
  }
}

function chainOf(
  { scene }: UseScene,
  holder: Hex,
  people: readonly Person[],
  last: Hex,
  lists: ScopeDocument,
  number: number,
): Grant[] {
  const chain: Grant[] = []
  const grantees = [...people.slice(1, DEPTH).map(({ address }) => address), last]
  for (const [hop, grantee] of grantees.entries()) {
    const parent = chain.at(-1)
    chain.push({
      parent: parent === undefined ? (ZeroHash as Hex) : grantIdOf(parent, scene.registries),
      grantor: (people[hop] as Person).address,
      grantee,
      holder,
      scope: scopeOf(lists),
      items: ONE,
      purposes: ONE,
      notBefore: 1_690_000_000,
      notAfter: OPEN_END,
      depth: DEPTH - hop,
      uses: 0,
      epoch: 0,
      salt: encodeBytes32String(`${number} to ${last.slice(2, 12)}`) as Hex,
    })
  }
  return chain
}

function requestsUnder(
  { scene, user }: UseScene,
  { certificate, lists, chains, agent }: Granted,
  route: Route,
): UseRequest[] {
  const openings = openingsForUse(openScope(lists, { items: ONE, purposes: ONE }), {
    items: ONE,
    purposes: ONE,
  })
  return chains[route].flatMap((chain) =>
    Array.from({ length: REQUESTS }, (_, number) => {
      const grant = grantIdOf(chain.at(-1) as Grant, scene.registries)
      const asked = {
        subject: { kind: 'certificate' as const, id: certificate },
        fields: ['certNo', 'location', 'owners'],
        manner: 'copy' as const,
        context: {
          case: '310110202600001',
          matter: MATTER,
          officer: '张示例',
          cause: '变更住所',
          salt: id(`${grant} ${number}`).slice(2),
        },
      }
      const message: Use = {
        grant,
        user: user.address,
        items: ONE,
        purposes: ONE,
        context: contextOf(asked),
        audience: audienceOf(TEST_ORIGIN),
        sequence: 0,
        notAfter: OPEN_END,
      }
      const sign = (by: Person) => scene.sign({ type: 'Use', message }, by) as Hex
      const granteeSignature = route === 'to an agent' && { granteeSignature: sign(agent) }
      const authorization = { chain: [...chain], use: message, signature: sign(user) }
      return {
        ...asked,
        authorizations: [{ ...authorization, ...granteeSignature, openings }],
      }
    }),
  )
}

/** Every nth: each round meets all holders. */
function shareOf<T>(all: readonly T[], round: number): T[] {
  return all.filter((_, i) => i % ROUNDS === round)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function othersOf(timings: readonly Timing[]): number {
  const [machine, own, seconds] = (['machine', 'cpu', 'seconds'] as const).map((what) =>
    sum(timings.map((timing) => timing[what])),
  ) as [number, number, number]
  return shareOfOthers(machine, own, seconds)
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
