import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, dayOf } from '../../../node/core/catalogue/day.ts'
import type { Validity } from '../../../node/core/catalogue/materialType.ts'
import { validityOn } from '../../../node/core/catalogue/validity.ts'
import type { KeptMaterial } from '../../../node/core/catalogue/validity.ts'
import { materialType } from './support.ts'

const AT = '2023-08-04T23:30:00.000Z'

const ask = (validity: Validity, day: string, material: Partial<KeptMaterial> = {}) =>
  validityOn(materialType({ validity }), { at: AT, ...material }, day)

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

describe('a material', () => {
  it('of so many days counts from the day after, to the last of them', () => {
    const validity: Validity = { mode: 'DAYS', days: 180 }
    expect(ask(validity, '2024-02-01')).to.deep.equal({ usable: true, on: '2024-02-02' })
    expect(ask(validity, '2024-02-02')).to.deep.equal({
      usable: false,
      code: 'MATERIAL_EXPIRED',
      on: '2024-02-02',
    })
    expect(ask(validity, '2023-08-04')).to.deep.equal({
      usable: false,
      code: 'MATERIAL_NOT_VALID_YET',
      from: '2023-08-05',
    })
  })

  it('of no days is good for its own day', () => {
    expect(ask({ mode: 'DAYS', days: 0 }, '2023-08-05')).to.include({ usable: true })
    expect(ask({ mode: 'DAYS', days: 0 }, '2023-08-06')).to.include({ code: 'MATERIAL_EXPIRED' })
  })

  it('grows no younger by being handed in again, where a field says how old it is', () => {
    const validity: Validity = { mode: 'DAYS', days: 365, since: 'examinedAt' }
    const fields = { examinedAt: '2022-07-01' }
    expect(ask(validity, '2023-08-05', { fields })).to.deep.equal({
      usable: false,
      code: 'MATERIAL_EXPIRED',
      on: '2023-07-02',
    })
  })

  it('until a day is good on that day', () => {
    const validity: Validity = { mode: 'UNTIL_DATE', field: 'leaseTo' }
    const fields = { leaseTo: '2024-02-28' }
    expect(ask(validity, '2024-02-28', { fields })).to.include({ usable: true })
    expect(ask(validity, '2024-02-29', { fields })).to.include({ on: '2024-02-29' })
  })

  it('without the day that decides cannot be used', () => {
    for (const fields of [{}, { leaseTo: '长期' }, { leaseTo: 7 }])
      expect(ask({ mode: 'UNTIL_DATE', field: 'leaseTo' }, '2023-08-05', { fields })).to.deep.equal(
        { usable: false, code: 'MATERIAL_UNDATED', field: 'leaseTo' },
      )
  })

  it('that was superseded or withdrawn is over, whatever its days say', () => {
    const supersededBy = 'plan-2'
    expect(ask({ mode: 'UNTIL_SUPERSEDED' }, '2023-08-05')).to.deep.equal({ usable: true })
    for (const mode of ['UNTIL_SUPERSEDED', 'LONG_TERM'] as const)
      expect(ask({ mode }, '2023-08-05', { supersededBy })).to.deep.equal({
        usable: false,
        code: 'MATERIAL_SUPERSEDED',
        by: supersededBy,
      })
    expect(
      ask({ mode: 'LONG_TERM' }, '2023-08-05', { supersededBy, withdrawnBy: 'w' }),
    ).to.deep.equal({ usable: false, code: 'MATERIAL_WITHDRAWN', by: 'w' })
  })

  it('of a single use is spent by the first case', () => {
    const type = materialType({ validity: { mode: 'SINGLE_USE' }, reusable: false })
    const spent = { usable: false, code: 'MATERIAL_SINGLE_USE_SPENT', by: '001900000100001' }
    expect(validityOn(type, { at: AT }, '2023-08-05')).to.deep.equal({ usable: true })
    expect(validityOn(type, { at: AT, usedBy: spent.by }, '2023-08-05')).to.deep.equal(spent)
    const poa = materialType({ reusable: false, validity: { mode: 'UNTIL_DATE', field: 'to' } })
    const fields = { to: '2030-01-01' }
    expect(validityOn(poa, { at: AT, fields, usedBy: spent.by }, '2023-08-05')).to.deep.equal(spent)
  })

  it('that copies a certificate is never used in its place', () => {
    const certificateType = '11100000MB0143028R001'
    const type = materialType({ validity: { mode: 'CERTIFICATE' }, certificateType })
    expect(validityOn(type, { at: AT }, '2023-08-05')).to.deep.equal({
      usable: false,
      code: 'MATERIAL_CERTIFICATE_DECIDES',
      certificateType,
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
