import type { ReuseOutcome } from '../../api/client/index.ts'
import type { Resolution } from '../../node/core/resolution/document.ts'
import { introduce } from './casting.ts'
import { verifyDocument } from './checking.ts'
import { deposit, depositAll } from './deposits.ts'
import { refuseStale } from './journeyTwoRefusals.ts'
import { undertakeReport } from './journeyTwoUndertaking.ts'
import { approve, keepDocument, request, signReady } from './reusing.ts'
import { holderId } from './stage.ts'
import type { Stage } from './stage.ts'
import { CASES } from './world.ts'
import type { HolderKey } from './world.ts'

const FOOD_PERMIT = 'FOOD_NEW'
const caseCode = CASES.foodPermit
const ASKING = {
  user: 'market',
  matter: FOOD_PERMIT,
  caseCode,
  cause: '审查食品经营许可申请',
} as const

/** Journey 2: a restaurant reuses what it handed in before. */
export async function materialBank(stage: Stage): Promise<void> {
  const { narrator, departments } = stage
  narrator.chapter({
    zh: '场景二：材料银行，一次提交、多次复用',
    en: 'Journey 2: the material bank; handed in once, used again',
  })
  await introduce(stage, { certificates: ['restaurantLicence'] })
  const deposits = await depositAll(stage)
  await narrator.step(
    {
      zh: '综合窗口为餐饮企业开立办件：食品经营许可（新办）',
      en: 'The counter opens the restaurant’s case: a food permit for new premises',
    },
    () =>
      departments.counter.client.cases.open({
        case: caseCode,
        matter: { code: FOOD_PERMIT },
        applicant: holderId(stage, 'restaurant'),
        parties: { LANDLORD: [holderId(stage, 'landlord')] },
        channel: 'counter',
      }),
    () => `case ${caseCode}`,
  )
  await resolveFirst(stage)
  await narrator.refused(
    {
      zh: '窗口还要企业再交一次平面布局图：库里有，不得再收',
      en: 'The counter takes the floor plan in once more, which is there already',
    },
    'MATERIAL_EXEMPTED',
    () => deposit(stage, 'counter', 'LAYOUT', { caseCode }),
  )
  await askHolders(stage)
  const reused = await reuseAll(stage)
  await keepPlan(stage, reused)
  await refuseStale(stage, deposits)
  await undertakeReport(stage)
}

async function resolveFirst(stage: Stage): Promise<void> {
  const { narrator } = stage
  await narrator.found(
    {
      zh: '市场监管局解析材料清单：四项在库，只缺授权；健康证明可容缺后补',
      en: 'The market regulator resolves what it takes: four are there and need a grant; the health certificate may follow',
    },
    'BIZ_COPY grantMissing, LAYOUT grantMissing, FOOD_RULES grantMissing, HEALTH_CERT open, PROPERTY_CERT grantMissing',
    async () => statesOf(await resolve(stage)),
  )
  await narrator.found(
    {
      zh: '不取用的逐份说明原因：被替代的图、老店的图、撤回的制度、过期的健康证明、房东的另一处不动产',
      en: 'What is not taken is named, each with its reason',
    },
    'LAYOUT MATERIAL_SUPERSEDED, LAYOUT CANDIDATE_OLDER, FOOD_RULES MATERIAL_WITHDRAWN, HEALTH_CERT MATERIAL_EXPIRED, PROPERTY_CERT CANDIDATE_OLDER',
    async () => {
      const { materials } = await resolve(stage)
      return materials
        .flatMap(({ material, rejected }) => rejected.map(({ code }) => `${material} ${code}`))
        .join(', ')
    },
  )
}

