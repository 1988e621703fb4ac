import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { formatGrantVectors, grantVectors } from '../../vectors/generate-grants.ts'
import { applyChanges, readGrantVectors } from '../../vectors/grantVectors.ts'
import { judgeByCore, registriesOf } from './judge.ts'

const vectors = readGrantVectors()
const registries = registriesOf(vectors)

describe('rules of grants, against the vectors', () => {
  for (const { shape, good, vectors: changed } of vectors.shapes)
    it(`answer ${changed.length} questions about ${shape}`, () => {
      for (const { case: name, changes, ...expected } of changed)
        expect(
          judgeByCore(applyChanges(good, changes), registries, vectors.authority as Hex),
          name,
        ).to.deep.equal(expected)
    })
})

describe('vectors of grants', () => {
  it('are what their script makes', () => {
    const file = readFileSync(new URL('../../vectors/grants.json', import.meta.url), 'utf8')
    expect(formatGrantVectors(grantVectors()) === file).to.equal(true)
  })

  it('change every field of every hop, and accept some changes', () => {
    for (const { good, vectors: changed } of vectors.shapes) {
      const touched = new Set(changed.flatMap(({ changes }) => Object.keys(changes)))
      for (const [hop, grant] of good.chain.entries())
        for (const field of Object.keys(grant))
          if (!(hop === 0 && field === 'parent'))
            expect([...touched]).to.include(`/chain/${hop}/${field}`)
      expect(changed.filter(({ use }) => 'signer' in use).length).to.be.above(10)
    }
  })

  it('meet every refusal that the rules know', () => {
    const met = vectors.shapes.flatMap(({ vectors: changed }) =>
      changed.flatMap(({ register, use, revoke }) =>
        [register, use, revoke].flatMap((outcome) => ('refused' in outcome ? outcome.refused : [])),
      ),
    )
    const source = readFileSync(
      new URL('../../../node/core/grants/rules.ts', import.meta.url),
      'utf8',
    )
    const known = [...source.matchAll(/refuse\('(\w+)'/g)].map(([, name]) =>
      name!.replaceAll(/(?<!^)[A-Z]/g, '_$&').toUpperCase(),
    )
    expect([...new Set(met)].toSorted()).to.deep.equal([...new Set(known)].toSorted())
  })
})
