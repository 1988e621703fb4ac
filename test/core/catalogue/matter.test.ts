import { expect } from 'chai'
import fc from 'fast-check'
import { verifyAgency } from '../../../node/core/catalogue/agency.ts'
import type { Agency } from '../../../node/core/catalogue/matter.ts'
import { materialsOfTheme } from '../../../node/core/catalogue/theme.ts'
import { codesOf, matter, required } from './support.ts'

const refusal = (agency: Agency, agentCodeType: '001' | '111', depth: number) =>
  codesOf(() => verifyAgency(matter({ agency }), { agentCodeType, depth }))

const keyOf = ({ material, holder }: { material: string; holder: string }) =>
  `${material} ${holder}`

describe('the agents that a matter allows', () => {
  const agency: Agency = { allowed: true, maxDepth: 2, kinds: ['111'] }

  it('are as many in a row as it says, and of the kinds that it names', () => {
    expect(refusal(agency, '111', 1)).to.equal(undefined)
    expect(refusal(agency, '111', 2)).to.equal(undefined)
    expect(refusal(agency, '111', 3)).to.equal('AGENT_TOO_DEEP')
    expect(refusal(agency, '001', 1)).to.equal('AGENT_KIND_NOT_ALLOWED')
  })

  it('are none where it allows none', () => {
    expect(refusal({ allowed: false }, '111', 1)).to.equal('AGENT_NOT_ALLOWED')
  })
})

describe('the materials of a theme', () => {
  it('are asked for once, by the strictest of those that ask', () => {
    const setup = matter({
      code: 'SETUP',
      materials: [
        required('LEASE', { necessity: 'optional', plain: ['lessor'] }),
        required('ID', { holder: 'AGENT' }),
      ],
    })
    const food = matter({
      code: 'FOOD',
      materials: [required('ID'), required('LEASE', { necessity: 'later', maxGrantDepth: 3 })],
    })
    const bundle = materialsOfTheme([setup, food])
    expect(
      bundle.map(({ material, holder, necessity, askedBy }) => [
        material,
        holder,
        necessity,
        askedBy.map(({ matter, maxGrantDepth }) => `${matter} ${maxGrantDepth}`),
      ]),
    ).to.deep.equal([
      ['LEASE', 'APPLICANT', 'later', ['SETUP 1', 'FOOD 3']],
      ['ID', 'AGENT', 'required', ['SETUP 1']],
      ['ID', 'APPLICANT', 'required', ['FOOD 1']],
    ])
    expect(bundle[0]?.askedBy[0]?.plain).to.deep.equal(['lessor'])
  })

  it('are those of its matters, each once, and none else', () => {
    const asked = fc.record({
      material: fc.constantFrom('A', 'B', 'C', 'D'),
      holder: fc.constantFrom('APPLICANT', 'LANDLORD'),
      necessity: fc.constantFrom('required', 'optional', 'later'),
    })
    const materials = fc
      .uniqueArray(asked, { selector: ({ material, holder }) => `${material} ${holder}` })
      .map((list) => list.map(({ material, ...rest }) => required(material, rest)))
    fc.assert(
      fc.property(fc.array(materials, { maxLength: 5 }), (all) => {
        const bundle = materialsOfTheme(
          all.map((materials, i) => matter({ code: `M${i}`, materials })),
        )
        const keys = bundle.map(keyOf)
        expect(new Set(keys)).to.deep.equal(new Set(all.flat().map(keyOf)))
        expect(keys.length).to.equal(new Set(keys).size)
        expect(bundle.flatMap(({ askedBy }) => askedBy)).to.have.lengthOf(all.flat().length)
        for (const { necessity, askedBy } of bundle) {
          const needs = askedBy.map((one) => one.necessity)
          expect(needs).to.include(necessity)
          if (needs.includes('required')) expect(necessity).to.equal('required')
        }
      }),
    )
  })
})