/** Each holder is asked for one grant of all that is its own. */
async function askHolders(stage: Stage): Promise<void> {
  const { narrator } = stage
  const { requests } = await resolve(stage)
  for (const [key, zh, what] of [
    ['restaurant', '餐饮企业', 'licence, floor plan and food-safety rules'],
    ['landlord', '房东', 'the property certificate'],
  ] as const satisfies [HolderKey, string, string][]) {
    const proposal = requests.find(({ holder }) => holder === holderId(stage, key))
    if (proposal === undefined) throw new TypeError(`${key} is to be asked`)
    const id = await narrator.step(
      {
        zh: `市场监管局向${zh}申请授权，一份管全部所缺`,
        en: `The regulator asks the ${key} for one grant of all that it takes: ${what}`,
      },
      () => request(stage, 'market', caseCode, proposal),
      (made) => `request ${made}`,
    )
    await narrator.step(
      {
        zh: `${zh}看过申请，照此签署授权`,
        en: `The ${key} reads what is asked, and signs just that`,
      },
      () => approve(stage, key, id),
      (grant) => `grant ${grant}`,
    )
  }
  await narrator.found(
    {
      zh: '再次解析：全部就绪，“布局图场所与产权坐落一致”已核对',
      en: 'Resolved again: all is ready, and the plan’s premises are those of the certificate',
    },
    'complete, 4 of 4 exempted, layout-premises pass',
    async () => {
      const { complete, figures, rules } = await resolve(stage)
      const ruled = rules.map(({ id, result }) => `${id} ${result}`).join(', ')
      const { exempted, required } = figures
      return `${complete ? 'complete' : 'incomplete'}, ${exempted} of ${required} exempted, ${ruled}`
    },
  )
}

async function reuseAll(stage: Stage): Promise<readonly ReuseOutcome[]> {
  const { narrator, departments } = stage
  const { cases } = departments.market.client
  const reused = await narrator.step(
    {
      zh: '一次调用复用全部：逐份签名、链上计数、各有回执与加注件',
      en: 'All of it is used in one call: each signed for, counted on chain, with receipt and copy',
    },
    async () => {
      const uses = await signReady(stage, await resolve(stage), ASKING)
      return cases.reuse(caseCode, uses)
    },
    (all) => `${all.length} receipts`,
  )
  await narrator.found(
    {
      zh: '跨部门、跨层级调用如实记录：营业执照本局所发，不算跨部门',
      en: 'What crossed departments and levels is on record; the licence is the regulator’s own',
    },
    'BIZ_COPY none, LAYOUT department, FOOD_RULES department, PROPERTY_CERT department+level',
    async () => reused.map(crossingOf).join(', '),
  )
  return reused
}

async function keepPlan(stage: Stage, reused: readonly ReuseOutcome[]): Promise<void> {
  const { narrator } = stage
  const plan = reused.find(({ material }) => material === 'LAYOUT')
  if (plan === undefined || 'error' in plan) throw new TypeError('the floor plan was released')
  const kept = await narrator.step(
    {
      zh: '取回平面布局图的加注件：每页注明用证单位、事项、办件，存到磁盘',
      en: 'The floor plan comes marked on every page for who uses it and why; it is saved',
    },
    () => keepDocument(stage, 'market', plan.use),
    ({ document, trust }) => `${document}\n        npx once verify ${document} --trust ${trust}`,
  )
  await narrator.found(
    {
      zh: '离线验证这份加注件：证据随件携带',
      en: 'The document checks offline: its evidence travels inside',
    },
    'pass',
    () => verifyDocument(stage, kept.document),
  )
}

function resolve({ departments }: Stage): Promise<Resolution> {
  return departments.market.client.cases.resolve(caseCode)
}

function statesOf({ materials }: Resolution): string {
  return materials.map(({ material, state }) => `${material} ${state}`).join(', ')
}

function crossingOf(one: ReuseOutcome): string {
  if ('error' in one) return `${one.material} ${one.error.code}`
  const crossed = (['department', 'level', 'region'] as const).filter((what) => one.crossing[what])
  return `${one.material} ${crossed.length === 0 ? 'none' : crossed.join('+')}`
}
