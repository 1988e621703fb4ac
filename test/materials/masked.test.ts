import { expect } from 'chai'
import { maskMaterial } from '../../node/materials/masked.ts'
import { materialType } from '../core/catalogue/support.ts'
import { testStatement } from '../support/log.ts'

const NOW = Date.parse('2023-08-05T10:00:00+08:00')
const DAY = 86_400_000

const serial = (type = '', number = '') =>
  `1.2.156.3005.2.${type}.11310110MBDEM0306Q.${number}.001.A`

const numberOf = (sensitivity: string) => ({ name: 'certificateNumber', sensitivity })

/** Each in force on the day of NOW alone. */
const typesOf = (found: Record<string, unknown>) => ({
  find: (kind: string, code: string, day: string) =>
    (day === '2023-08-05' ? found[`${kind} ${code}`] : undefined) as never,
})

describe('a material as auditors see it', () => {
  const statement = {
    ...testStatement('m-1', 'LEASE'),
    title: '王小明的租赁合同',
    fields: { lessor: '滨江置业', rent: 9000, note: '私下约定' },
  }
  const entry = materialType({
    fields: [
      { name: 'lessor', label: '出租人', type: 'string', required: true, sensitivity: 'L1' },
      { name: 'rent', label: '租金', type: 'number', required: true, sensitivity: 'L3' },
    ],
  })

  it('tells of each field what its type lets everybody see, and nothing of others', () => {
    const types = { find: () => entry as never }
    expect(maskMaterial(statement, types, NOW).fields).to.deep.equal({
      lessor: '滨江置业',
      rent: '***',
      note: '***',
    })
  })

  const identifierOf = (certificateIdentifier: string) =>
    maskMaterial({ ...statement, certificateIdentifier }, undefined, NOW).certificateIdentifier

  it('tells no identifier that may carry the number of somebody', () => {
    const [card, permit] = ['11100000000013127D001', '11100000MB0143028R901']
    expect(identifierOf(serial(card, '20150000000000006508'))).to.equal('***')
    expect(identifierOf(serial(permit, '31019919550608002143'))).to.equal('***')
    const sound = serial(permit, '20190000000000000004')
    expect(identifierOf(sound)).to.equal(sound)
  })

  it('goes by the types of certificates that were published, as they were when it was logged', () => {
    const permit = '11100000MB0143028R901'
    const published = { code: permit, fields: [numberOf('L3')] }
    const shown = (certificateIdentifier: string, found: Record<string, unknown>, at = NOW) =>
      maskMaterial({ ...statement, certificateIdentifier }, typesOf(found), at)
        .certificateIdentifier

    const sound = serial(permit, '20190000000000000004')
    expect(shown(sound, { [`certificateType ${permit}`]: published })).to.equal('***')
    expect(shown(sound, { [`certificateType ${permit}`]: published }, NOW - DAY)).to.equal(sound)

    const card = serial('11100000000013127D001', '20150000000000006508')
    const open = { code: '11100000000013127D001', fields: [numberOf('L1')] }
    expect(shown(card, { [`certificateType ${open.code}`]: open })).to.equal(card)

    // A type of another region, counted as one whose number is somebody's own.
    const foreign = serial('11320000MB0143028R901', '20190000000000000004')
    const lease = { code: 'LEASE', fields: [], certificateType: permit }
    const recognised = { 'materialType LEASE': lease, [`certificateType ${permit}`]: published }
    expect(shown(foreign, recognised)).to.equal('***')
    expect(shown(foreign, { 'materialType LEASE': lease })).to.equal(foreign)
  })

  it('tells no identifier of a type that nobody knows', () => {
    expect(identifierOf(serial('11320000MB0143028R902', '1'))).to.equal('***')
    expect(identifierOf('沪食药 1234')).to.equal('***')
  })

  it('tells nothing of a type that nobody published, nor whose it is', () => {
    const masked = maskMaterial(statement, undefined, NOW)
    expect(masked.fields).to.deep.equal({ lessor: '***', rent: '***', note: '***' })
    expect(masked).not.to.have.any.keys('holder', 'title')
    expect(masked.content).to.deep.equal(statement.content)
  })
})
