import { id, ZeroAddress, ZeroHash } from 'ethers'
import { grantId, type Question, type WrittenGrant } from '../reference/grants.ts'
import {
  FORMER,
  LANDLORD,
  lengthen,
  mask,
  NOW,
  OTHER_BUREAU,
  PARTNER,
  person,
  PLACE,
  relink,
} from './grantShapes.ts'
import { changesOfWorld, inWorld, withState, type Change, type StateOf } from './grantWorldChanges.ts'

// Every single thing that can be otherwise about a good chain, one at a time.

const STRANGER = person('a stranger')
const ALL = `0x${'f'.repeat(64)}`

type GrantChange = (grant: WrittenGrant, above: WrittenGrant | undefined) => Partial<WrittenGrant>

const ofTerms: Record<string, GrantChange> = {
  'another grantor': () => ({ grantor: STRANGER }),
  'another grantee': () => ({ grantee: STRANGER }),
  'no grantee': () => ({ grantee: ZeroAddress }),
  'another holder': () => ({ holder: id('another holder') }),
  'another scope': () => ({ scope: id('another scope') }),
  'an item more': ({ items }) => ({ items: or(items, mask(77)) }),
  'every item': () => ({ items: ALL }),
  'an item less': ({ items }) => ({ items: without(items, 255) }),
  'no item': () => ({ items: ZeroHash }),
  'a purpose more': ({ purposes }) => ({ purposes: or(purposes, mask(77)) }),
  'every purpose': () => ({ purposes: ALL }),
  'a purpose less': ({ purposes }) => ({ purposes: without(purposes, 254) }),
  'no purpose': () => ({ purposes: ZeroHash }),
  'a beginning before that above': (grant, above) => ({
    notBefore: (above ?? grant).notBefore - 1,
  }),
  'a beginning one second later': ({ notBefore }) => ({ notBefore: notBefore + 1 }),
  'a beginning now': () => ({ notBefore: NOW }),
  'a beginning to come': () => ({ notBefore: NOW + 1 }),
  'a beginning after its end': ({ notAfter }) => ({ notBefore: notAfter + 1 }),
  'an end after that above': (grant, above) => ({ notAfter: (above ?? grant).notAfter + 1 }),
  'an end one second earlier': ({ notAfter }) => ({ notAfter: notAfter - 1 }),
  'an end now': () => ({ notAfter: NOW }),
  'a window of this second': () => ({ notBefore: NOW, notAfter: NOW }),
  'an end that has passed': () => ({ notAfter: NOW - 1 }),
  'an end before its beginning': ({ notBefore }) => ({ notAfter: notBefore - 1 }),
  'as much depth as above': (grant, above) => ({ depth: (above ?? grant).depth }),
  'all depth there is': () => ({ depth: 255 }),
  'one level less': ({ depth }) => ({ depth: depth - 1 }),
  'no depth': () => ({ depth: 0 }),
  'any number of uses': () => ({ uses: 0 }),
  'one use more': ({ uses }) => ({ uses: uses + 1 }),
  'as many uses as above': (grant, above) => ({ uses: (above ?? grant).uses }),
  'one use': () => ({ uses: 1 }),
  'the most uses that can be said': () => ({ uses: 2 ** 32 - 1 }),
  'an epoch to come': ({ epoch }) => ({ epoch: epoch + 1 }),
  'the first epoch': () => ({ epoch: 0 }),
  'another salt': () => ({ salt: id('another salt') }),
}

const ofParent: Record<string, GrantChange> = {
  'another parent': () => ({ parent: id('another parent') }),
  'no parent': () => ({ parent: ZeroHash }),
}

const ofState: Record<string, StateOf> = {
  revoked: () => ({ revokedAt: NOW - 10 }),
  'not registered': () => ({ registeredAt: 0, used: 0 }),
  'revoked before it was registered': () => ({ registeredAt: 0, revokedAt: NOW - 10, used: 0 }),
  'used up': (_, { uses }) => ({ used: uses }),
  'with one use left': (_, { uses }) => ({ used: Math.max(0, uses - 1) }),
  'never used': () => ({ used: 0 }),
  'used more often': ({ used }) => ({ used: used + 1 }),
  'registered under another contract': (_, grant) => ({
    grant: grantId(grant, { ...PLACE, contract: STRANGER }),
  }),
  'registered on another chain': (_, grant) => ({ grant: grantId(grant, { ...PLACE, chainId: 1 }) }),
}

/** All changes of one question, each with a name. Those that change nothing are left out. */
export function changesOf(good: Question): Change[] {
  return [
    ...good.chain.flatMap((_, hop) => ofHop(good, hop)),
    ...ofChains(good),
    ...changesOfWorld(good),
    ...ofRevokers(good),
    ...ofRekeyedLandlord(good),
  ].filter(({ changed }) => JSON.stringify(changed) !== JSON.stringify(good))
}

