import { expect } from 'chai'
import * as fc from 'fast-check'
import { ageOn, judgeCondition } from '../../../node/core/benefits/conditions.ts'
import { fieldsRead, judgeBenefit } from '../../../node/core/benefits/judge.ts'
import type { EvidenceCandidate } from '../../../node/core/benefits/judge.ts'
import { overlap, periodOf } from '../../../node/core/benefits/period.ts'
import { reasonsOf } from '../../../node/core/benefits/reasons.ts'
import { requireNoUpload } from '../../../node/core/benefits/uploads.ts'
import { addDays } from '../../../node/core/catalogue/day.ts'
import type { Condition } from '../../../node/core/catalogue/benefit.ts'
import { benefit, codesOf, errorOf } from '../catalogue/support.ts'

const DAY = '2023-08-05'
const WANG = { codeType: '111', code: '310199195506080021' } as const
const ZHAO = { codeType: '111', code: '310199197501010058' } as const
const GIANTCO = { codeType: '001', code: '91310110MADEM0054C' } as const

const award = (fields: EvidenceCandidate['fields'] = {}, rest: Partial<EvidenceCandidate> = {}) =>
  ({ kind: 'material', id: 'award', fields, ...rest }) as EvidenceCandidate
const oneOf = (...values: string[]): Condition => ({
  kind: 'oneOf',
  text: '属于本服务',
  left: { material: 'CITY_AWARD', field: 'projectName' },
  values,
})
const atLeast = (value: number): Condition => ({
  kind: 'atLeast',
  text: '不少于',
  left: { material: 'CITY_AWARD', field: 'amount' },
  value,
})
const over65: Condition = { kind: 'ageAtLeast', text: '年满65周岁', years: 65 }

const elder = benefit({ serviceTarget: 'PERSON', evidence: ['ID_COPY'], conditions: [over65] })
const identity = new Map([['ID_COPY', [{ kind: 'certificate', id: 'id-card' } as const]]])
const giant = benefit({
  mode: 'CONFIRM',
  evidence: ['CITY_AWARD'],
  conditions: [oneOf('科技小巨人企业')],
})
const judgeGiant = (...awards: EvidenceCandidate[]) =>
  judgeBenefit({ benefit: giant, subject: GIANTCO, day: DAY }, new Map([['CITY_AWARD', awards]]))

const born = (date: string) => ({ codeType: '111', code: `310199${date}0021` }) as const

describe('a benefit without application', () => {
  it('is for who is 65, and not for who is not', () => {
    const [wang, zhao] = [WANG, ZHAO].map((subject) =>
      judgeBenefit({ benefit: elder, subject, day: DAY }, identity),
    )
    expect(wang).to.deep.equal({
      qualifies: true,
      evidence: [
        {
          material: 'ID_COPY',
          standing: 'valid',
          source: { kind: 'certificate', id: 'id-card' },
        },
      ],
      conditions: ['pass'],
    })
    expect(zhao).to.deep.include({ qualifies: false, conditions: ['fail'] })
    expect(zhao && reasonsOf(zhao, elder.conditions)).to.deep.equal([
      { code: 'BENEFIT_CONDITION_FAILED', condition: '年满65周岁' },
    ])
    expect(wang && reasonsOf(wang, elder.conditions)).to.deep.equal([])
  })

  it('takes age as full years, of 29 February on 1 March', () => {
    expect(ageOn(born('19580805'), '2023-08-04')).to.equal(64)
    expect(ageOn(born('19580805'), '2023-08-05')).to.equal(65)
    expect(ageOn(born('19560229'), '2021-02-28')).to.equal(64)
    expect(ageOn(born('19560229'), '2021-03-01')).to.equal(65)
    expect(ageOn(GIANTCO, DAY)).to.equal(undefined)
  })

  it('says what is missing, and that what goes by it is not known', () => {
    const finding = judgeGiant()
    expect(finding).to.deep.equal({
      qualifies: false,
      evidence: [
        { material: 'CITY_AWARD', standing: 'missing', because: 'BENEFIT_EVIDENCE_MISSING' },
      ],
      conditions: ['unknown'],
    })
    expect(reasonsOf(finding, giant.conditions)).to.deep.equal([
      { code: 'BENEFIT_EVIDENCE_MISSING', material: 'CITY_AWARD' },
      { code: 'BENEFIT_CONDITION_UNKNOWN', condition: '属于本服务' },
    ])
  })

  it('says why the newest does not count, with nothing of what stands in it', () => {
    const finding = judgeGiant(
      award({ projectName: '科技小巨人企业' }, { because: 'MATERIAL_WITHDRAWN' }),
      award({ projectName: '科技小巨人企业' }, { because: 'MATERIAL_SUPERSEDED' }),
    )
    expect(finding.evidence).to.deep.equal([
      {
        material: 'CITY_AWARD',
        standing: 'unusable',
        source: { kind: 'material', id: 'award' },
        because: 'MATERIAL_WITHDRAWN',
      },
    ])
    expect(finding.conditions).to.deep.equal(['unknown'])
  })

  it('goes by the newest that shows all of it, not by pieces of several', () => {
    const both = { ...giant, conditions: [oneOf('科技小巨人企业'), atLeast(100)] }
    const judge = (...awards: EvidenceCandidate[]) =>
      judgeBenefit({ benefit: both, subject: GIANTCO, day: DAY }, new Map([['CITY_AWARD', awards]]))
    const named = award({ projectName: '科技小巨人企业', amount: 10 }, { id: 'named' })
    const rich = award({ projectName: '企业技术中心', amount: 500 }, { id: 'rich' })
    expect(judge(named, rich).qualifies).to.equal(false)
    const whole = award({ projectName: '科技小巨人企业', amount: '100.00' }, { id: 'whole' })
    const finding = judge(named, rich, whole)
    expect(finding.qualifies).to.equal(true)
    expect(finding.evidence[0]).to.deep.include({
      source: { kind: 'material', id: 'whole' },
      fields: ['amount', 'projectName'],
    })
  })

  it('looks at nothing of those that it is not for', () => {
    expect(judgeBenefit({ benefit: giant, subject: WANG, day: DAY }, new Map())).to.deep.equal({
      qualifies: false,
      because: 'BENEFIT_TARGET_OTHER',
      evidence: [],
      conditions: [],
    })
    const both = { ...giant, serviceTarget: 'BOTH' as const, evidence: [], conditions: [] }
    for (const subject of [WANG, GIANTCO])
      expect(judgeBenefit({ benefit: both, subject, day: DAY }, new Map()).qualifies).to.equal(true)
  })

  it('names the fields that conditions read, and no others', () => {
    const conditions = [atLeast(1), oneOf('a'), atLeast(2), over65]
    expect(fieldsRead(conditions, 'CITY_AWARD')).to.deep.equal(['amount', 'projectName'])
    expect(fieldsRead(conditions, 'ID_COPY')).to.deep.equal([])
  })

  it('takes no upload, in either mode', () => {
    for (const mode of ['DIRECT', 'CONFIRM'] as const) {
      const error = errorOf(() => requireNoUpload({ code: 'BENEFIT_01', mode }, ['ID_COPY']))
      expect(error?.code).to.equal('BENEFIT_TAKES_NO_UPLOAD')
      expect(error?.details).to.deep.equal({ benefit: 'BENEFIT_01', mode, uploads: ['ID_COPY'] })
      expect(codesOf(() => requireNoUpload({ code: 'BENEFIT_01', mode }, []))).to.equal(undefined)
    }
  })

  it('is never given for more evidence found unusable, nor refused for more found', () => {
    const candidate = fc.record({
      projectName: fc.constantFrom('科技小巨人企业', '企业技术中心'),
      usable: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 5 }), fc.nat(), (found, seed) => {
        const awards = found.map(({ projectName, usable }, i) =>
          award({ projectName }, { id: `a${i}`, ...(!usable && { because: 'MATERIAL_EXPIRED' }) }),
        )
        const finding = judgeGiant(...awards)
        const expected = found.some(
          ({ projectName, usable }) => usable && projectName === '科技小巨人企业',
        )
        expect(finding.qualifies).to.equal(expected)
        // Whatever their order.
        const turned = awards.map((_, i) => awards[(i + seed) % awards.length] as EvidenceCandidate)
        expect(judgeGiant(...turned).qualifies).to.equal(expected)
      }),
    )
  })
})

