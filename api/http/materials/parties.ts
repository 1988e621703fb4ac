import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Holder } from '../../../node/core/statement.ts'
import type { Mirror } from '../../../node/mirror/mirror.ts'
import type { PartyDirectory } from '../../../node/parties/directory.ts'
import { isHolder } from '../registered/access.ts'

/** Whose materials an account may see, and who handed them in: codes of holders stand in statements, and in no path. */
export interface MaterialParties {
  /** Codes of those that the account is bound to now; undefined where these are more than `most`. */
  holdersOf(account: Hex, most: number): Promise<readonly Holder[] | undefined>
  /** The code of one that the account is bound to now; undefined where it is not. */
  holderOf(account: Hex, id: Hex): Promise<Holder | undefined>
  /** Whether the account is bound to somebody with that code now. */
  isBound(account: Hex, holder: Holder): Promise<boolean>
  /** The name of a department; undefined where nobody has said. */
  nameOf(department: Hex): Promise<string | undefined>
}

/** Where no parties are known nobody holds anything. */
export const NO_PARTIES: MaterialParties = {
  holdersOf: async () => [],
  holderOf: async () => undefined,
  isBound: async () => false,
  nameOf: async () => undefined,
}

/** Parties as the registries and the directory have them. */
export function registeredParties({
  mirror,
  directory,
}: {
  readonly mirror: Pick<Mirror, 'holders'>
  readonly directory: Pick<PartyDirectory, 'departmentOf' | 'holderOf' | 'holdersWithCode'>
}): MaterialParties {
  const codeOf = async (id: Hex): Promise<Holder | undefined> => {
    const known = await directory.holderOf(id)
    return known && { codeType: known.codeType, code: known.code }
  }
  return {
    async holdersOf(account, most) {
      const { items, next } = await mirror.holders.holdersOf(account, { limit: most })
      if (next !== undefined) return undefined
      return (await Promise.all(items.map(codeOf))).filter((holder) => holder !== undefined)
    },
    async holderOf(account, id) {
      return isHolder(account, [id], mirror) ? codeOf(id) : undefined
    },
    async isBound(account, holder) {
      const known = await directory.holdersWithCode(holder)
      return isHolder(
        account,
        known.map((one) => one.holder),
        mirror,
      )
    },
    nameOf: async (department) => (await directory.departmentOf(department))?.name,
  }
}
