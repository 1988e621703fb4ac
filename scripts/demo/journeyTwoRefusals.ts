import { randomBytes } from 'node:crypto'
import { DAY, now } from './clock.ts'
import type { Deposits } from './deposits.ts'
import { give, told } from './granting.ts'
import type { Given } from './granting.ts'
import { requireReleased } from './reusing.ts'
import { holderId } from './stage.ts'
import type { Stage } from './stage.ts'
import { compose, pull } from './using.ts'
import type { Asking } from './using.ts'
import { CASES } from './world.ts'

const FOOD_PERMIT = 'FOOD_NEW'
const ADDRESS_CHANGE = 'CO_ADDR_CHANGE'

/** Whatever the restaurant grants: what is not good any more is used by nobody. */
export async function refuseStale(stage: Stage, deposits: Deposits): Promise<void> {
  const { narrator } = stage
  const everything = await narrator.step(
    {
      zh: '餐饮企业把交存过的旧材料也全部授权出去',
      en: 'The restaurant grants all of its old things, too',
    },
    () => grantAll(stage, deposits),
    told,
  )
  const asking = {
    user: 'market',
    fields: [],
    under: [everything],
    matter: FOOD_PERMIT,
    caseCode: CASES.foodPermit,
    cause: '审查食品经营许可申请',
  } as const satisfies Partial<Asking>
  await narrator.refused(
    { zh: '调用被替代的布局图', en: 'The plan that another took the place of' },
    'MATERIAL_SUPERSEDED',
    () => pull(stage, { ...asking, subject: { id: deposits.oldPlan, type: 'LAYOUT' } }),
  )
  await narrator.refused(
    {
      zh: '在办件里复用被替代的布局图：应当用新的一份',
      en: 'The same for the case: it takes the newer one',
    },
    'REUSE_OTHER_CANDIDATE',
    () => reuseOne(stage, { ...asking, subject: { id: deposits.oldPlan, type: 'LAYOUT' } }),
  )
  await narrator.refused(
    { zh: '调用已撤回的制度', en: 'The rules that were withdrawn' },
    'MATERIAL_WITHDRAWN',
    () => pull(stage, { ...asking, subject: { id: deposits.withdrawnRules, type: 'FOOD_RULES' } }),
  )
  await narrator.refused(
    {
      zh: '在办件里复用过期的健康证明',
      en: 'The health certificate that is over, for the case',
    },
    'REUSE_NOT_READY',
    () =>
      reuseOne(stage, { ...asking, subject: { id: deposits.expiredHealth, type: 'HEALTH_CERT' } }),
  )
  await damaged(stage, { ...asking, subject: { id: deposits.damagedPlan, type: 'LAYOUT' } })
  await spent(stage, deposits.spentForm, { ...asking, matter: ADDRESS_CHANGE })
}

function grantAll(stage: Stage, deposits: Deposits): Promise<Given> {
  const { holders, departments } = stage
  return give(
    stage,
    holders.restaurant,
    departments.market,
    { items: 'all', purposes: 'all', until: now() + 30 * DAY, depth: 0, uses: 0 },
    {
      holder: holderId(stage, 'restaurant'),
      grantor: holders.restaurant.account,
      document: {
        v: 1,
        seed: randomBytes(32).toString('hex'),
        items: Object.values<string>({ ...deposits }).map((material) => ({
          material,
          may: 'copy',
        })),
        purposes: [{ matter: FOOD_PERMIT }, { matter: ADDRESS_CHANGE }],
      },
    },
  )
}

/** As one of the materials that its case takes. */
async function reuseOne(
  stage: Stage,
  asking: Asking & { readonly subject: { readonly type: string }; readonly caseCode: string },
): Promise<void> {
  const { cases } = stage.departments[asking.user].client
  const material = asking.subject.type
  const uses = [{ material, request: await compose(stage, asking) }]
  requireReleased(await cases.reuse(asking.caseCode, uses))
}

/** The receipt is there, and the bytes are not what it says. */
async function damaged(stage: Stage, asking: Asking): Promise<void> {
  const { narrator, departments } = stage
  await narrator.refused(
    {
      zh: '调用磁盘上被改过一个比特的布局图：内容不再交出',
      en: 'The plan of which one bit was changed on disk: nothing of it is handed out',
    },
    'CONTENT_CORRUPT',
    async () => {
      const { id } = await pull(stage, asking)
      await departments.market.client.uses.document(id)
    },
  )
}

/** A form is for one case. */
async function spent(
  stage: Stage,
  form: string,
  asking: Omit<Asking, 'subject' | 'caseCode'>,
): Promise<void> {
  const { narrator, departments } = stage
  const caseCode = CASES.laterChange
  await narrator.step(
    {
      zh: '窗口为餐饮企业另开一个住所变更办件',
      en: 'The counter opens another case of the restaurant: a change of address',
    },
    () =>
      departments.counter.client.cases.open({
        case: caseCode,
        matter: { code: ADDRESS_CHANGE },
        applicant: holderId(stage, 'restaurant'),
        channel: 'counter',
      }),
    () => `case ${caseCode}`,
  )
  await narrator.found(
    {
      zh: '从前办件的申请书：一次性材料，已经用过',
      en: 'The form of the former case: it has served that one',
    },
    'open, MATERIAL_SINGLE_USE_SPENT',
    async () => {
      const { materials } = await departments.market.client.cases.resolve(caseCode)
      const found = materials.find(({ material }) => material === 'APP_CHANGE')
      return `${found?.state}, ${found?.rejected.map(({ code }) => code).join(' ')}`
    },
  )
  await narrator.refused(
    { zh: '仍拿它来复用', en: 'It is used again all the same' },
    'REUSE_NOT_READY',
    () => reuseOne(stage, { ...asking, caseCode, subject: { id: form, type: 'APP_CHANGE' } }),
  )
}
