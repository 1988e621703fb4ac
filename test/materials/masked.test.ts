import { expect } from 'chai'
import { maskMaterial } from '../../node/materials/masked.ts'
import { materialType } from '../core/catalogue/support.ts'
import { testStatement } from '../support/log.ts'

const NOW = Date.parse('2023-08-05T10:00:00+08:00')

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
    const types = { find: () => entry }
    expect(maskMaterial(statement, types, NOW).fields).to.deep.equal({
      lessor: '滨江置业',
      rent: '***',
      note: '***',
    })
  })

  it('tells nothing of a type that nobody published, nor whose it is', () => {
    const masked = maskMaterial(statement, undefined, NOW)
    expect(masked.fields).to.deep.equal({ lessor: '***', rent: '***', note: '***' })
    expect(masked).not.to.have.any.keys('holder', 'title')
    expect(masked.content).to.deep.equal(statement.content)
  })
})
