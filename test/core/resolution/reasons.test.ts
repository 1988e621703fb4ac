import { expect } from 'chai'
import { MissingGrant, Rejection } from '../../../node/core/resolution/document.ts'
import type { ResolvedMaterial } from '../../../node/core/resolution/document.ts'
import { reasonsOf } from '../../../node/core/resolution/reasons.ts'
import { REASONS, sentenceOf } from '../../../node/core/resolution/sentences.ts'
import { asking, certificate, found, landlord, material, PROPERTY, resolved } from './scene.ts'

const of = (resolvedMaterial: ResolvedMaterial, subject?: string) =>
  reasonsOf(resolvedMaterial, subject).map(({ code, message }) => [code, message])

describe('why something is not ready to be used', () => {
  it('has a sentence for every code that a resolution names', () => {
    const description = Rejection.shape.code.meta()?.description ?? ''
    const codes = description.match(/[A-Z]+(?:_[A-Z]+)+/g) ?? []
    expect(codes).to.include('CANDIDATE_RULE_FAILED').and.include('MATERIAL_ERASED')
    expect(Object.keys(REASONS)).to.include.members([...codes])
    expect(MissingGrant.shape.code.meta()?.description).to.include('GRANT_MISSING')
    for (const sentence of Object.values(REASONS)) expect(sentence).to.match(/^[A-Z].*\.$/)
    // What the chain has against a grant is told by the grant itself.
    expect(sentenceOf('GRANT_SCOPE_MISMATCH')).to.equal('The grant cannot be used now.')
  })

  it('names of each candidate what stops it, and of one that alone', () => {
    const over = certificate(PROPERTY, { id: 'over', validTo: 1 })
    const good = certificate(PROPERTY, { id: 'good' })
    const candidates = new Map([['LANDLORD PROPERTY', found(good, over)]])
    const property = resolved(asking({ candidates })).get('PROPERTY')
    const missing = ['GRANT_MISSING', 'Its holder granted nothing of it.']
    const expired = ['CERTIFICATE_EXPIRED', 'It is over.']
    expect(of(property)).to.deep.equal([missing, expired])
    expect(of(property, 'good')).to.deep.equal([missing])
    expect(of(property, 'over')).to.deep.equal([expired])
    expect(of(property, 'other')).to.deep.equal([
      ['CANDIDATE_NOT_FOUND', 'There is no such thing here.'],
    ])
    expect(reasonsOf(property, 'good')[0]).to.include({ holder: landlord })
  })

  it('tells of a party that is not there, and of what the case has', () => {
    const { get } = resolved(asking({ parties: { APPLICANT: [landlord] } }))
    expect(of(get('PROPERTY'))[0]?.[0]).to.equal('PARTY_UNKNOWN')
    expect(of(get('ID_COPY'))[0]?.[0]).to.equal('PARTY_NONE')
    const own = material('ARTICLES', { id: 'own', caseCode: [...asking().caseCodes][0] ?? '' })
    const candidates = new Map([['APPLICANT ARTICLES', found(own)]])
    const articles = resolved(asking({ candidates })).get('ARTICLES')
    expect(of(articles, 'own')[0]?.[0]).to.equal('CANDIDATE_HANDED_IN')
  })
})
