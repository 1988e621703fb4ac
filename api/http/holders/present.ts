import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { HolderAccount } from '../../../node/mirror/mirror.ts'
import type { PartyDirectory } from '../../../node/parties/directory.ts'
import type { Holder } from './schema.ts'

export async function presentHolder(
  { id, registrar, accounts }: { id: Hex; registrar: Hex; accounts: readonly HolderAccount[] },
  masked: boolean,
  directory: Pick<PartyDirectory, 'holderOf'>,
): Promise<Holder> {
  const known = await directory.holderOf(id)
  const shown = masked ? mask : (text: string) => text
  return {
    id,
    registrar,
    masked,
    ...(known && { name: shown(known.name), codeType: known.codeType, code: shown(known.code) }),
    accounts: accounts.map(presentAccount),
  }
}

/** First and last character, which tell a person who knows it from a person who does not. */
export function mask(text: string): string {
  const characters = Array.from(text)
  if (characters.length <= 2) return `${characters[0] ?? ''}*`
  const [first, last] = [characters[0] ?? '', characters.at(-1) ?? '']
  return `${first}${'*'.repeat(characters.length - 2)}${last}`
}

function presentAccount({ account, periods, grantsEndedAt }: HolderAccount) {
  return {
    account,
    bound: periods.at(-1)?.until === 0,
    periods: periods.map(({ from, until, registrar, bound: { time, block, transaction } }) => ({
      from,
      ...(until !== 0 && { until }),
      registrar,
      recorded: { time, block, transaction },
    })),
    ...(grantsEndedAt !== 0 && { grantsEndedAt }),
  }
}
