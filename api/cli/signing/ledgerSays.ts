import type { Signable } from '../../../node/core/acts/acts.ts'
import { findName, shorten } from '../../../node/core/acts/phrases.ts'
import { structOf } from '../../../node/core/acts/structs.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { namesOf } from '../../client/index.ts'
import type { OnceClient } from '../../client/index.ts'

/** By the ids of departments and holders, and by accounts of holders. */
export type Names = ReadonlyMap<Hex, string>

/** Whose ids stand in the words. */
export interface Parties {
  /** Accounts, too: some are departments. */
  readonly addresses: readonly Hex[]
  readonly holders: readonly Hex[]
}

type Directory = Pick<OnceClient, 'departments' | 'holders'>

export function partiesIn({ type, message }: Signable): Parties {
  const members = Object.entries(message) as [string, Hex][]
  const named = new Set(
    structOf(type).fields.flatMap((field) => (field.type === 'address' ? [field.name] : [])),
  )
  return {
    addresses: members.flatMap(([name, value]) => (named.has(name) ? [value] : [])),
    holders: members.flatMap(([name, value]) => (name === 'holder' ? [value] : [])),
  }
}

/** What the ledger calls them, as far as one may know; those that it has no name for are left out. */
export async function askNames(client: Directory, { addresses, holders }: Parties): Promise<Names> {
  const [departments, ...found] = await Promise.all([
    namesOf(client, addresses),
    // Words can be agreed to without a name; what is wrong with the ledger shows when it is handed in.
    ...holders.map((id) => client.holders.get(id).catch(() => undefined)),
  ])
  const names = new Map(departments)
  for (const { id, name, accounts } of found.filter((one) => one !== undefined)) {
    if (name === undefined) continue
    names.set(id, name)
    for (const { account } of accounts)
      if (addresses.includes(account) && !names.has(account)) names.set(account, name)
  }
  return names
}

/**
 * Names beside what is signed, and never in it: a ledger may call anybody anything, and what is signed holds ids alone.
 * Empty where there is no name.
 */
export function ledgerSays(names: Names): string {
  const lines = [...names.keys()].flatMap((id) => {
    const name = findName({ names }, id)
    return name === undefined ? [] : [`  ${shorten(id)}  ${name}`]
  })
  if (lines.length === 0) return ''
  return ['账本称（不在签名之内） The ledger says, and it is not signed:', ...lines].join('\n')
}
