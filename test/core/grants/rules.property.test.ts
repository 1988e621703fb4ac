import { expect } from 'chai'
import * as fc from 'fast-check'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { judge, plain, type PlainWorld, type Question } from '../../reference/grants.ts'
import { changesOf } from '../../vectors/grantChanges.ts'
import { goodQuestions, NOW, PARTIES, PLACE, relink } from '../../vectors/grantShapes.ts'
import { applyChanges, changesBetween } from '../../vectors/grantVectors.ts'
import { judgeByCore, registriesOf } from './judge.ts'
import { maskOf } from './support.ts'

const registries = registriesOf({
  chainId: PLACE.chainId,
  parties: PARTIES,
  grants: PLACE.contract,
})
const byCore = (question: Question) => judgeByCore(question, registries, PLACE.authority as Hex)

/** A good question of up to four hops with up to three things changed about it. */
const changedQuestions = fc
  .constantFrom(
    ...goodQuestions.slice(0, 4).map(({ good }) => ({
      good,
      changes: changesOf(good).map(({ changed }) => changesBetween(good, changed)),
    })),
  )
  .chain(({ good, changes }) =>
    fc
      .subarray(changes, { minLength: 2, maxLength: 3 })
      .map((some) => applyChanges(good, keepPossible(Object.assign({}, ...some) as object))),
  )

/** A list that is exchanged whole gives way to changes of its members. */
function keepPossible(changes: object): Record<string, unknown> {
  const pointers = Object.keys(changes)
  return Object.fromEntries(
    Object.entries(changes).filter(
      ([pointer]) => !pointers.some((other) => pointer.startsWith(`${other}/`)),
    ),
  )
}

const bits = fc.subarray([0, 1, 2, 3, 255], { minLength: 4 })
const terms = fc.record({
  items: bits,
  purposes: bits,
  notBefore: fc.nat(3),
  notAfter: fc.nat(3),
  depth: fc.nat(2),
  uses: fc.integer({ min: 1, max: 4 }),
  areLimited: fc.boolean(),
})

/** Three hops of random terms, about half of which narrow each other. */
const threeHops = fc.tuple(terms, terms, terms).map((hops) => {
  const good = goodQuestions[2]!.good
  const chain = hops.map(
    ({ items, purposes, notBefore, notAfter, depth, uses, areLimited }, hop) => ({
      ...good.chain[hop]!,
      items: maskOf(...(hop === 0 ? [0, 1, 2, 3, 255] : items.slice(0, 5 - hop))),
      purposes: maskOf(...(hop === 0 ? [0, 1, 2, 3, 255] : purposes.slice(0, 5 - hop))),
      notBefore: NOW - 10 + notBefore + 2 * hop,
      notAfter: NOW + 10 - notAfter - 2 * hop,
      depth: 6 - 2 * hop + depth,
      uses: areLimited || hop > 0 ? uses + 2 * (2 - hop) : 0,
    }),
  )
  const states: PlainWorld['states'] = good.world.states.map((state) => ({ ...state, used: 0 }))
  return relink({ ...good, chain, world: { ...good.world, states } })
})

describe('rules of grants', () => {
  it('refuse and allow as the reference does, whatever is wrong at once', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(changedQuestions, (question) => {
        const expected = judge(question, PLACE)
        expect(byCore(question)).to.deep.equal(expected)
        seen.add('refused' in expected.use ? expected.use.refused : 'ALLOWED')
      }),
      { numRuns: 400, seed: 11 },
    )
    expect(seen.size, [...seen].join(' ')).to.be.above(15)
  })

  it('allow nothing below that is wider than anything above', () => {
    let allowed = 0
    fc.assert(
      fc.property(threeHops, (question) => {
        const answer = byCore(question)
        expect(answer.register).to.deep.equal(judge(question, PLACE).register)
        if ('refused' in answer.register) return
        allowed++
        const [root, , last] = question.chain.map(plain)
        expect(last!.items.isSubsetOf(root!.items)).to.equal(true)
        expect(last!.purposes.isSubsetOf(root!.purposes)).to.equal(true)
        expect(last!.notBefore).to.be.at.least(root!.notBefore)
        expect(last!.notAfter).to.be.at.most(root!.notAfter)
        expect(last!.depth).to.be.at.most(root!.depth - 2)
        if (root!.uses !== 0) expect(last!.uses).to.be.within(1, root!.uses)
      }),
      { numRuns: 300, seed: 11 },
    )
    expect(allowed).to.be.within(30, 270)
  })

  it('allow what was passed on twice to be granted at once by the one above', () => {
    let allowed = 0
    fc.assert(
      fc.property(threeHops, (question) => {
        if ('refused' in byCore(question).register) return
        allowed++
        const [root, middle, last] = question.chain as [
          Question['chain'][0],
          Question['chain'][0],
          Question['chain'][0],
        ]
        const atOnce = relink({
          ...question,
          chain: [root, { ...last, grantor: middle.grantor, epoch: middle.epoch }],
        })
        expect(byCore(atOnce).register).to.deep.equal({ signer: null })
      }),
      { numRuns: 300, seed: 11 },
    )
    expect(allowed).to.be.within(30, 270)
  })
})
