import { STATUS_NAMES, type StatusCode } from '../certificates/status.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Grant } from '../grants/grant.ts'
import { bitsOf } from '../grants/mask.ts'
import type { ScopeItem, ScopePurpose } from '../grants/scope.ts'
import { ROLES } from '../parties/roles.ts'
import type { Act, ActType, Use } from './acts.ts'
import { findCertificateType } from './certificateType.ts'
import {
  findCalled,
  findName,
  formatTime,
  isEndless,
  rangesOf,
  shorten,
  type Called,
  type MessageOf,
  type Vocabulary,
} from './phrases.ts'
import type { Domain } from './typedData.ts'

const RIGHTS = [...ROLES, 'issuer of every certificate type']

/** The act in one sentence, as of `describeAct`. */
export function sayInEnglish(act: Act, words: Vocabulary, domain?: Domain): string {
  const where =
    domain === undefined
      ? ''
      : ` (recorded on chain ${domain.chainId} by contract ${shorten(domain.verifyingContract)})`
  return `${clauseOf(act.type, act.message, words)}${where}.`
}

function clauseOf<T extends ActType>(type: T, message: MessageOf<T>, words: Vocabulary): string {
  return CLAUSES[type](message, (id) => partyOf(id, words), words)
}

type Party = (id: Hex) => string

const CLAUSES: {
  readonly [T in ActType]: (message: MessageOf<T>, party: Party, words: Vocabulary) => string
} = {
  Accreditation: (message, party) =>
    `${party(message.accreditor)} accredits ${party(message.department)} with ${rightsOf(message.rights)}, ${periodOf(message, 40)}`,
  TypesChange: (message, party) =>
    `${party(message.accreditor)} ${message.permitted ? 'permits' : 'no longer permits'} ${party(message.department)} to issue certificates of type ${message.types.map(typeOf).join(', ')}`,
  StandingChange: (message, party) =>
    `${party(message.accreditor)} ${standingOf(message.standing, party(message.department))}`,
  Rekeying: (message, party) =>
    `${party(message.accreditor)} lets ${party(message.department)} act by the account ${party(message.account)} from now on`,
  HolderBinding: (message, party) =>
    `${party(message.registrar)} binds the account ${party(message.account)} to the holder ${party(message.holder)}, for which it may then grant`,
  HolderRelease: (message, party) =>
    `${party(message.registrar)} releases the account ${party(message.account)} from the holder ${party(message.holder)}; what it granted for the holder ${message.endGrants ? 'ends as well' : 'stays in force'}`,
  StatusChange: (message, party) =>
    `${party(message.issuer)} changes the status of certificate ${party(message.serial)} of type ${typeOf(message.certificateType)} to ${statusOf(message.status)}, as its change number ${message.sequence + 1}`,
  Grant: (message, _, words) => grantOf(message, words),
  Revocation: (message, party, words) =>
    `${party(message.revoker)} revokes ${grantNamed(message.grant, words)} for good, and with it all that was passed on from it`,
  EpochBump: (message, party) =>
    `${party(message.account)} ends, for good, all that it granted before, and begins epoch ${message.epoch}`,
  Use: (message, _, words) => useOf(message, words),
}

function grantOf(grant: Grant, words: Vocabulary): string {
  const party = (id: Hex) => partyOf(id, words)
  const source = /^0x0+$/.test(grant.parent)
    ? 'grants'
    : `passes on, from grant ${shorten(grant.parent)}, to`
  return [
    `${party(grant.grantor)} ${source} ${party(grant.grantee)} the use of ${itemsOf(grant.items, words)} of holder ${party(grant.holder)}`,
    `for ${purposesOf(grant.purposes, words)} (lists ${shorten(grant.scope)})`,
    periodOf(grant, 48),
    grant.uses === 0 ? 'any number of times' : `at most ${times(grant.uses)} in all`,
    grant.depth === 0
      ? 'not to be passed on'
      : `to be passed on over at most ${grant.depth} further level${grant.depth === 1 ? '' : 's'}`,
    `in epoch ${grant.epoch} of the grantor`,
  ].join(', ')
}

