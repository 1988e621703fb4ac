import { partiesOf } from '../cases/access.ts'
import type { Cases } from '../cases/cases.ts'
import type { CatalogueReader } from '../catalogue/catalogue.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { RequestWords } from '../core/requests/sentences.ts'
import type { Holder, MaterialSubmitted } from '../core/statement.ts'
import type { RequestMade } from '../core/statements/request.ts'
import { namesOf } from '../grants/names.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { MaterialReader } from '../materials/reader.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { PartyDirectory } from '../parties/directory.ts'

export interface WordsParts {
  readonly ledger: Ledger
  readonly cases: Pick<Cases, 'get'>
  readonly catalogue: Pick<CatalogueReader, 'find'>
  readonly directory: Pick<PartyDirectory, 'departmentOf' | 'holderOf'>
  /** Which accounts act for whom, or did. */
  readonly holders: Pick<Mirror['holders'], 'accountsOf'>
}

/**
 * What people call that which a request names by ids: who asks, the matter, and what is asked for. As on the day of the
 * case, which is what the request is for.
 *
 * @param toHolder it is told to the holder who is asked, and so may name the holder and what the holder has
 */
export async function wordsOf(
  request: RequestMade,
  toHolder: boolean,
  parts: WordsParts,
): Promise<RequestWords> {
  const { catalogue, cases, directory } = parts
  const { statement: opened } = await cases.get(request.case)
  const { day } = opened
  const departments = request.purposes.flatMap(({ department }) => department ?? [])
  const names = await namesOf([request.grantee, ...departments], directory)
  const asker = names.get(request.grantee) ?? (await nameOfParty(request.grantee, opened, parts))
  if (asker !== undefined) names.set(request.grantee, asker)
  const holder = toHolder ? await directory.holderOf(request.holder) : undefined
  if (holder !== undefined) names.set(request.holder, holder.name)
  const matters = request.purposes.map(
    ({ matter }) => [matter, catalogue.find('matter', matter, day)?.name] as const,
  )
  const types = request.items
    .filter((item) => 'certificateType' in item)
    .map(({ certificateType: code }) => {
      return [code, catalogue.find('certificateType', code, day)?.name] as const
    })
  return {
    names,
    called: {
      materials: holder === undefined ? new Map() : await materialsOf(request, holder, day, parts),
      matters: known(matters),
      certificateTypes: known(types),
    },
  }
}

/** Who asks by an account of its own: of those whom the case is about, the one that the account acts for. */
async function nameOfParty(
  account: Hex,
  opened: Parameters<typeof partiesOf>[0],
  { holders, directory }: WordsParts,
): Promise<string | undefined> {
  const party = partiesOf(opened).find((one) =>
    holders.accountsOf(one).some((bound) => bound.account === account),
  )
  return party === undefined ? undefined : (await directory.holderOf(party))?.name
}

/** Type and title, of what is the holder's own: of what others have nobody is told. */
async function materialsOf(
  { items }: RequestMade,
  holder: Holder,
  day: Day,
  { ledger, catalogue }: WordsParts,
): Promise<Map<string, string>> {
  const reader = new MaterialReader(ledger)
  const named = await Promise.all(
    items.map(async (item) => {
      if (!('material' in item)) return []
      const statement = (await reader.findStatement(item.material))?.statement
      if (statement?.kind !== 'material.submitted' || !isOf(statement, holder)) return []
      const type = catalogue.find('materialType', statement.type, day)?.name ?? statement.type
      const { title } = statement
      return [[item.material, title === undefined ? type : `${type}：${title}`] as const]
    }),
  )
  return new Map(named.flat())
}

function isOf({ holder }: MaterialSubmitted, { codeType, code }: Holder): boolean {
  return holder?.codeType === codeType && holder.code === code
}

function known(entries: readonly (readonly [string, string | undefined])[]): Map<string, string> {
  return new Map(entries.flatMap(([id, name]) => (name === undefined ? [] : [[id, name] as const])))
}