function ofHop(good: Question, hop: number): Change[] {
  const { chain } = good
  const named = (name: string, changed: Question): Change => ({ case: `hop ${hop}: ${name}`, changed })
  const terms = Object.entries(ofTerms)
  return [
    ...Object.entries(ofParent).map(([name, change]) => named(name, withTerms(good, hop, change))),
    ...terms.map(([name, change]) => named(name, withTerms(good, hop, change))),
    // The chain keeps no such grant, but the rules must not rest on that: all hops are looked at, every time.
    ...(isRelinked(chain)
      ? terms.map(([name, change]) =>
          named(`${name}, registered`, relink(withTerms(good, hop, change))),
        )
      : []),
    ...Object.entries(ofState).map(([name, change]) => named(name, withState(good, hop, change))),
    inWorld(good, `hop ${hop}: its grantor ended what it had granted`, ({ epochs }) => ({
      epochs: epochs.with(hop, { ...epochs[hop]!, epoch: epochs[hop]!.epoch + 1 }),
    })),
    { case: `hop ${hop} is left out`, changed: { ...good, chain: chain.toSpliced(hop, 1) } },
    { case: `hop ${hop} twice`, changed: { ...good, chain: chain.toSpliced(hop, 0, chain[hop]!) } },
    revokedBy(good, `the grantor of hop ${hop}`, chain[hop]!.grantor),
  ]
}

/** Every id below a changed grant is another: chains in between would make the file long and tell nothing new. */
function isRelinked({ length }: WrittenGrant[]): boolean {
  return length <= 4 || length === 8
}

function ofChains(good: Question): Change[] {
  return [
    { case: 'no chain', changed: { ...good, chain: [] } },
    { case: 'one hop more', changed: lengthen(good) },
    { case: 'the chain backwards', changed: { ...good, chain: good.chain.toReversed() } },
    ...(good.chain.length > 1
      ? [{ case: 'the chain without its root, whose partner revokes', changed: { ...good, revoker: PARTNER, chain: good.chain.slice(1) } }]
      : []),
  ]
}

/** The landlord is a department too, granted at the last hop as well, and acts by another account since. */
function ofRekeyedLandlord(good: Question): Change[] {
  const { chain, world, use } = good
  const landlord = { ...world.departments[3]!, department: LANDLORD, account: person('rekeyed') }
  const departments = world.departments.with(3, landlord)
  const rekeyed = withState({ ...good, world: { ...world, departments } }, 0, () => ({
    registeredAt: 0,
    used: 0,
  }))
  const last = chain.length - 1
  const again = chain
    .with(last, { ...chain[last]!, grantor: LANDLORD, epoch: 0 })
    .map((grant, hop) => (hop === last - 1 ? { ...grant, grantee: LANDLORD } : grant))
  return [
    { case: 'the root is registered for a department that acts by another account', changed: rekeyed },
    ...(last > 0
      ? [
          {
            case: 'a department that granted twice, and acts by another account, revokes',
            changed: relink({ ...good, chain: again, use, world: { ...world, departments } }),
          },
        ]
      : []),
  ]
}

function ofRevokers(good: Question): Change[] {
  return [
    revokedBy(good, 'another account of the holder', PARTNER),
    revokedBy(good, 'a former account of the holder', FORMER),
    revokedBy(good, 'the last grantee', good.chain.at(-1)!.grantee),
    revokedBy(good, 'a department that has no part in it', OTHER_BUREAU),
    revokedBy(good, 'a stranger', STRANGER),
    revokedBy(good, 'nobody', ZeroAddress),
    revokedBy(
      withTerms(good, 0, () => ({ grantor: ZeroAddress })),
      'nobody, who granted the root,',
      ZeroAddress,
    ),
    {
      case: 'an account of another holder revokes',
      changed: {
        ...good,
        revoker: STRANGER,
        world: {
          ...good.world,
          bindings: good.world.bindings.with(1, {
            ...good.world.bindings[1]!,
            holder: id('another holder'),
            account: STRANGER,
          }),
        },
      },
    },
  ]
}

function revokedBy(good: Question, name: string, address: string): Change {
  return { case: `${name} revokes`, changed: { ...good, revoker: address } }
}

function withTerms(question: Question, hop: number, change: GrantChange): Question {
  const grant = { ...question.chain[hop]!, ...change(question.chain[hop]!, question.chain[hop - 1]) }
  return { ...question, chain: question.chain.with(hop, grant) }
}

function or(a: string, b: string): string {
  return hex(BigInt(a) | BigInt(b))
}

function without(bits: string, bit: number): string {
  return hex(BigInt(bits) & ~(1n << BigInt(bit)))
}

function hex(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`
}