function useOf(use: Use, words: Vocabulary): string {
  return [
    `${partyOf(use.user, words)} asks ${partyOf(use.audience, words)} for ${itemsOf(use.items, words)}`,
    `for ${purposesOf(use.purposes, words)}`,
    `under ${grantNamed(use.grant, words)}`,
    `as its use number ${use.sequence + 1}`,
    `for the case and officer committed to in ${shorten(use.context)}`,
    isEndless(use.notAfter, 48) ? 'at any time' : `not after ${timeOf(use.notAfter)}`,
  ].join(', ')
}

function grantNamed(id: Hex, words: Vocabulary): string {
  const { grant } = words
  if (grant === undefined) return `grant ${shorten(id)}`
  const [grantor, grantee] = [partyOf(grant.grantor, words), partyOf(grant.grantee, words)]
  return `grant ${shorten(id)} by ${grantor} to ${grantee}`
}

export function partyOf(id: Hex, words: Vocabulary): string {
  const name = findName(words, id)
  return name === undefined ? shorten(id) : `“${name}” (${shorten(id)})`
}

function standingOf(standing: number, department: string): string {
  if (standing === 0) return `lets ${department} act again`
  if (standing === 1) return `suspends ${department} and every department below it`
  return `withdraws ${department} for good, and every department below it`
}

function rightsOf(rights: number): string {
  const names = bitsOf(`0x${rights.toString(16)}`).map(
    (bit) => RIGHTS[bit] ?? `unknown right ${bit}`,
  )
  return names.length === 0 ? 'no right' : `the rights ${names.join(', ')}`
}

function typeOf(word: Hex): string {
  return findCertificateType(word) ?? word
}

function statusOf(status: number): string {
  const code = String(status).padStart(2, '0')
  return `${code} (${STATUS_NAMES[code as StatusCode]?.en ?? 'unknown'})`
}

function itemsOf(mask: Hex, words: Vocabulary): string {
  return entriesOf('item', bitsOf(mask), words.items, (one) => itemOf(one, words))
}

export function itemOf(item: ScopeItem, words: Vocabulary): string {
  const fields = item.fields === undefined ? '' : `fields ${item.fields.join(', ')} of `
  const of =
    'material' in item
      ? `material ${calledOf(words, 'materials', item.material)}`
      : `certificates ${calledOf(words, 'certificateTypes', item.certificateType)}`
  const plain = item.plain === undefined ? '' : `, ${item.plain.join(', ')} in clear`
  return `${fields}${of}, ${item.may === 'copy' ? 'to read and to copy' : 'to read only'}${plain}`
}

function calledOf(words: Vocabulary, of: keyof Called, id: string): string {
  const name = findCalled(words, of, id)
  return name === undefined ? id : `“${name}” (${id})`
}

function purposesOf(mask: Hex, words: Vocabulary): string {
  return entriesOf('purpose', bitsOf(mask), words.purposes, (one) => purposeOf(one, words))
}

export function purposeOf({ matter, department, region }: ScopePurpose, words: Vocabulary): string {
  return [
    `matter ${calledOf(words, 'matters', matter)}`,
    ...(department === undefined ? [] : [`at ${partyOf(department, words)}`]),
    ...(region === undefined ? [] : [`in region ${region}`]),
  ].join(' ')
}

function entriesOf<E>(
  noun: string,
  bits: readonly number[],
  entries: ReadonlyMap<number, E>,
  say: (entry: E) => string,
): string {
  if (bits.length === 0) return `no ${noun}`
  const numbered = `${noun}${bits.length === 1 ? '' : 's'} ${rangesOf(bits).join(', ')}`
  const said = bits.flatMap((bit) => {
    const entry = entries.get(bit)
    return entry === undefined ? [] : [`${bit + 1}: ${say(entry)}`]
  })
  return said.length === 0 ? numbered : `${numbered} [${said.join('; ')}]`
}

function periodOf(window: { notBefore: number; notAfter: number }, bits: 40 | 48): string {
  const from = window.notBefore === 0 ? 'from any time' : `from ${timeOf(window.notBefore)}`
  return `${from} ${isEndless(window.notAfter, bits) ? 'without end' : `until ${timeOf(window.notAfter)}`}`
}

/** ISO 8601, UTC. */
export function timeOf(seconds: number): string {
  return formatTime(seconds, 0).replace(/^(\S+) (\d\S*)$/, '$1T$2Z')
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
