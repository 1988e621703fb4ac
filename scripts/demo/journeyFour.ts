import { parseEvidence } from '../../node/core/evidence.ts'
import { verifyEvidenceText } from '../../node/core/verify/verifyEvidence.ts'
import type { Holder } from '../../node/core/statement.ts'
import { introduce } from './casting.ts'
import { readTrust } from './checking.ts'
import { holderId } from './stage.ts'
import type { Stage } from './stage.ts'
import { BENEFITS, codeOf } from './world.ts'

const { elderMedical, techGiant, enterpriseCentre } = BENEFITS
const OFFICER = '王科员'
/** As somebody wrote it down: its last digit is not the check character. */
const MISWRITTEN: Holder = { codeType: '111', code: '310199195506080022' }

/** Journey 4: benefits that nobody has to apply for. */
export async function benefits(stage: Stage): Promise<void> {
  const { narrator, departments } = stage
  narrator.chapter({ zh: '场景四：免申即享', en: 'Journey 4: benefits without application' })
  await introduce(stage, {
    departments: ['police'],
    holders: ['elder', 'neighbour', 'techGiant'],
    certificates: ['elderCard', 'neighbourCard', 'techGiantLicence'],
  })
  await narrator.step(
    {
      zh: '市大数据中心归集市级科技小巨人批文，附结构化数据项',
      en: 'The city’s data centre deposits the city’s award for the tech giant, with its fields',
    },
    () => depositAward(stage),
    ({ id }) => `material ${id}`,
  )
  await narrator.found(
    {
      zh: '目录里的免申即享服务，主管部门各管各的',
      en: 'Benefits in the catalogue; each is for the department that owns it',
    },
    '17 benefits',
    async () => {
      const all = await Array.fromAsync(departments.health.client.catalogue.list('benefit'))
      return `${all.length} benefits`
    },
  )
  await elderMedicals(stage)
  await techGiants(stage)
  await enterpriseCentres(stage)
  await seenByItsSubject(stage)
}

function depositAward({ departments }: Stage) {
  return departments.city.client.submit(
    {
      type: 'CITY_AWARD',
      content: { mediaType: 'application/pdf' },
      holder: codeOf('techGiant'),
      fields: { documentNo: '沪示例〔2026〕1号', projectName: '科技小巨人企业', amount: 1_000_000 },
    },
    new TextEncoder().encode('%PDF-1.7 市级立项（认定）批文（示例）'),
  )
}

/** DIRECT: nobody has to do anything. */
async function elderMedicals(stage: Stage): Promise<void> {
  const { narrator } = stage
  const { client } = stage.departments.health
  const elder = { subject: codeOf('elder'), officer: OFFICER }
  await narrator.found(
    {
      zh: '卫健委批量核查“65岁以上老年人免费体检”：一人符合，一人不满65岁，一个号码写错',
      en: 'The health department checks many for the free examination from 65 on: one qualifies, one is too young, one number is wrong',
    },
    'qualified | unqualified: 年满65周岁 | CITIZEN_NUMBER_CHECK_CHARACTER_WRONG',
    async () => {
      const subjects = [elder.subject, codeOf('neighbour'), MISWRITTEN]
      const batch = { officer: OFFICER, batch: 'spring' }
      const told: string[] = []
      for await (const one of client.benefits.checkAll(elderMedical, subjects, batch))
        told.push('error' in one ? one.error.code : toldOf(one))
      return told.join(' | ')
    },
  )
  await narrator.refused(
    {
      zh: '直接兑现的服务还要本人交身份证复印件：不许',
      en: 'It asks the person for a copy of the identity card: what is given directly asks for nothing',
    },
    'BENEFIT_TAKES_NO_UPLOAD',
    () => client.benefits.grant(elderMedical, { ...elder, uploads: ['ID_COPY'] }),
  )
  const { id } = await narrator.step(
    {
      zh: '直接兑现：王老伯什么也不用交',
      en: 'Given directly: the old man hands nothing in',
    },
    () => client.benefits.grant(elderMedical, elder),
    (granted) => `benefit ${granted.id}`,
  )
  await narrator.found(
    {
      zh: '兑现的证据已锚定，离线验证，不问账本',
      en: 'The evidence of it, anchored, checks offline',
    },
    'pass',
    async () => {
      const evidence = await client.benefits.evidence(id, { anchored: true })
      return (await verifyEvidenceText(evidence, await readTrust(stage))).result
    },
  )
  await narrator.refused(
    { zh: '同一年度再兑现一次', en: 'The same person in the same year again' },
    'BENEFIT_ALREADY_GRANTED',
    () => client.benefits.grant(elderMedical, elder),
  )
  await narrator.refused(
    { zh: '给不满65岁的人', en: 'To somebody who is younger' },
    'BENEFIT_NOT_QUALIFIED',
    () => client.benefits.grant(elderMedical, { subject: codeOf('neighbour'), officer: OFFICER }),
  )
  await narrator.refused(
    {
      zh: '科委来办卫健委的服务：不归它管，也查不到人',
      en: 'The science department tries: the benefit is not its own, and it may not even look',
    },
    'BENEFIT_NOT_OWNED',
    () => stage.departments.science.client.benefits.check(elderMedical, elder),
  )
}

