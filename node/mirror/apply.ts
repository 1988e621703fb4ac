import type { Hex } from '../chain/chain.ts'
import type { RegistryEvent } from '../chain/registries.ts'
import { LedgerError } from '../core/errors.ts'
import type { HolderAccount } from './mirror.ts'
import { bare, NO_ADDRESS, NO_HASH, NO_USE, placeOf, positionOf } from './records.ts'
import type { DepartmentRecord, GrantRecord, Period, RecordWriter, Terms } from './records.ts'

type EventOf<Type extends RegistryEvent['type']> = Extract<RegistryEvent, { readonly type: Type }>

/**
 * Records what the contract recorded when it emitted the event.
 *
 * @throws LedgerError unavailable/MIRROR_EVENTS_MISSING the event builds on one that the chain never told of
 */
export function applyEvent(event: RegistryEvent, records: RecordWriter): void {
  switch (event.type) {
    case 'DepartmentAccredited':
      return accredit(event, records)
    case 'CertificateTypePermitted':
      return permitType(event, records)
    case 'StandingChanged':
      return changeStanding(event, records)
    case 'DepartmentRekeyed':
      return rekey(event, records)
    case 'AccountBound':
      return bind(event, records)
    case 'AccountReleased':
      return release(event, records)
    case 'StatusChanged':
      return changeStatus(event, records)
    case 'GrantRegistered':
      return register(event, records)
    case 'GrantRevoked':
      return revoke(event, records)
    case 'EpochBumped':
      return records.put('epoch', bare(event.account), event.epoch)
    case 'GrantUsed':
      return use(event, records)
  }
}

/** The first event makes the department; later ones change its terms and leave its standing. */
function accredit(event: EventOf<'DepartmentAccredited'>, records: RecordWriter): void {
  const { department, accreditor, rights, notBefore, notAfter } = event
  const known = records.get('department', bare(department))
  const from = event.block.timestamp
  const standing = known?.terms.at(-1)?.standing ?? 0
  const terms = { from, rights, standing, notBefore, notAfter }
  if (known !== undefined) {
    records.put('department', bare(department), { ...known, terms: followedBy(known.terms, terms) })
    return
  }
  records.put('department', bare(department), {
    accreditor,
    accredited: placeOf(event),
    terms: [terms],
    accounts: [],
    types: {},
  })
  if (accreditor === NO_ADDRESS) records.put('about', 'authority', department)
  records.add('departmentBelow', `${bare(accreditor)}/${positionOf(event)}`, department)
  startActing(department, department, records)
}

function permitType(event: EventOf<'CertificateTypePermitted'>, records: RecordWriter): void {
  const known = departmentOf(event, records)
  const { certificateType, permitted } = event
  const time = event.block.timestamp
  const periods = known.types[certificateType] ?? []
  const changed = permitted ? [...periods, { from: time, until: 0 }] : ended(periods, time)
  const types = { ...known.types, [certificateType]: changed }
  records.put('department', bare(event.department), { ...known, types })
}

function changeStanding(event: EventOf<'StandingChanged'>, records: RecordWriter): void {
  const known = departmentOf(event, records)
  const terms: Terms = {
    ...(known.terms.at(-1) as Terms),
    from: event.block.timestamp,
    standing: event.standing,
  }
  records.put('department', bare(event.department), {
    ...known,
    terms: followedBy(known.terms, terms),
  })
}

function rekey(event: EventOf<'DepartmentRekeyed'>, records: RecordWriter): void {
  const known = departmentOf(event, records)
  const { department, account } = event
  stopActing(department, known.accounts.at(-1)?.account ?? department, records)
  startActing(department, account, records)
  const accounts = followedBy(known.accounts, { from: event.block.timestamp, account })
  records.put('department', bare(department), { ...known, accounts })
}

function startActing(department: Hex, account: Hex, records: RecordWriter): void {
  const departments = records.get('departmentsOfAccount', bare(account)) ?? []
  records.put('departmentsOfAccount', bare(account), [...departments, department])
}

function stopActing(department: Hex, account: Hex, records: RecordWriter): void {
  const departments = records.get('departmentsOfAccount', bare(account)) ?? []
  const others = departments.filter((other) => other !== department)
  if (others.length === 0) records.remove('departmentsOfAccount', bare(account))
  else records.put('departmentsOfAccount', bare(account), others)
}

