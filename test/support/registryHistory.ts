import type { Hex } from '../../node/chain/chain.ts'
import { addressOf, hashOf } from './registryChain.ts'
import type { EventBody } from './registryChain.ts'

const NOBODY: Hex = `0x${'0'.repeat(40)}`
const NO_PARENT: Hex = `0x${'0'.repeat(64)}`
const DEPARTMENTS = ['authority', 'city', 'district', 'bureau'].map(addressOf)
const ACCOUNTS = ['one', 'two', 'three'].map(addressOf)
const HOLDERS = ['landlord', 'tenant'].map(hashOf)
const CERTIFICATES = ['deed', 'licence'].map(hashOf)
const TYPES = ['property', 'food'].map(hashOf)

/**
 * Something that may come after `past`, chosen by a number from 0 to 2^32 - 1. What builds on nothing that was told
 * before is not made up; the contracts' finer rules do not matter to who only records.
 */
export function nextEvent(choice: number, past: readonly EventBody[]): EventBody {
  let left = choice
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[left % items.length] as Item
    left = Math.floor(left / items.length)
    return item
  }
  const known = of(past, 'DepartmentAccredited').map(({ department }) => department)
  const grants = of(past, 'GrantRegistered')
  const bindings = of(past, 'AccountBound')
  const department = () => pick(known)
  const accredit = (): EventBody => {
    const accredited = pick(DEPARTMENTS)
    const first = past.find(
      (event) => event.type === 'DepartmentAccredited' && event.department === accredited,
    )
    const accreditor =
      first?.type === 'DepartmentAccredited'
        ? first.accreditor
        : known.length === 0
          ? NOBODY
          : department()
    const terms = { rights: pick([63, 3, 0]), notBefore: 0, notAfter: pick([2 ** 40 - 1, 1e9]) }
    return { type: 'DepartmentAccredited', department: accredited, accreditor, ...terms }
  }
  if (known.length === 0) return accredit()
  const holder = pick(HOLDERS)
  const certificateType = pick(TYPES)
  const grant = hashOf(`grant ${past.length} ${choice}`)
  const people = { grantor: pick(ACCOUNTS), grantee: pick(ACCOUNTS) }
  const possible: (() => EventBody)[] = [
    accredit,
    () => ({
      type: 'CertificateTypePermitted',
      department: department(),
      certificateType,
      permitted: pick([true, false]),
    }),
    () => ({ type: 'StandingChanged', department: department(), standing: pick([0, 1, 2]) }),
    () => ({ type: 'DepartmentRekeyed', department: department(), account: pick(ACCOUNTS) }),
    () => ({ type: 'AccountBound', holder, account: pick(ACCOUNTS), registrar: department() }),
    () => ({
      type: 'StatusChanged',
      issuer: department(),
      certificate: pick(CERTIFICATES),
      status: pick([1, 2, 7]),
    }),
    () => ({ type: 'EpochBumped', account: pick(ACCOUNTS), epoch: past.length }),
    () => ({ type: 'GrantRegistered', grant, holder, parent: NO_PARENT, ...people }),
  ]
  if (bindings.length > 0)
    possible.push(() => {
      const { holder, account, registrar } = pick(bindings)
      return { type: 'AccountReleased', holder, account, registrar, endGrants: pick([true, false]) }
    })
  if (grants.length > 0)
    possible.push(
      () => {
        const { grant: parent, holder, grantee } = pick(grants)
        const grantor = grantee
        return { type: 'GrantRegistered', grant, holder, parent, grantor, grantee: people.grantee }
      },
      () => {
        const { grant, holder } = pick(grants)
        return { type: 'GrantRevoked', grant, holder, revoker: people.grantor }
      },
      () => {
        const { grant, holder } = pick(grants)
        const useId = hashOf(`use ${past.length} ${choice}`)
        const sequence = of(past, 'GrantUsed').filter((use) => use.grant === grant).length
        const counted = pick([1, 2, 3, 5, 255])
        return { type: 'GrantUsed', grant, holder, user: department(), useId, sequence, counted }
      },
    )
  return pick(possible)()
}

function of<Type extends EventBody['type']>(past: readonly EventBody[], type: Type) {
  return past.filter(
    (event): event is Extract<EventBody, { readonly type: Type }> => event.type === type,
  )
}
