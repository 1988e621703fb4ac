import { expect } from 'chai'
import { parse } from 'csv-parse/sync'
import { csvHead, csvRow } from '../../api/http/csv.ts'

describe('a table', () => {
  it('is read back as it was written, whatever stands in its cells', () => {
    const cells = ['a "quoted" word', 'two\nlines', 'a,b', '张示例', '', ' ']
    const text = csvHead(['1', '2', '3', '4', '5', '6']) + csvRow(cells)
    const [, row] = parse(text, { bom: true })
    expect(row).to.deep.equal(cells)
  })

  for (const formula of ['=1+1', '+1', '-1', '@A1'])
    it(`lets no spreadsheet compute ${formula}`, () => {
      expect(csvRow([formula])).to.equal(`'${formula}\r\n`)
    })

  it('leaves numbers and what is not there as they are', () => {
    expect(csvRow([-1, 0.5, undefined])).to.equal('-1,0.5,\r\n')
  })
})