const judge = (value: number, amount: number | string) =>
  judgeCondition(atLeast(value), GIANTCO, DAY, { amount })

describe('a condition on a number', () => {
  it('compares decimal fractions exactly, beyond what a float can tell apart', () => {
    expect(judge(1_000_000_000_000_000, '999999999999999.999999999')).to.equal('fail')
    expect(judge(1_000_000_000_000_000, '1000000000000000.0')).to.equal('pass')
    expect(judge(0, '-0.5')).to.equal('fail')
    expect(judge(0, '-0.0')).to.equal('pass')
    expect(judge(-1, '-0.5')).to.equal('pass')
    expect(judge(5, 5)).to.equal('pass')
  })

  it('is unknown where there is no number', () => {
    for (const text of ['', '1e3', '0x10', ' 7', '１００'])
      expect(judge(0, text), text).to.equal('unknown')
    expect(judgeCondition(atLeast(0), GIANTCO, DAY, {})).to.equal('unknown')
    expect(judgeCondition(atLeast(0), GIANTCO, DAY, undefined)).to.equal('unknown')
    const proto: Condition = {
      kind: 'atLeast',
      text: 'x',
      value: 0,
      left: { material: 'CITY_AWARD', field: 'toString' },
    }
    expect(judgeCondition(proto, GIANTCO, DAY, {})).to.equal('unknown')
  })
})

const EACH = ['ONCE', 'YEAR', 'QUARTER', 'MONTH'] as const
/** First day of the n-th month since 2020. */
const month = (n: number) =>
  `${2020 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}-01`

describe('the period of a benefit', () => {
  it('is named by its day', () => {
    expect(EACH.map((each) => periodOf(each, DAY))).to.deep.equal([
      'once',
      '2023',
      '2023-Q3',
      '2023-08',
    ])
  })

  it('overlaps with another exactly where they have a day in common', () => {
    const each = fc.constantFrom(...EACH)
    const days = fc.nat({ max: 1200 }).map((n) => addDays('2021-01-01', n))
    fc.assert(
      fc.property(each, each, days, days, (a, b, dayA, dayB) => {
        const [first, second] = [periodOf(a, dayA), periodOf(b, dayB)]
        const common = Array.from({ length: 72 }, (_, n) => month(n)).some(
          (day) => periodOf(a, day) === first && periodOf(b, day) === second,
        )
        expect(overlap(first, second)).to.equal(common)
        expect(overlap(second, first)).to.equal(common)
      }),
    )
  })
})
