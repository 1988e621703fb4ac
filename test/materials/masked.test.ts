import { expect } from 'chai'
import { maskMaterial } from '../../node/materials/masked.ts'
import { materialType } from '../core/catalogue/support.ts'
import { testStatement } from '../support/log.ts'

const NOW = Date.parse('2023-08-05T10:00:00+08:00')

const serial = (type = '', number = '') =>
  `1.2.156.3005.2.${type}.11310110MBDEM0306Q.${number}.001.A`

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

  it('tells nothing of a type that nobody published, nor whose it is', () => {
    const masked = maskMaterial(statement, undefined, NOW)
    expect(masked.fields).to.deep.equal({ lessor: '***', rent: '***', note: '***' })
    expect(masked).not.to.have.any.keys('holder', 'title')
    expect(masked.content).to.deep.equal(statement.content)
  })
})
