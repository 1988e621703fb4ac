import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, dayOf, yearsBetween } from '../../../node/core/catalogue/day.ts'
import type { MaterialType, Validity } from '../../../node/core/catalogue/materialType.ts'
import { usabilityOfMaterial } from '../../../node/core/usability/material.ts'
import type { MaterialFacts } from '../../../node/core/usability/material.ts'
import { field, materialType } from '../catalogue/support.ts'

const AT = '2023-08-04T23:30:00.000Z'

const CASE = '001900000100001'
const OTHER = '001900000100002'
const CITY = `0x${'c1'.repeat(20)}` as const
const HEALTH = `0x${'ea'.repeat(20)}` as const

const judge = (
  type: MaterialType | undefined,
  day: string,
  material: Partial<MaterialFacts> = {},
  cases: readonly string[] = [],
) =>
  usabilityOfMaterial(
    type,
    { at: AT, submitter: 'permits', ...material },
    { day, caseCodes: new Set(cases) },
  )
const ask = (validity: Validity, day: string, material: Partial<MaterialFacts> = {}) =>
  judge(materialType({ validity }), day, material)
const stopped = (why: object) => ({ usable: false, why })

const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('days of China', () => {
  it('begin eight hours before those of UTC', () => {
    expect(dayOf(Date.parse(AT))).to.equal('2023-08-05')
    expect(dayOf(Date.parse('2023-08-04T15:59:59.999Z'))).to.equal('2023-08-04')
  })

  it('follow one another over leap days and the ends of years', () => {
    expect(addDays('2024-02-28', 1)).to.equal('2024-02-29')
    expect(addDays('2023-12-31', 1)).to.equal('2024-01-01')
    expect(addDays('9999-12-31', 1)).to.equal('9999-12-31')
  })
})

describe('full years', () => {
  it('are counted from birthday to birthday', () => {
    expect(yearsBetween('1958-08-05', '2023-08-04')).to.equal(64)
    expect(yearsBetween('1958-08-05', '2023-08-05')).to.equal(65)
    expect(yearsBetween('1956-02-29', '2021-02-28')).to.equal(64)
    expect(yearsBetween('1956-02-29', '2021-03-01')).to.equal(65)
  })
})

