import type { Handed, OnceClient } from '../../api/client/index.ts'
import { damageWhatComes } from './damage.ts'
import { withOwnToken } from './ownToken.ts'
import { drawPlan, write } from './papers.ts'
import type { Stage } from './stage.ts'
import { CASES, CERTIFICATES, codeOf, HOLDERS } from './world.ts'
import type { DepartmentKey } from './world.ts'

/** Statement ids of what the restaurant handed in over time, as far as it is not to be used any more. */
export interface Deposits {
  readonly oldPlan: string
  readonly withdrawnRules: string
  readonly expiredHealth: string
  readonly spentForm: string
  readonly damagedPlan: string
}

type Type = 'LAYOUT' | 'FOOD_RULES' | 'HEALTH_CERT' | 'APP_CHANGE'

const premises = CERTIFICATES.property.fields['location'] as string
const { name } = HOLDERS.restaurant

const FIELDS: Readonly<Record<Type, Readonly<Record<string, string>>>> = {
  LAYOUT: { premises, drawnAt: '2026-03-01' },
  FOOD_RULES: { version: '2026' },
  HEALTH_CERT: { name: '钱店主', examinedAt: '2020-05-01' },
  APP_CHANGE: {
    companyName: name,
    oldAddress: '杨浦区旧址路5号',
    newAddress: '杨浦区示例路2号',
    signedAt: '2019-08-01',
  },
}

interface Depositing {
  /** Written on the paper, so that no two are the same bytes. */
  readonly title?: string
  readonly supersedes?: string
  readonly caseCode?: string
}

/** A department takes in what the restaurant brings. */
export function deposit(
  { departments }: Stage,
  by: DepartmentKey,
  type: Type,
  depositing?: Depositing,
): Promise<Handed> {
  return handIn(departments[by].client, type, depositing)
}

async function handIn(
  client: OnceClient,
  type: Type,
  { title = type, ...more }: Depositing = {},
): Promise<Handed> {
  const content = type === 'LAYOUT' ? await drawPlan(title) : await write(title)
  const submission = {
    type,
    content: { mediaType: 'application/pdf' },
    holder: codeOf('restaurant'),
    fields: FIELDS[type],
    ...more,
  }
  return client.submit(submission, content)
}

/** What lies in the bank before anybody applies for anything. */
export async function depositAll(stage: Stage): Promise<Deposits> {
  const { narrator, departments } = stage
  // The oldest first: what is newer is found before it.
  const damagedPlan = await narrator.step(
    {
      zh: '餐饮企业交存老店的平面布局图；有人随后绕过账本，把磁盘上的内容改动一个比特',
      en: 'The restaurant hands in the plan of its old place; somebody then changes one bit of it on disk, behind the ledger’s back',
    },
    () =>
      damageWhatComes(stage.folder, () =>
        deposit(stage, 'health', 'LAYOUT', { title: 'Floor plan, old place' }),
      ),
    said,
  )
  const first = await narrator.step(
    {
      zh: '新店的平面布局图交到卫健委',
      en: 'The plan of its new place goes to the health department',
    },
    () => deposit(stage, 'health', 'LAYOUT', { title: 'Floor plan' }),
    said,
  )
  await narrator.step(
    { zh: '改过的布局图替代前一份', en: 'A corrected plan takes the place of that' },
    () =>
      deposit(stage, 'health', 'LAYOUT', {
        title: 'Floor plan, corrected',
        supersedes: first.id,
      }),
    said,
  )
  await narrator.step(
    { zh: '食品安全管理制度也交存', en: 'The food-safety rules, too' },
    () => deposit(stage, 'health', 'FOOD_RULES', { title: 'Food-safety rules' }),
    said,
  )
  const rules = await narrator.step(
    { zh: '又交来一份草稿，随后撤回', en: 'And a draft of others by mistake, which is withdrawn' },
    async () => {
      const draft = await deposit(stage, 'health', 'FOOD_RULES', { title: 'Draft' })
      await departments.health.client.withdraw(draft.id, { reason: '误交草稿' })
      return draft
    },
    said,
  )
  const health = await narrator.step(
    {
      zh: '2020年体检的从业人员健康证明（一年有效）',
      en: 'A health certificate of an examination in 2020, good for a year',
    },
    () => deposit(stage, 'health', 'HEALTH_CERT', { title: 'Health certificate' }),
    said,
  )
  const form = await narrator.step(
    {
      zh: '由节点自己的令牌从档案导入：一份变更登记申请书，为从前的办件所交，仅用一次',
      en: 'From the archive, by the node’s own token: an application form of a former case, which is for that case alone',
    },
    async () =>
      handIn(await withOwnToken(stage), 'APP_CHANGE', {
        title: 'Application form',
        caseCode: CASES.formerChange,
      }),
    said,
  )
  return {
    oldPlan: first.id,
    withdrawnRules: rules.id,
    expiredHealth: health.id,
    spentForm: form.id,
    damagedPlan: damagedPlan.id,
  }
}

function said({ id }: Handed): string {
  return `material ${id}`
}
