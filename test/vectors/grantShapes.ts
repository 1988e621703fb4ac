import { id, ZeroHash } from 'ethers'
import {
  grantId,
  type Place,
  type PlainWorld,
  type Question,
  type WrittenGrant,
} from '../reference/grants.ts'

// The good chains that the vectors of grants begin with: one for each shape. Nobody here has a key: vectors are about
// rules, and tell which account would have to sign.

export const PLACE: Place = {
  chainId: 31337,
  contract: person('the grant registry'),
  authority: person('the authority'),
}
export const PARTIES = person('the party registry')

/** Seconds since 1970 at which the rules are applied. */
export const NOW = 1_700_000_000
const DAY = 86_400

export const HOLDER = id('the landlord')
export const [LANDLORD, PARTNER, FORMER] = ['the landlord', 'a partner', 'a former partner'].map(
  person,
) as [string, string, string]
export const [BUREAU, OTHER_BUREAU, DISTRICT, ARCHIVE] = [
  'the bureau',
  'another bureau',
  'the district',
  'the archive',
].map(person) as [string, string, string, string]

interface Shape {
  shape: string
  hops: number
  /** Of each hop, 0 for any number; the last is repeated. */
  uses: number[]
  /** The last grantee, if not the department that uses the grant. */
  agent?: string
  /** A department among the grantees, that now acts by another account. */
  rekeyed?: string
  /** The landlord's account was released, and may keep what it granted. */
  released?: true
}

const SHAPES: Shape[] = [
  { shape: 'a department is granted, any number of uses', hops: 1, uses: [0] },
  { shape: 'one use, by a department for an agent', hops: 2, uses: [3, 1], agent: 'the agent' },
  { shape: 'uses are limited on the way only', hops: 3, uses: [0, 5, 2], released: true },
  { shape: 'a department passes on', hops: 4, uses: [0], rekeyed: 'the archive' },
  { shape: 'any number of uses', hops: 5, uses: [0], agent: 'the agent' },
  { shape: 'uses are limited from the root', hops: 6, uses: [9, 8, 7, 6, 5, 4] },
  { shape: 'as many uses as above', hops: 7, uses: [4], rekeyed: 'the bureau' },
  { shape: 'as long as a chain may be', hops: 8, uses: [0, 0, 9], agent: 'the agent' },
]

export const goodQuestions: { shape: string; good: Question }[] = SHAPES.map((shape) => ({
  shape: `${shape.hops} ${shape.hops === 1 ? 'hop' : 'hops'}: ${shape.shape}`,
  good: questionOf(shape),
}))

function questionOf({ hops, uses, agent, rekeyed, released }: Shape): Question {
  const between = Array.from({ length: hops - 1 }, (_, i) => person(`delegate ${i + 1}`))
  if (rekeyed === 'the archive') between[0] = ARCHIVE
  const people = [LANDLORD, ...between, agent ? person(agent) : BUREAU]
  const chain = Array.from({ length: hops }, (_, hop) => ({
    parent: ZeroHash,
    grantor: people[hop]!,
    grantee: people[hop + 1]!,
    holder: HOLDER,
    scope: id('the scope'),
    items: mask(0, 1, 2, ...bitsFrom(100 + hop, 110), 255),
    purposes: mask(0, 1, ...bitsFrom(50 + hop, 60), 254),
    notBefore: NOW - 2 * DAY + 1000 * hop,
    notAfter: NOW + 2 * DAY - 1000 * hop,
    depth: 9 - hop,
    uses: uses[Math.min(hop, uses.length - 1)]!,
    epoch: hop % 3,
    salt: id(`salt ${hop}`),
  }))
  const question: Question = {
    chain,
    use: {
      grant: ZeroHash,
      user: BUREAU,
      items: mask(0, 2),
      purposes: mask(1),
      context: id('case, officer and cause'),
      audience: id('the node'),
      sequence: 0,
      notAfter: NOW + 600,
    },
    revoker: LANDLORD,
    world: {
      time: NOW,
      states: chain.map(({ uses: limit }, hop) => ({
        grant: ZeroHash,
        registeredAt: NOW - DAY + 100 * hop,
        revokedAt: 0,
        used: limit === 1 ? 0 : 1,
      })),
      epochs: chain.map(({ grantor, epoch }) => ({ account: grantor, epoch })),
      bindings: [
        binding(LANDLORD, released ? { until: NOW - 1000 } : {}),
        binding(PARTNER),
        binding(FORMER, { until: NOW - 1000, grantsEndedAt: NOW - 1000 }),
      ],
      departments: [
        department(DISTRICT, PLACE.authority),
        department(BUREAU, DISTRICT),
        department(OTHER_BUREAU, DISTRICT),
        department(ARCHIVE, DISTRICT),
      ].map((known) =>
        rekeyed && known.department === person(rekeyed)
          ? { ...known, account: person(`new account of ${rekeyed}`) }
          : known,
      ),
    },
  }
  question.use.sequence = question.world.states.at(-1)!.used
  return relink(question)
}

/** Names each grant's parent, registers every grant and asks for the last, as they read now. */
export function relink(question: Question, place = PLACE): Question {
  const linked = structuredClone(question)
  let parent = ZeroHash
  for (const [hop, grant] of linked.chain.entries()) {
    grant.parent = parent
    parent = grantId(grant, place)
    if (linked.world.states[hop]) linked.world.states[hop].grant = parent
  }
  linked.use.grant = parent
  return linked
}

/** One more hop below the last, no wider, registered. */
export function lengthen(question: Question): Question {
  const longer = structuredClone(question)
  const last = longer.chain.at(-1)!
  const next: WrittenGrant = {
    ...last,
    grantor: last.grantee,
    grantee: person('one too many'),
    depth: last.depth - 1,
    epoch: 0,
  }
  longer.chain.push(next)
  longer.world.states.push({ ...longer.world.states.at(-1)! })
  return relink(longer)
}

function binding(account: string, change: object = {}): PlainWorld['bindings'][0] {
  return { holder: HOLDER, account, from: NOW - 3 * DAY, until: 0, grantsEndedAt: 0, ...change }
}

/** With every role and type, for longer than anything else here. */
function department(name: string, accreditor: string): PlainWorld['departments'][0] {
  return {
    department: name,
    accreditor,
    rights: 63,
    standing: 0,
    notBefore: NOW - 10 * DAY,
    notAfter: NOW + 10 * DAY,
    account: name,
  }
}

/** An address that goes by this name. */
export function person(name: string): string {
  return `0x${id(name).slice(-40)}`
}

export function mask(...bits: number[]): string {
  const sum = bits.reduce((all, bit) => all | (1n << BigInt(bit)), 0n)
  return `0x${sum.toString(16).padStart(64, '0')}`
}

function bitsFrom(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
