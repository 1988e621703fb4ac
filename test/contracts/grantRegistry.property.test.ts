import { expect } from 'chai'
import * as fc from 'fast-check'
import { refuseBelow, type PlainGrant } from '../reference/grants.ts'
import { idOf, type Grant } from './grants.ts'
import { DAY, grantScene } from './grantScene.ts'
import { holderId } from './parties.ts'

const BITS = [0, 1, 200, 255]

// Roots are wide and children mostly narrow, so that each rule has its turn to be the first one broken.
const rootTerms = fc.record({
  items: fc.subarray(BITS, { minLength: 3 }),
  purposes: fc.subarray(BITS, { minLength: 3 }),
  notBefore: fc.nat(1),
  notAfter: fc.integer({ min: 3, max: 4 }),
  depth: fc.nat(3),
  uses: fc.nat(3),
})
const childTerms = fc.record({
  items: fc.subarray(BITS, { maxLength: 3 }),
  purposes: fc.subarray(BITS, { maxLength: 3 }),
  notBefore: fc.nat(3),
  notAfter: fc.integer({ min: 1, max: 4 }),
  depth: fc.nat(3),
  uses: fc.nat(3),
  stranger: fc.constantFrom('none', 'none', 'none', 'none', 'grantor', 'holder', 'scope'),
})
type Terms = typeof rootTerms extends fc.Arbitrary<infer T> ? T : never

describe('GrantRegistry, against the reference rules', () => {
  const s = grantScene()

  it('accepts and refuses the same children for the same first reason', async () => {
    const seen = new Set<string | undefined>()
    await fc.assert(
      fc.asyncProperty(rootTerms, childTerms, async (terms, { stranger, ...below }) => {
        const root = { ...s.hops[0]!, ...onChain(terms) }
        await s.as(s.landlord).register([root], '0x')
        const child = {
          ...s.hops[1]!,
          ...onChain(below),
          ...(stranger === 'grantor' && { grantor: s.clerk.address }),
          ...(stranger === 'holder' && { holder: holderId('another') }),
          ...(stranger === 'scope' && { scope: holderId('another scope') }),
          parent: await idOf(s.grants, root),
        }
        const by = stranger === 'grantor' ? s.clerk : s.tenant
        const register = s.as(by).getFunction('register')
        const refusal = await s.refused(register.staticCall([root, child], '0x'))
        const code = refusal?.name.replaceAll(/(?<!^)[A-Z]/g, '_$&').toUpperCase()
        expect(code).to.equal(refuseBelow(plain(root, terms), plain(child, below)))
        if (refusal) expect(refusal.args).to.deep.equal([1n])
        seen.add(code)
      }),
      { numRuns: 300, seed: 7 },
    )
    expect(seen.size, [...seen].join(' ')).to.equal(11)
  })

  function onChain(terms: Terms): Partial<Grant> {
    return {
      ...terms,
      items: maskOf(terms.items),
      purposes: maskOf(terms.purposes),
      notBefore: s.now + DAY + terms.notBefore,
      notAfter: s.now + DAY + terms.notAfter,
    }
  }
})

function plain(grant: Grant, terms: Terms): PlainGrant {
  return { ...grant, items: new Set(terms.items), purposes: new Set(terms.purposes) }
}

function maskOf(bits: number[]): bigint {
  return bits.reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n)
}
