import { expect } from 'chai'
import * as fc from 'fast-check'
import { factOf, isCounted } from '../../../node/core/figures/facts.ts'
import type { Fact } from '../../../node/core/figures/facts.ts'
import { CaseTable } from '../../../node/core/figures/caseTable.ts'
import { figuresOf, MonthlyFigures } from '../../../node/core/figures/figures.ts'
import type { FiguresContext } from '../../../node/core/figures/figures.ts'
import { boundsOf, Month, monthOf } from '../../../node/core/figures/month.ts'
import { MonthTally } from '../../../node/core/figures/tally.ts'
import { matter, required } from '../catalogue/support.ts'

const address = (digit: string) => `0x${digit.repeat(40)}` as const
const DISTRICT = address('a')
const CITY = address('b')
const SUZHOU = address('c')
const UNKNOWN = address('d')
const NEXT_DOOR = address('e')
const AT = Date.parse('2023-08-05T02:00:00.000Z')

const REGIONS: Readonly<Record<string, string>> = {
  [DISTRICT]: '310110',
  [CITY]: '310000',
  [SUZHOU]: '320500',
  [NEXT_DOOR]: '310112',
}
const context: FiguresContext = {
  departmentOf: (department) => {
    const region = REGIONS[department]
    return region === undefined ? undefined : { name: `局 ${region}`, region }
  },
  matterOf: (code, version) =>
    code === 'CO_ADDR_CHANGE' && version === 2
      ? matter({
          materials: [
            required('APP', { exemption: 'mustSubmit' }),
            required('LEASE'),
            required('BIZ_COPY', { exemption: 'certificatePull' }),
            required('POA', { necessity: 'optional' }),
            required('AGENT_ID', { holder: 'AGENT' }),
          ],
          agency: { allowed: true, maxDepth: 1, kinds: ['111'], proof: 'POA' },
        })
      : undefined,
}

const use = (rest: Partial<Extract<Fact, { is: 'use' }>> = {}): Fact => ({
  is: 'use',
  department: DISTRICT,
  of: 'material',
  source: 7,
  from: DISTRICT,
  case: '310110202300001',
  spares: true,
  fields: 3,
  at: AT,
  ...rest,
})
const opened = (rest: Partial<Extract<Fact, { is: 'case' }>> = {}): Fact => ({
  is: 'case',
  department: DISTRICT,
  acceptedBy: DISTRICT,
  isActedFor: false,
  case: '310110202300001',
  matter: 'CO_ADDR_CHANGE',
  version: 2,
  at: AT - 60_000,
  ...rest,
})

function tallyOf(facts: readonly Fact[]): MonthTally {
  const tally = new MonthTally()
  for (const fact of facts) tally.add(fact)
  return tally
}
const figures = (...facts: Fact[]) => figuresOf(tallyOf(facts), context)

const departments = fc.constantFrom(DISTRICT, CITY, SUZHOU, UNKNOWN)
const cases = fc.nat({ max: 5 }).map((n) => `31011020230000${n}`)
const times = fc.nat({ max: 1000 }).map((seconds) => AT + seconds * 1000)
const facts: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    is: fc.constant('use' as const),
    department: departments,
    of: fc.constantFrom('certificate' as const, 'material' as const, 'check' as const),
    source: fc.nat(),
    from: fc.option(departments, { nil: undefined }),
    case: cases,
    decidedBy: fc.option(departments, { nil: undefined }),
    spares: fc.boolean(),
    fields: fc.nat({ max: 9 }),
    at: times,
  }),
  fc.record({
    is: fc.constant('refusal' as const),
    department: departments,
    code: fc.constantFrom('GRANT_EXPIRED', 'USE_HOLDER_MISSING'),
  }),
  fc.record({
    is: fc.constant('submission' as const),
    department: fc.option(departments, { nil: undefined }),
    way: fc.constantFrom('askedFor', 'committed'),
    case: cases,
    fields: fc.nat({ max: 9 }),
    at: times,
  }),
  fc.record({
    is: fc.constant('look' as const),
    department: departments,
    evidence: fc.nat({ max: 3 }),
    qualified: fc.boolean(),
    granted: fc.boolean(),
  }),
)
/** A case is opened once. */
const months = fc
  .tuple(fc.array(facts, { maxLength: 60 }), fc.uniqueArray(cases), departments, times)
  .map(([others, codes, department, at]) => [
    ...others,
    ...codes.map((code, i) =>
      opened({ case: code, department, acceptedBy: CITY, isActedFor: i % 2 === 1, at }),
    ),
  ])

