import { maskOf } from '../../api/client/index.ts'
import type { ScopeDocument } from '../../node/core/grants/scope.ts'
import { grantIdOf } from '../../node/core/grants/rules.ts'
import { randomBytes } from 'node:crypto'
import { DAY, now, outlive } from './clock.ts'
import { force, give, passOn, told } from './granting.ts'
import type { Given } from './granting.ts'
import { coOwned, revokedBetween } from './journeyOneVariations.ts'
import { issue } from './setting.ts'
import { changeStatus, statusOf } from './statuses.ts'
import { certificateOf, holderId } from './stage.ts'
import type { Stage } from './stage.ts'
import { compose, pull, send } from './using.ts'
import type { Asking } from './using.ts'
import { CASE, CERTIFICATES, MATTERS, TYPES } from './world.ts'

const FIELDS = ['certNo', 'coOwnership', 'location', 'owners']
const CAUSE = '办理公司住所变更登记'

/** What the landlord decides once: two matters, so that another can be tried. */
const newLists = (): ScopeDocument => ({
  v: 1,
  seed: randomBytes(32).toString('hex'),
  items: [{ certificateType: TYPES.property, fields: FIELDS, may: 'copy' }],
  purposes: [
    { matter: MATTERS.addressChange.code, region: '310110' },
    { matter: MATTERS.foodPermit.code, region: '310110' },
  ],
})

/** What the first journey leaves for those who check it. */
export interface FirstUse {
  readonly use: string
}

/** Journey 1: change of address, with a property certificate that is passed on twice. */
export async function changeOfAddress(stage: Stage): Promise<FirstUse> {
  const { narrator, holders, delegates } = stage
  const { landlord, tenant } = holders
  const { agent, subAgent } = delegates
  const document = newLists()
  const holder = holderId(stage, 'landlord')
  const lists = { holder, document, grantor: landlord.account }
  const terms = {
    items: [0],
    purposes: [0],
    until: now() + 30 * DAY,
    depth: 2,
    uses: 1,
  }

  narrator.chapter({
    zh: '场景一：住所变更，多级授权调证',
    en: 'Journey 1: change of address, multi-level retrieval',
  })
  const soon = await narrator.step(
    {
      zh: '房东另给市场监管局一份只有几秒的授权（到期之后再用）',
      en: 'The landlord grants the market regulator for a few seconds only, to be tried after their end',
    },
    () =>
      give(
        stage,
        landlord,
        stage.departments.market,
        { ...terms, depth: 0, uses: 0, until: now() + SHORT },
        lists,
      ),
    told,
  )
  const first = await narrator.step(
    {
      zh: '房东把不动产权证书授权给承租企业：仅用一次，可再转授',
      en: 'The landlord grants its property certificate to the tenant: one use, may be passed on',
    },
    () => give(stage, landlord, tenant, terms, lists),
    told,
  )
  await refuseWider(stage, first)
  const second = await narrator.step(
    {
      zh: '承租企业转授代办人：同一事项、更短期限、不得再转授',
      en: 'The tenant passes it on to its agent: the same matter, a shorter time, no further',
    },
    () => passOn(stage, first, agent, { ...terms, until: now() + 10 * DAY, depth: 0 }),
    told,
  )
  await narrator.refused(
    {
      zh: '代办人想再转授他人：不允许转授',
      en: 'The agent passes on what may not be passed on',
    },
    'GRANT_DEPTH_WIDENED',
    () => force(stage, agent, second, below(stage, second, { grantee: subAgent.account })),
  )

  const asking: Asking = {
    user: 'market',
    subject: 'property',
    fields: FIELDS,
    under: [second],
    cause: CAUSE,
  }
  await narrator.step(
    {
      zh: '综合窗口收件，登记申请书并写明办件编码',
      en: 'The counter takes the application in, under the case’s code',
    },
    () =>
      stage.departments.counter.client.submit(
        { type: 'APP_CHANGE', caseCode: CASE, content: { mediaType: 'text/plain' } },
        Buffer.from('公司变更登记申请书（住所变更）'),
      ),
    ({ id }) => `material ${id}`,
  )
  await narrator.refused(
    {
      zh: '市场监管局把它用于另一事项（食品经营许可）：授权没有给',
      en: 'The regulator asks for another matter, the food permit, which the grant does not name',
    },
    'USE_PURPOSE_OTHER_MATTER',
    async () => send(stage, 'market', await otherMatter(stage, asking)),
  )
  const { request, use } = await narrator.step(
    {
      zh: '市场监管局带办件编码调证，得到加注件：链上计数、回执入账',
      en: 'The regulator pulls a derived copy for the case: counted on chain, receipt in the log',
    },
    async () => {
      const signed = await compose(stage, asking)
      return { request: signed, use: (await send(stage, 'market', signed)).id }
    },
    ({ use: id }) => `use ${id}`,
  )
  await checkCopy(stage, use)
  await narrator.refused(
    { zh: '同一请求再交一次', en: 'The very same request again' },
    'USE_ALREADY_MADE',
    () => send(stage, 'market', request),
  )
  await narrator.refused(
    { zh: '第二次使用一次性授权', en: 'A second use of a grant for one use' },
    'GRANT_USES_EXHAUSTED',
    () => pull(stage, { ...asking, sequence: 1 }),
  )
  await revokedBetween(stage, { lists, terms, asking })
  await coOwned(stage, { lists, terms, asking })
  await narrator.step({ zh: '等到短期授权截止', en: 'The short grant comes to its end' }, () =>
    outlive(soon),
  )
  await narrator.refused(
    { zh: '在截止时间之后调证', en: 'A pull after the end date' },
    'GRANT_EXPIRED',
    () => pull(stage, { ...asking, under: [soon] }),
  )
  await newLicence(stage)
  return { use }
}

