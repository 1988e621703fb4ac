import type { Hex } from '../core/ethereum/hex.ts'
import type { Grant } from '../core/grants/grant.ts'
import { grantIdOf } from '../core/grants/rules.ts'
import type { GrantWorld } from '../core/grants/world.ts'
import type { Registries } from '../core/parties/registries.ts'
import type { PartyDirectory } from '../parties/directory.ts'
import { mayRead } from './access.ts'
import type { Reader } from './access.ts'

type Directory = Pick<PartyDirectory, 'departmentOf' | 'holderOf'>

/** Names of those that are departments. */
export async function namesOf(
  parties: readonly Hex[],
  directory: Pick<Directory, 'departmentOf'>,
): Promise<Map<Hex, string>> {
  const found = await Promise.all(
    [...new Set(parties)].map(async (party) => {
      const name = (await directory.departmentOf(party))?.name
      return name === undefined ? [] : [[party, name] as const]
    }),
  )
  return new Map(found.flat())
}

/**
 * Names for the sentence of a grant. Ids of holders are public, and who they are is not: the holder is named only to
 * itself, and to those who hold a registered grant of it. A chain that was merely made up tells nothing.
 */
export async function namesOfGrant(
  { grant, above }: { readonly grant: Grant; readonly above: readonly Grant[] },
  reader: Reader,
  world: GrantWorld,
  { directory, registries }: { readonly directory: Directory; readonly registries: Registries },
): Promise<Map<Hex, string>> {
  const { holder, grantor, grantee } = grant
  const registered = above.every(
    (each) =>
      each.holder === holder && world.stateOf(grantIdOf(each, registries)).registeredAt !== 0,
  )
  const { from, until } = world.bindingOf(holder, reader.account)
  const own = from !== 0 && until === 0 ? [reader.account] : []
  const names = await namesOf([grantor, grantee], directory)
  if (!mayRead(reader, registered ? above : [], own)) return names
  const name = (await directory.holderOf(holder))?.name
  return name === undefined ? names : names.set(holder, name)
}