const look = (qualified: boolean, granted: boolean): Fact => ({
  is: 'look',
  department: DISTRICT,
  evidence: 2,
  qualified,
  granted,
})

const ascending = (a: number, b: number) => a - b

describe('the figures of a month', () => {
  it('are the same in whatever order and batches its facts come', () => {
    fc.assert(
      fc.property(
        months.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray(all, { minLength: all.length }),
            fc.array(fc.nat({ max: all.length }), { maxLength: 4 }),
          ),
        ),
        ([all, shuffled, cuts]) => {
          const merged = new MonthTally()
          const bounds = [0, ...cuts.toSorted((a, b) => a - b), shuffled.length]
          for (const [i, from] of bounds.entries())
            merged.merge(tallyOf(shuffled.slice(from, bounds[i + 1] ?? shuffled.length)))
          expect(figuresOf(merged, context)).to.deep.equal(figuresOf(tallyOf(all), context))
        },
      ),
    )
  })

  it('are what their schema says, and add up', () => {
    fc.assert(
      fc.property(months, (all) => {
        const found = figures(...all)
        const document = { month: '2023-08', size: 1, unreadable: 0, departments: found }
        expect(MonthlyFigures.parse(document)).to.deep.equal(document)
        const sum = (read: (one: (typeof found)[number]) => number) =>
          found.reduce((total, one) => total + read(one), 0)
        expect(sum((one) => one.cases)).to.equal(all.filter(({ is }) => is === 'case').length)
        expect(sum((one) => one.refusals['GRANT_EXPIRED'] ?? 0)).to.equal(
          all.filter((fact) => fact.is === 'refusal' && fact.code === 'GRANT_EXPIRED').length,
        )
      }),
    )
  })

  it('count what a case needed, what came by itself and what was asked for', () => {
    const asked: Fact = {
      is: 'submission',
      department: DISTRICT,
      way: 'askedFor',
      case: '310110202300001',
      fields: 1,
      at: AT + 30_000,
    }
    const [only] = figures(opened(), use(), use({ of: 'certificate', fields: 4 }), asked)
    expect(only).to.deep.include({
      department: DISTRICT,
      region: '310110',
      cases: 1,
      required: 3,
      exemptible: 2,
      pulled: 1,
      reused: 1,
      dataChecked: 0,
      askedFor: 1,
      exempted: 2,
      exemptedShare: 0.6667,
      prefilled: 7,
      typed: 1,
      prefilledShare: 0.875,
      toLastMaterial: { cases: 1, meanSeconds: 90, longestSeconds: 90 },
    })
  })

  it('count what proves an agent, and what the agent has to have, where one acts', () => {
    const [only] = figures(opened(), opened({ isActedFor: true, case: '310110202300002' }))
    expect(only).to.include({ cases: 2, required: 3 + 5, exemptible: 2 + 4 })
  })

  it('are of the department that decides the case, and what was used of whoever used it', () => {
    const found = figures(
      opened({ acceptedBy: CITY }),
      use({ department: CITY, from: SUZHOU, decidedBy: DISTRICT }),
      use({ department: SUZHOU, from: SUZHOU }),
    )
    expect(
      found.map(({ department, ...one }) => [department, one.accepted, one.cases]),
    ).to.deep.equal([
      [DISTRICT, 0, 1],
      [CITY, 1, 0],
      [SUZHOU, 0, 0],
    ])
    expect(found.map((one) => [one.reused, one.used, one.crossings.department])).to.deep.equal([
      [1, 0, 0],
      [0, 1, 1],
      [1, 1, 0],
    ])
  })

  it('count crossings of departments, levels and regions apart', () => {
    const crossingsOf = (department: typeof DISTRICT, from?: typeof DISTRICT) =>
      figures(use({ department, from }))[0]?.crossings
    const none = { department: 0, level: 0, region: 0 }
    expect(crossingsOf(DISTRICT, DISTRICT)).to.deep.equal(none)
    expect(crossingsOf(DISTRICT)).to.deep.equal(none)
    // A district and its own city share a region.
    expect(crossingsOf(DISTRICT, CITY)).to.deep.equal({ department: 1, level: 1, region: 0 })
    expect(crossingsOf(CITY, DISTRICT)).to.deep.equal({ department: 1, level: 1, region: 0 })
    expect(crossingsOf(DISTRICT, NEXT_DOOR)).to.deep.equal({ department: 1, level: 0, region: 1 })
    expect(crossingsOf(SUZHOU, DISTRICT)).to.deep.equal({ department: 1, level: 1, region: 1 })
    // Of whom nobody has said where it is, only that it is another.
    expect(crossingsOf(DISTRICT, UNKNOWN)).to.deep.equal({ department: 1, level: 0, region: 0 })
  })

  it('count looks for benefits apart from what cases were spared', () => {
    const [only] = figures(look(true, true), look(true, false), look(false, false))
    expect(only).to.deep.include({
      dataChecked: 0,
      exempted: 0,
      benefits: { checked: 3, evidence: 6, qualified: 2, granted: 1 },
      exemptedShare: null,
      prefilledShare: null,
    })
  })

  it('count what was undertaken among what nobody handed in, once it was', () => {
    const caseCode = '310110202300001'
    const statement = { acceptedBy: DISTRICT, undertaking: { caseCode } }
    const given = factOf('undertaking.given', statement, AT + 90_000) as Fact
    const [only] = figures(opened(), given)
    expect(only).to.deep.include({ committed: 1, exempted: 1, askedFor: 0, exemptedShare: 1 })
    expect(only?.toLastMaterial).to.include({ cases: 1 })
    expect(figures(opened())[0]).to.deep.include({ committed: 0, exempted: 0 })
  })

  it('name what was handed in by no department last', () => {
    const asked = (department: typeof DISTRICT | undefined): Fact => ({
      is: 'submission',
      department,
      way: 'askedFor',
      case: '1',
      fields: 0,
      at: AT,
    })
    const found = figures(asked(undefined), asked(SUZHOU), asked(DISTRICT))
    expect(found.map(({ department }) => department)).to.deep.equal([DISTRICT, SUZHOU, null])
  })
})