/** Seconds; the chain’s clock may run ahead by some. */
const SHORT = 12

async function refuseWider(stage: Stage, above: Given): Promise<void> {
  const { narrator, holders, delegates } = stage
  const { grants } = holders.tenant.client
  const wider = below(stage, above, {
    grantee: delegates.agent.account,
    purposes: maskOf([0, 1]),
    uses: 5,
    notAfter: now() + 400 * DAY,
  })
  await narrator.found(
    {
      zh: '承租企业想给得更宽（多一个事项、五次、更久）：签署之前就逐条说明',
      en: 'The tenant wants to give more (a second matter, five uses, longer): all is said before it signs',
    },
    'GRANT_PURPOSES_WIDENED, GRANT_WINDOW_WIDENED, GRANT_USES_WIDENED',
    async () => {
      const { reasons } = await grants.preview({ grant: wider, above: [...above.chain] })
      return reasons.map(({ code }) => code).join(', ')
    },
  )
  await narrator.refused(
    { zh: '它仍然签了并提交', en: 'It signs and hands it in all the same' },
    'GRANT_PURPOSES_WIDENED',
    () => force(stage, holders.tenant, above, wider),
  )
}

/** A grant below another, as its grantee would write it, with what is wrong with it. */
function below({ registries }: Stage, { chain }: Given, changes: object) {
  const parent = chain.at(-1)
  if (parent === undefined) throw new TypeError('there is a grant above')
  return {
    ...parent,
    parent: grantIdOf(parent, registries),
    grantor: parent.grantee,
    depth: Math.max(0, parent.depth - 1),
    salt: `0x${randomBytes(32).toString('hex')}` as const,
    ...changes,
  }
}

/** What the agent was shown names one matter alone: the request can only lie about it. */
function otherMatter(stage: Stage, asking: Asking) {
  const masks = { items: maskOf([0]), purposes: maskOf([0]) }
  return compose(stage, { ...asking, matter: MATTERS.foodPermit.code, masks })
}

/** The rules of the matter: the owner is who grants, and the address is the one that is applied for. */
async function checkCopy(stage: Stage, use: string): Promise<void> {
  const { narrator, departments, holders } = stage
  const applied = CERTIFICATES.newLicence.fields['domicile'] as string
  await narrator.found(
    {
      zh: '审查：权利人与坐落同申请一致，加注件只有被授权的数据项',
      en: 'Review: owner and address agree with the application, and nothing else is on the copy',
    },
    `${holders.landlord.name} | ${applied} | ${FIELDS.join(' ')}`,
    async () => {
      const copy = JSON.parse(await departments.market.client.uses.copy(use)) as {
        fields: { owners: string[]; location: string }
      }
      const { owners, location } = copy.fields
      return `${owners.join(' ')} | ${location} | ${Object.keys(copy.fields).toSorted().join(' ')}`
    },
  )
}

async function newLicence(stage: Stage): Promise<void> {
  const { narrator } = stage
  const old = certificateOf(stage, 'licence')
  await narrator.step(
    {
      zh: '颁发新营业执照，注明替代旧照',
      en: 'The new licence is issued, in the place of the old',
    },
    () => issue(stage, 'newLicence'),
    ({ id }) => `certificate ${id}`,
  )
  await narrator.step({ zh: '旧照 01→05 失效', en: 'The old one lapses, 01→05' }, () =>
    changeStatus(stage, 'market', old, '05'),
  )
  await narrator.found(
    { zh: '旧照与新照的状态', en: 'How the two stand' },
    '05 unusable, 01 usable',
    async () => {
      const after = await statusOf(stage, 'market', old)
      return `${after}, ${await statusOf(stage, 'market', certificateOf(stage, 'newLicence'))}`
    },
  )
}
