import type { Resolution } from '../../node/core/resolution/document.ts'
import { holderId } from './stage.ts'
import type { Stage } from './stage.ts'
import { CASES } from './world.ts'
import type { HolderKey } from './world.ts'

const HYGIENE_PERMIT = 'HYGIENE_NEW'
const REPORT = 'HYGIENE_REPORT'

/** The restaurant lets rooms, too: what it does not have yet, it undertakes. Its word counts as long as it is kept. */
export async function undertakeReport(stage: Stage): Promise<void> {
  const { narrator, departments } = stage
  const caseCode = CASES.hygienePermit
  await openCase(stage, caseCode, {
    zh: '餐饮企业还要开旅馆，窗口开立办件：公共场所卫生许可（新办）',
    en: 'The restaurant is to let rooms as well; the counter opens its case: a hygiene permit',
  })
  await narrator.found(
    {
      zh: '卫生检测报告还没有：该事项适用告知承诺，签承诺书即可免交',
      en: 'There is no hygiene report yet: by this matter, an undertaking spares it',
    },
    'open by commitment',
    async () => stateOf(await resolve(stage, caseCode)),
  )
  await narrator.refused(
    { zh: '房东替餐饮企业签承诺书', en: 'The landlord signs the undertaking for it' },
    'UNDERTAKING_NOT_YOURS',
    () => undertake(stage, 'landlord', caseCode),
  )
  const { id } = await narrator.step(
    {
      zh: '餐饮企业看过承诺内容，用自己的密钥签署',
      en: 'The restaurant reads what it undertakes, and signs it by its own key',
    },
    () => undertake(stage, 'restaurant', caseCode),
    (given) => given.id,
  )
  await narrator.found(
    {
      zh: '再次解析：该材料已承诺，计入免交',
      en: 'Resolved again: the report is undertaken, and counts as spared',
    },
    'committed by commitment',
    async () => stateOf(await resolve(stage, caseCode)),
  )
  await narrator.step(
    {
      zh: '卫健委事后核查：承诺未履行',
      en: 'The health department looks afterwards: it was not kept',
    },
    () =>
      departments.health.client.undertakings.check(id, {
        result: 'broken',
        reason: '现场核查，卫生指标与承诺不符',
        officer: '王科员',
      }),
  )
  await openCase(stage, CASES.laterPermit, {
    zh: '餐饮企业再开一家旅馆，窗口另开办件',
    en: 'The restaurant opens a second guest house: another case',
  })
  await narrator.refused(
    {
      zh: '这次还想承诺了事：失信在前，须交报告',
      en: 'It would undertake the report again: it broke its word, and is asked for the paper',
    },
    'UNDERTAKING_BROKEN',
    () => undertake(stage, 'restaurant', CASES.laterPermit),
  )
}

function openCase(stage: Stage, code: string, words: { zh: string; en: string }): Promise<unknown> {
  return stage.narrator.step(
    words,
    () =>
      stage.departments.counter.client.cases.open({
        case: code,
        matter: { code: HYGIENE_PERMIT },
        applicant: holderId(stage, 'restaurant'),
        channel: 'counter',
      }),
    () => `case ${code}`,
  )
}

async function undertake({ holders, narrator }: Stage, by: HolderKey, caseCode: string) {
  const account = await holders[by].signing()
  const what = { case: caseCode, material: REPORT }
  return account.undertake(what, { agree: (sentence) => narrator.signed(sentence) })
}

function resolve({ departments }: Stage, caseCode: string): Promise<Resolution> {
  return departments.health.client.cases.resolve(caseCode)
}

function stateOf({ materials }: Resolution): string {
  const found = materials.find(({ material }) => material === REPORT)
  return `${found?.state} by ${found?.way}`
}
