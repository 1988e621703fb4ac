import { id, ZeroAddress, ZeroHash } from 'ethers'
import { grantId, type Question, type WrittenGrant } from '../reference/grants.ts'
import {
  BUREAU,
  DISTRICT,
  LANDLORD,
  mask,
  NOW,
  OTHER_BUREAU,
  person,
  PLACE,
} from './grantShapes.ts'

// Every single thing that can be otherwise about what the chain says, and about what a use asks for.

export interface Change {
  case: string
  changed: Question
}

export type StateOf = (state: Question['world']['states'][0], grant: WrittenGrant) => object

export function changesOfWorld(good: Question): Change[] {
  return [...ofTimes(good), ...ofBindings(good), ...ofDepartments(good), ...ofUses(good)]
}

function ofTimes(good: Question): Change[] {
  const last = good.chain.length - 1
  const { notBefore, notAfter } = good.chain[last]!
  const root = good.chain[0]!
  return Object.entries({
    'the first second of the last hop': notBefore,
    'one second before the last hop begins': notBefore - 1,
    'one second before the root begins': root.notBefore - 1,
    'the last second of the last hop': notAfter,
    'one second after the last hop ends': notAfter + 1,
    'one second after the root ends': root.notAfter + 1,
  }).map(([name, time]) => ({
    case: `at ${name}`,
    changed: {
      ...good,
      use: { ...good.use, notAfter: time },
      world: { ...good.world, time },
    },
  }))
}

function ofBindings(good: Question): Change[] {
  const { registeredAt } = good.world.states[0]!
  const bound = (name: string, change: object) =>
    inWorld(good, `the landlord’s account ${name}`, ({ bindings }) => ({
      bindings: bindings.with(0, { ...bindings[0]!, ...change }),
    }))
  const unregistered = withState(good, 0, () => ({ registeredAt: 0, used: 0 }))
  const unbound = (change: object) => ({
    ...unregistered,
    world: {
      ...unregistered.world,
      bindings: good.world.bindings.with(0, { ...good.world.bindings[0]!, ...change }),
    },
  })
  return [
    bound('was never bound', { from: 0, until: 0 }),
    bound('is bound', { until: 0 }),
    bound('was released', { until: NOW - 5 }),
    bound('is bound to another holder', { holder: id('another holder') }),
    bound('was released, its grants ended', { until: NOW - 5, grantsEndedAt: NOW - 5 }),
    bound('is bound again after its grants ended', { from: NOW - 4, until: 0, grantsEndedAt: NOW - 5 }),
    bound('saw its grants ended just when it granted', { grantsEndedAt: registeredAt }),
    bound('saw its grants ended just before it granted', { grantsEndedAt: registeredAt - 1 }),
    { case: 'a bound account registers the root', changed: unbound({ until: 0 }) },
    { case: 'a released account registers the root', changed: unbound({ until: NOW - 5 }) },
    { case: 'an account that was never bound registers the root', changed: unbound({ from: 0, until: 0 }) },
  ]
}

function ofDepartments(good: Question): Change[] {
  const names = [DISTRICT, BUREAU]
  const changed = names.flatMap((of, level) => {
    const who = ['the department above', 'the using department'][level]!
    const change = (name: string, to: object) =>
      inWorld(good, `${who} ${name}`, ({ departments }) => ({
        departments: departments.map((known) =>
          known.department === of ? { ...known, ...to } : known,
        ),
      }))
    return [
      change('is suspended', { standing: 1 }),
      change('was withdrawn', { standing: 2 }),
      change('has only the role of user', { rights: 1 << 3 }),
      change('has every right but this', { rights: 63 - (1 << 3) }),
      change('begins now', { notBefore: NOW }),
      change('begins in a second', { notBefore: NOW + 1 }),
      change('ends now', { notAfter: NOW }),
      change('ended a second ago', { notAfter: NOW - 1 }),
      change('is unknown', { department: person('a department that nobody asked about') }),
      change('acts by another account', { account: person('yet another account') }),
      change('is accredited by nobody', { accreditor: ZeroAddress }),
    ]
  })
  return changed
}

function ofUses(good: Question): Change[] {
  const last = good.chain.length - 1
  const use = (name: string, change: Partial<Question['use']>): Change => ({
    case: `the use ${name}`,
    changed: { ...good, use: { ...good.use, ...change } },
  })
  const { sequence } = good.use
  return [
    use('names another grant', { grant: id('another grant') }),
    use('names the root', { grant: grantId(good.chain[0]!, PLACE) }),
    use('is by another department', { user: OTHER_BUREAU }),
    use('is by the authority', { user: PLACE.authority }),
    use('is by the landlord', { user: LANDLORD }),
    use('is by nobody', { user: ZeroAddress }),
    use('is of one item', { items: mask(255) }),
    use('is of all that was granted', { items: good.chain[last]!.items }),
    use('is of no item', { items: ZeroHash }),
    use('is of one item too many', { items: mask(0, 2, 77) }),
    use('is of an item granted to nobody', { items: mask(3) }),
    use('is of the item that the last hop left out', { items: mask(100 + last - 1) }),
    use('is for no purpose', { purposes: ZeroHash }),
    use('is for two purposes', { purposes: mask(0, 1) }),
    use('is for the last purpose', { purposes: mask(254) }),
    use('is for a purpose granted to nobody', { purposes: mask(2) }),
    use('is for the purpose that the last hop left out', { purposes: mask(50 + last - 1) }),
    use('is for another case', { context: id('another case') }),
    use('asks another node', { audience: id('another node') }),
    use('comes early', { sequence: sequence + 1 }),
    use('comes again', { sequence: Math.max(0, sequence - 1) }),
    use('ends now', { notAfter: NOW }),
    use('ended a second ago', { notAfter: NOW - 1 }),
  ]
}

export function inWorld(
  good: Question,
  name: string,
  change: (world: Question['world']) => Partial<Question['world']>,
): Change {
  return { case: name, changed: { ...good, world: { ...good.world, ...change(good.world) } } }
}

export function withState(question: Question, hop: number, change: StateOf): Question {
  const state = question.world.states[hop]!
  const states = question.world.states.with(hop, {
    ...state,
    ...change(state, question.chain[hop]!),
  })
  return { ...question, world: { ...question.world, states } }
}
