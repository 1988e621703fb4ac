import { randomBytes } from 'node:crypto'
import type { Giving, Source } from '../../api/client/index.ts'
import { give, passOn, revoke, told } from './granting.ts'
import { holderId } from './stage.ts'
import type { Stage } from './stage.ts'
import { compose, pull, send } from './using.ts'
import type { Asking } from './using.ts'

/** What the landlord grants from, how, and what is then asked for. */
export interface Told {
  readonly lists: Extract<Source, { readonly holder: unknown }>
  readonly terms: Omit<Giving, 'to'>
  readonly asking: Asking
}

/** The grant at the top ends while the request is on its way. */
export async function revokedBetween(stage: Stage, { lists, terms, asking }: Told): Promise<void> {
  const { narrator, holders, delegates } = stage
  const third = await narrator.step(
    {
      zh: '房东、承租企业为另一次办理重新授权',
      en: 'Landlord and tenant grant anew, for another time',
    },
    async () => {
      const root = await give(stage, holders.landlord, holders.tenant, terms, lists)
      return { root, leaf: await passOn(stage, root, delegates.agent, { ...terms, depth: 0 }) }
    },
    ({ leaf }) => told(leaf),
  )
  const request = await narrator.step(
    {
      zh: '请求已签，尚未提交；房东此时撤销最上面的授权',
      en: 'The request is signed and not sent yet; now the landlord revokes the grant at the top',
    },
    async () => {
      const signed = await compose(stage, { ...asking, under: [third.leaf] })
      await revoke(stage, holders.landlord, third.root)
      return signed
    },
  )
  await narrator.refused(
    {
      zh: '随后提交请求：整条授权链已失效',
      en: 'The request is sent: everything below is void',
    },
    'GRANT_IS_REVOKED',
    () => send(stage, 'market', request),
  )
}

/** What two own, both have to grant. */
export async function coOwned(stage: Stage, { lists, terms, asking }: Told): Promise<void> {
  const { narrator, holders, departments } = stage
  const direct = { ...terms, depth: 0, uses: 0 }
  const own = await narrator.step(
    {
      zh: '共有的不动产：房东先授权',
      en: 'A property that is owned together: the landlord grants',
    },
    () => give(stage, holders.landlord, departments.market, direct, lists),
    told,
  )
  const shared: Asking = { ...asking, subject: 'sharedProperty', under: [own] }
  await narrator.refused(
    {
      zh: '只有一位共有人的授权',
      en: 'A pull with one owner’s grant alone',
    },
    'USE_HOLDER_MISSING',
    () => pull(stage, shared),
  )
  const other = await narrator.step(
    { zh: '另一位共有人也授权', en: 'The other owner grants, too' },
    () =>
      give(stage, holders.coOwner, departments.market, direct, {
        holder: holderId(stage, 'coOwner'),
        document: { ...lists.document, seed: randomBytes(32).toString('hex') },
        grantor: holders.coOwner.account,
      }),
    told,
  )
  await narrator.step(
    { zh: '两位共有人的授权齐全，得到加注件', en: 'With both, the copy is released' },
    () => pull(stage, { ...shared, under: [own, other] }),
    ({ id }) => `use ${id}`,
  )
}
