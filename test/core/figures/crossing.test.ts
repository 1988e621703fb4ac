import { expect } from 'chai'
import { crossingOf } from '../../../node/core/figures/crossing.ts'

describe('a use of what came from another department', () => {
  for (const [what, own, other, level, region] of [
    ['in its own district', '310110', '310110', false, false],
    ['in another district of the city', '310110', '310115', false, true],
    ['of the province above', '310110', '310000', true, false],
    ['in a district below', '310000', '310110', true, false],
    ['of a city elsewhere', '310110', '320500', true, true],
    ['of a city that holds it', '320506', '320500', true, false],
    ['of another province', '310000', '320000', false, true],
    ['nobody knows where', '310110', undefined, false, false],
  ] as const)
    it(`crosses ${level ? 'a' : 'no'} level and ${region ? 'a' : 'no'} border, ${what}`, () => {
      expect(crossingOf(own, other)).to.deep.equal({ department: true, level, region })
    })
})