describe('a material', () => {
  it('of so many days counts from the day after, to the last of them', () => {
    const validity: Validity = { mode: 'DAYS', days: 180 }
    expect(ask(validity, '2024-02-01')).to.deep.equal({ usable: true, until: '2024-02-02' })
    expect(ask(validity, '2024-02-02')).to.deep.equal(
      stopped({
        code: 'MATERIAL_EXPIRED',
        on: '2024-02-02',
      }),
    )
    expect(ask(validity, '2023-08-04')).to.deep.equal(
      stopped({
        code: 'MATERIAL_NOT_VALID_YET',
        from: '2023-08-05',
      }),
    )
  })

  describe('that is a copy of a certificate of elsewhere', () => {
    const type = materialType({
      certificateType: '11310110MBDEM0082K902',
      validity: { mode: 'CERTIFICATE' },
      source: 'GOVERNMENT',
      issuer: CITY,
    })
    const copy: Partial<MaterialFacts> = {
      submitter: `department ${CITY}`,
      isRecognised: true,
      fields: { validFrom: '2021-05-18', validTo: '2024-05-17' },
    }
    const decides = stopped({
      code: 'MATERIAL_CERTIFICATE_DECIDES',
      certificateType: '11310110MBDEM0082K902',
    })

    it('counts by what the department says that makes such certificates here, in its time', () => {
      expect(judge(type, '2024-05-17', copy)).to.deep.equal({ usable: true, until: '2024-05-18' })
      expect(judge(type, '2024-05-18', copy)).to.deep.equal(
        stopped({ code: 'MATERIAL_EXPIRED', on: '2024-05-18' }),
      )
      expect(judge(type, '2021-05-17', copy)).to.deep.equal(
        stopped({ code: 'MATERIAL_NOT_VALID_YET', from: '2021-05-18' }),
      )
      const endless = { ...copy, fields: { validFrom: '2021-05-18', validTo: '长期' } }
      expect(judge(type, '2090-01-01', endless)).to.deep.equal({ usable: true })
    })

    it('does not count by what anybody else says', () => {
      for (const submitter of ['permits', `department ${HEALTH}`])
        expect(judge(type, '2023-08-05', { ...copy, submitter })).to.deep.equal(
          stopped({ code: 'MATERIAL_NOT_FROM_ISSUER', issuer: CITY }),
        )
      const { issuer: _, ...unnamed } = type
      expect(judge(unnamed, '2023-08-05', copy)).to.deep.equal(decides)
    })

    it('counts no more once certificates of the type are issued to its holder here', () => {
      expect(judge(type, '2023-08-05', { ...copy, isCertified: true })).to.deep.equal(decides)
      expect(judge(type, '2023-08-05', { ...copy, isRecognised: false })).to.deep.equal(decides)
    })
  })

  it('of no days is good for its own day', () => {
    expect(ask({ mode: 'DAYS', days: 0 }, '2023-08-05')).to.include({ usable: true })
    expect(ask({ mode: 'DAYS', days: 0 }, '2023-08-06')).to.have.nested.property(
      'why.code',
      'MATERIAL_EXPIRED',
    )
  })

  it('grows no younger by being handed in again, where a field says how old it is', () => {
    const validity: Validity = { mode: 'DAYS', days: 365, since: 'examinedAt' }
    const fields = { examinedAt: '2022-07-01' }
    expect(ask(validity, '2023-08-05', { fields })).to.deep.equal(
      stopped({
        code: 'MATERIAL_EXPIRED',
        on: '2023-07-02',
      }),
    )
  })

  it('until a day is good on that day', () => {
    const validity: Validity = { mode: 'UNTIL_DATE', field: 'leaseTo' }
    const fields = { leaseTo: '2024-02-28' }
    expect(ask(validity, '2024-02-28', { fields })).to.include({ usable: true })
    expect(ask(validity, '2024-02-29', { fields })).to.have.nested.property('why.on', '2024-02-29')
  })

  it('without the day that decides cannot be used', () => {
    for (const fields of [{}, { leaseTo: '长期' }, { leaseTo: 7 }])
      expect(ask({ mode: 'UNTIL_DATE', field: 'leaseTo' }, '2023-08-05', { fields })).to.deep.equal(
        stopped({ code: 'MATERIAL_UNDATED', field: 'leaseTo' }),
      )
  })

  it('has no end where its type lets the day be a long term', () => {
    const validity: Validity = { mode: 'UNTIL_DATE', field: 'leaseTo' }
    const type = materialType({ validity, fields: [field('leaseTo', 'date', { longTerm: true })] })
    const fields = { leaseTo: '长期' }
    expect(judge(type, '2099-01-01', { fields })).to.deep.equal({ usable: true })
  })

  it('that was ended is over, whatever its days say, and was not before', () => {
    const ended = {
      code: 'MATERIAL_SUPERSEDED',
      by: 'plan-2',
      at: '2023-08-09T20:00:00.000Z',
    } as const
    expect(ask({ mode: 'UNTIL_SUPERSEDED' }, '2023-08-10')).to.deep.equal({ usable: true })
    for (const mode of ['UNTIL_SUPERSEDED', 'LONG_TERM'] as const) {
      const { at: _, ...why } = ended
      expect(ask({ mode }, '2023-08-10', { ended })).to.deep.equal(
        stopped({ ...why, on: '2023-08-10' }),
      )
      expect(ask({ mode }, '2023-08-09', { ended })).to.deep.equal({ usable: true })
    }
  })

  it('in quarantine is to be used on no day, also of a type that nobody published', () => {
    const ended = { code: 'MATERIAL_QUARANTINED' } as const
    expect(judge(undefined, '1990-01-01', { ended })).to.deep.equal(stopped(ended))
    const rejected = {
      code: 'MATERIAL_REJECTED',
      by: 'no',
      at: '2023-08-09T20:00:00.000Z',
    } as const
    expect(judge(undefined, '2023-08-06', { ended: rejected })).to.deep.equal(
      stopped({ code: 'MATERIAL_REJECTED', by: 'no', on: '2023-08-10' }),
    )
    expect(judge(undefined, '2099-01-01')).to.deep.equal({ usable: true })
  })

  it('of a single use is spent by the first case', () => {
    const type = materialType({ validity: { mode: 'SINGLE_USE' }, reusable: false })
    const spent = { by: 'use-1', caseCode: CASE }
    expect(judge(type, '2023-08-05')).to.deep.equal({ usable: true })
    expect(judge(type, '2023-08-05', { spent }, [CASE])).to.deep.equal({ usable: true })
    const refused = stopped({ code: 'MATERIAL_SINGLE_USE_SPENT', by: 'use-1' })
    expect(judge(type, '2023-08-05', { spent }, [OTHER])).to.deep.equal(refused)
    expect(judge(type, '2023-08-05', { spent })).to.deep.equal(refused)
    // Which case it came in for is for nobody else to know.
    expect(judge(type, '2023-08-05', { spent: { caseCode: CASE } }, [OTHER])).to.deep.equal(
      stopped({ code: 'MATERIAL_SINGLE_USE_SPENT' }),
    )
  })

  it('that copies a certificate serves the case that it came in for, and nothing else', () => {
    const certificateType = '11100000MB0143028R001'
    const type = materialType({ validity: { mode: 'CERTIFICATE' }, certificateType })
    const refused = stopped({ code: 'MATERIAL_CERTIFICATE_DECIDES', certificateType })
    for (const cases of [[], [OTHER]])
      expect(judge(type, '2023-08-05', { caseCode: CASE }, cases)).to.deep.equal(refused)
    expect(judge(type, '2023-08-05', { caseCode: CASE }, [CASE])).to.deep.equal({ usable: true })
  })

  it('that a department makes counts by that department alone, but for the case that it came in for', () => {
    const type = materialType({ source: 'GOVERNMENT', issuer: CITY })
    const refused = stopped({ code: 'MATERIAL_NOT_FROM_ISSUER', issuer: CITY })
    for (const submitter of ['permits', `account ${CITY}`, `department ${HEALTH}`]) {
      expect(judge(type, '2023-08-05', { submitter })).to.deep.equal(refused)
      const handed = { submitter, caseCode: CASE }
      expect(judge(type, '2023-08-05', handed, [OTHER])).to.deep.equal(refused)
      expect(judge(type, '2023-08-05', handed, [CASE])).to.deep.equal({ usable: true })
    }
    const submitter = `department ${CITY}`
    expect(judge(type, '2023-08-05', { submitter })).to.deep.equal({ usable: true })
  })

  it('that some department makes counts by any department, and by nobody else', () => {
    const type = materialType({ source: 'GOVERNMENT' })
    const refused = stopped({ code: 'MATERIAL_NOT_FROM_ISSUER' })
    expect(judge(type, '2023-08-05')).to.deep.equal(refused)
    expect(judge(type, '2023-08-05', { submitter: `department ${HEALTH}` })).to.deep.equal({
      usable: true,
    })
    expect(judge(materialType({ source: 'APPLICANT' }), '2023-08-05')).to.deep.equal({
      usable: true,
    })
  })

  it('once over stays over, and is usable on every day before that', () => {
    const days = fc.integer({ min: 0, max: 4000 })
    fc.assert(
      fc.property(day, days, day, (since, days, asked) => {
        const validity: Validity = { mode: 'DAYS', days, since: 'since' }
        const found = ask(validity, asked, { fields: { since } })
        const distance = (Date.parse(asked) - Date.parse(since)) / 86_400_000
        return found.usable === (distance >= 0 && distance <= days)
      }),
    )
  })
})