describe('the table of cases', () => {
  it('holds what a Map of objects would, however many there are', () => {
    const codes = fc.nat({ max: 999_999_999 }).map((n) => String(n * 999_983).padStart(15, '0'))
    const row = fc.tuple(codes, fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 1e9 }))
    fc.assert(
      fc.property(fc.array(row, { maxLength: 3000, size: 'max' }), (rows) => {
        const table = new CaseTable()
        const known = new Map<string, { opened: number; last: number }>()
        for (const [code, at, after] of rows) {
          const before = known.get(code)
          if (before === undefined) table.open(code, at, 0)
          table.touch(code, at + after)
          const last = Math.max(before?.last ?? 0, at + after)
          known.set(code, { opened: before?.opened ?? at, last })
        }
        expect(table.size).to.equal(known.size)
        const spans = [...table.spans()].map(({ span }) => span)
        const expected = [...known.values()].map(({ opened, last }) => Math.max(0, last - opened))
        expect(spans.toSorted(ascending)).to.deep.equal(expected.toSorted(ascending))
      }),
      { numRuns: 30 },
    )
  })

  it('holds the first and the last code of all, and codes in sequence', () => {
    const table = new CaseTable()
    const codes = ['000000000000000', '999999999999999']
    for (let i = 0; i < 5000; i++) codes.push(String(310_110_202_300_000 + i))
    for (const code of codes) {
      table.open(code, AT, 0)
      table.touch(code, AT + 1)
    }
    expect(table.size).to.equal(5002)
    const copy = new CaseTable()
    copy.merge(table, [0])
    expect([...copy.spans()]).to.have.length(5002)
  })
})