/** CONFIRM: one click of whoever gets it. */
async function techGiants(stage: Stage): Promise<void> {
  const { narrator, holders } = stage
  const { client } = stage.departments.science
  const giant = { subject: codeOf('techGiant'), officer: OFFICER }
  const holder = holderId(stage, 'techGiant')
  await narrator.found(
    {
      zh: '科委核查“科技小巨人”：批文与营业执照都已在库',
      en: 'The science department checks the tech giant: award and licence are there',
    },
    'qualified',
    async () => {
      const { reasons = [] } = await client.benefits.check(techGiant, giant)
      return toldOf({ result: reasons.length === 0 ? 'qualified' : 'unqualified', reasons })
    },
  )
  await narrator.refused(
    { zh: '企业尚未确认就兑现', en: 'It gives before the company confirmed' },
    'BENEFIT_CONFIRMATION_MISSING',
    () => client.benefits.grant(techGiant, giant),
  )
  await narrator.refused(
    { zh: '别的企业替它确认', en: 'Another company confirms in its place' },
    'BENEFIT_RECORD_NOT_YOURS',
    () => holders.restaurant.client.benefits.confirm(techGiant, { holder }),
  )
  await narrator.step(
    { zh: '企业一键确认', en: 'The company confirms: one click' },
    () => holders.techGiant.client.benefits.confirm(techGiant, { holder }),
    ({ id }) => `confirmation ${id}`,
  )
  await narrator.step(
    { zh: '随即兑现', en: 'And it is given' },
    () => client.benefits.grant(techGiant, giant),
    ({ id }) => `benefit ${id}`,
  )
}

/** For nobody: the approval is missing. */
async function enterpriseCentres(stage: Stage): Promise<void> {
  const { narrator } = stage
  const { benefits: given } = stage.departments.commerce.client
  const run = { subject: codeOf('tenant'), officer: OFFICER }
  await narrator.found(
    {
      zh: '商务委核查“企业技术中心”：没有市级批文',
      en: 'The commerce department checks for its enterprise centres: there is no approval',
    },
    'BENEFIT_EVIDENCE_MISSING CITY_AWARD',
    async () => {
      const { reasons = [] } = await given.check(enterpriseCentre, run)
      const missing = reasons.find(({ code }) => code === 'BENEFIT_EVIDENCE_MISSING')
      return `${missing?.code} ${missing?.material}`
    },
  )
  await narrator.refused(
    { zh: '仍要兑现', en: 'It gives all the same' },
    'BENEFIT_NOT_QUALIFIED',
    () => given.grant(enterpriseCentre, run),
  )
}

async function seenByItsSubject(stage: Stage): Promise<void> {
  const { narrator, departments, holders } = stage
  const { benefits: own } = holders.elder.client
  const holder = holderId(stage, 'elder')
  await narrator.found(
    {
      zh: '王老伯看得到谁查过他、给了什么，每条都有证据',
      en: 'The old man sees who looked at him and what was given, each with evidence',
    },
    'benefit.granted, benefit.checked',
    async () => {
      const kinds: string[] = []
      for await (const { id } of own.ofHolder(holder))
        kinds.push(parseEvidence(await own.evidence(id)).statement.kind)
      return kinds.join(', ')
    },
  )
  await narrator.refused(
    { zh: '科委想看他的记录', en: 'The science department would like to see that, too' },
    'BENEFIT_RECORD_NOT_YOURS',
    () => Array.fromAsync(departments.science.client.benefits.ofHolder(holder)),
  )
}

interface Found {
  readonly result: string
  readonly reasons: readonly { readonly code: string; readonly condition?: string | undefined }[]
}

function toldOf({ result, reasons }: Found): string {
  const why = reasons.map(({ code, condition }) => condition ?? code)
  return why.length === 0 ? result : `${result}: ${why.join(', ')}`
}