function bind(event: EventOf<'AccountBound'>, records: RecordWriter): void {
  const { holder, account, registrar } = event
  const known = records.get('holder', bare(holder)) ?? { registrar, accounts: [] }
  const began = {
    from: event.block.timestamp,
    until: 0,
    registrar,
    bound: placeOf(event),
  }
  const before = known.accounts.find((one) => one.account === account)
  const bound: HolderAccount =
    before === undefined
      ? { account, periods: [began], grantsEndedAt: 0 }
      : { ...before, periods: [...before.periods, began] }
  const accounts =
    before === undefined
      ? [...known.accounts, bound]
      : known.accounts.map((one) => (one === before ? bound : one))
  records.put('holder', bare(holder), { ...known, accounts })
  records.put('holderOfAccount', `${bare(account)}/${bare(holder)}`, holder)
}

function release(event: EventOf<'AccountReleased'>, records: RecordWriter): void {
  const { holder, account, endGrants } = event
  const time = event.block.timestamp
  const known = records.get('holder', bare(holder)) ?? missing(event)
  const before = known.accounts.find((one) => one.account === account) ?? missing(event)
  const released: HolderAccount = {
    ...before,
    periods: ended(before.periods, time),
    grantsEndedAt: endGrants ? time : before.grantsEndedAt,
  }
  const accounts = known.accounts.map((one) => (one === before ? released : one))
  records.put('holder', bare(holder), { ...known, accounts })
  records.remove('holderOfAccount', `${bare(account)}/${bare(holder)}`)
}

function changeStatus(event: EventOf<'StatusChanged'>, records: RecordWriter): void {
  const { certificate, issuer, status } = event
  const changes = records.get('certificate', bare(certificate)) ?? []
  const change = { status, issuer, recorded: placeOf(event) }
  records.put('certificate', bare(certificate), [...changes, change])
}

function register(event: EventOf<'GrantRegistered'>, records: RecordWriter): void {
  const { grant, holder, parent, grantor, grantee } = event
  records.add('grant', bare(grant), {
    registered: { holder, parent, grantor, grantee, place: placeOf(event) },
    used: 0,
    lastUse: NO_USE,
  })
  const position = positionOf(event)
  if (parent !== NO_HASH) records.add('grantBelow', `${bare(parent)}/${position}`, grant)
  records.add('grantOfHolder', `${bare(holder)}/${position}`, grant)
  records.add('grantToGrantee', `${bare(grantee)}/${position}`, grant)
}

function revoke(event: EventOf<'GrantRevoked'>, records: RecordWriter): void {
  const { grant, revoker } = event
  const known = records.get('grant', bare(grant)) ?? { used: 0, lastUse: NO_USE }
  records.put('grant', bare(grant), { ...known, revocation: { revoker, recorded: placeOf(event) } })
}

/** Counts at the hops that `counted` names, from the root, 0; the last hop remembers the request. */
function use(event: EventOf<'GrantUsed'>, records: RecordWriter): void {
  const { grant, user, useId, sequence, counted } = event
  const chain = chainOf(event, records)
  for (const [hop, { id, record }] of chain.entries()) {
    const used = record.used + ((counted >> hop) & 1)
    if (id === grant) records.put('grant', bare(id), { ...record, used, lastUse: firstHalf(useId) })
    else if (used !== record.used) records.put('grant', bare(id), { ...record, used })
  }
  const recorded = placeOf(event)
  records.add('use', bare(useId), { useId, grant, user, sequence, counted, recorded })
  const place = sequence.toString(16).padStart(8, '0')
  records.add('useOfGrant', `${bare(grant)}/${place}`, useId)
}

/** From the root down to the grant that was used. */
function chainOf(
  event: EventOf<'GrantUsed'>,
  records: RecordWriter,
): { readonly id: Hex; readonly record: GrantRecord }[] {
  const chain: { id: Hex; record: GrantRecord }[] = []
  for (let id = event.grant; id !== NO_HASH;) {
    const record = records.get('grant', bare(id))
    if (record?.registered === undefined) return missing(event)
    chain.push({ id, record })
    id = record.registered.parent
  }
  return chain.toReversed()
}

function firstHalf(useId: Hex): Hex {
  return useId.slice(0, NO_USE.length) as Hex
}

function departmentOf(
  event: RegistryEvent & { readonly department: Hex },
  records: RecordWriter,
): DepartmentRecord {
  return records.get('department', bare(event.department)) ?? missing(event)
}

/** As OpenZeppelin's Checkpoints: what follows within the same second replaces. */
function followedBy<Item extends { readonly from: number }>(
  items: readonly Item[],
  next: Item,
): Item[] {
  const before = items.at(-1)?.from === next.from ? items.slice(0, -1) : items
  return [...before, next]
}

function ended<Some extends Period>(periods: readonly Some[], time: number): Some[] {
  return periods.map((period) => (period.until === 0 ? { ...period, until: time } : period))
}

function missing({ type, block }: RegistryEvent): never {
  throw new LedgerError('unavailable', 'MIRROR_EVENTS_MISSING', {
    event: type,
    block: block.number,
  })
}