function wayOf(receiptMode?: number): string | undefined {
  const submitter = `department ${DISTRICT}`
  const statement = { submitter, caseCode: '310110202300001', receiptMode }
  const fact = factOf('material.submitted', JSON.parse(JSON.stringify(statement)), AT)
  return fact?.is === 'submission' ? `${fact.way} ${fact.department}` : undefined
}

describe('what a statement says for the figures', () => {
  it('is nothing where a material was deposited for no case', () => {
    const statement = { submitter: 'permits', fields: {} }
    expect(factOf('material.submitted', statement, AT)).to.equal(undefined)
  })

  it('is that a material was asked for, however its submitter says that it came', () => {
    const modes = [undefined, 0, 1, 2, 3, 4, 5]
    expect(modes.map((mode) => wayOf(mode))).to.deep.equal(modes.map(() => `askedFor ${DISTRICT}`))
  })

  it('is as many fields as a use names, or a whole material shows', () => {
    const subject = { kind: 'material', index: 7 }
    const context = { case: '310110202300001' }
    const fieldsOf = (statement: object) => {
      const released = { user: DISTRICT, subject, context, ...statement }
      const fact = factOf('use.released', released, AT)
      return fact?.is === 'use' ? fact.fields : undefined
    }
    expect(fieldsOf({ fields: ['a', 'b'] })).to.equal(2)
    expect(fieldsOf({ fields: [] })).to.equal(0)
    expect(fieldsOf({ fields: [], shown: 5 })).to.equal(5)
  })

  it('is a data check where a question was answered', () => {
    const context = { case: '310110202300001' }
    const statement = { user: DISTRICT, subject: { index: 7 }, context, answers: [true] }
    expect(factOf('use.checked', statement, AT)).to.deep.equal({
      is: 'use',
      department: DISTRICT,
      of: 'check',
      source: 7,
      case: context.case,
      spares: false,
      fields: 0,
      at: AT,
    })
    const spares = { material: 'LEASE', holder: 'APPLICANT' }
    expect(factOf('use.checked', { ...statement, spares }, AT)).to.include({ spares: true })
    // Whatever spares nothing is a use, and no more.
    expect(figures(use({ spares: false, from: CITY }))[0]).to.deep.include({
      reused: 0,
      prefilled: 0,
      exemptedShare: null,
      used: 1,
      crossings: { department: 1, level: 1, region: 0 },
    })
    expect(figures(use({ of: 'check', fields: 0, from: CITY }))[0]).to.deep.include({
      dataChecked: 1,
      exempted: 1,
      crossings: { department: 1, level: 1, region: 0 },
    })
  })

  it('is asked of the kinds that are counted', () => {
    expect(isCounted('use.released')).to.equal(true)
    expect(isCounted('act.signed')).to.equal(false)
  })
})

describe('months', () => {
  it('are those of China', () => {
    expect(monthOf(Date.parse('2023-07-31T15:59:59.999Z'))).to.equal('2023-07')
    expect(monthOf(Date.parse('2023-07-31T16:00:00.000Z'))).to.equal('2023-08')
    expect(boundsOf('2023-12').map((time) => new Date(time).toISOString())).to.deep.equal([
      '2023-11-30T16:00:00.000Z',
      '2023-12-31T16:00:00.000Z',
    ])
  })

  it('have one spelling', () => {
    expect(Month.safeParse('2023-08').success).to.equal(true)
    for (const text of ['2023-8', '2023-13', '2023-00', '0000-01', '2023-08-01', ''])
      expect(Month.safeParse(text).success, text).to.equal(false)
  })
})
