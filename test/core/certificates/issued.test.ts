import { expect } from 'chai'
import { readDisclosed } from '../../../node/core/certificates/credential.ts'
import { stateCertificate, verifyIssued } from '../../../node/core/certificates/issued.ts'
import { encodeStatement, parseStatement } from '../../../node/core/statement.ts'
import type { CertificateIssued } from '../../../node/core/statements/certificate.ts'
import { checkContent } from '../../../node/core/verify/content.ts'
import { codeOf } from '../../behaviors/codeOf.ts'
import {
  draftOf,
  issueBy,
  newHolder,
  newIdentifier,
  newKey,
  PROPERTY,
} from '../../certificates/support/papers.ts'

const CONTENT: CertificateIssued['content'] = {
  digests: [`sha-256:${'ab'.repeat(32)}`],
  size: 2000,
  mediaType: 'application/dc+sd-jwt',
  kept: 'here',
}

describe('the statement that a certificate was issued', () => {
  const department = newKey()
  const { account } = department
  let statement: CertificateIssued

  before(async () => {
    const draft = draftOf(PROPERTY, account, { renews: newHolder() })
    statement = stateCertificate(readDisclosed(await issueBy(department, draft)), CONTENT)
  })

  const refusal = (changes: Partial<CertificateIssued>, by = account) =>
    codeOf(() => verifyIssued({ ...statement, ...changes }, { account: by }))

  it('is a statement like any other', () => {
    expect(parseStatement(encodeStatement(statement))).to.deep.equal(statement)
  })

  it('reveals no field', () => {
    const text = new TextDecoder().decode(encodeStatement(statement))
    for (const value of ['杨浦区', '办公', '123.45']) expect(text).not.to.contain(value)
  })

  it('is vouched for by the account of the department, and by no other', async () => {
    expect(verifyIssued(statement, { account }).identifier).to.equal(statement.identifier)
    expect(await refusal({}, newKey().account)).to.equal('SIGNATURE_INVALID')
  })

  it('says nothing else than its credential', async () => {
    const { renews: _, ...without } = statement
    expect(await codeOf(() => verifyIssued(without, { account }))).to.equal(
      'CERTIFICATE_STATEMENT_MISMATCH',
    )
    for (const changes of [
      { issuer: newKey().account },
      { chainId: 1 },
      { type: '11100000MB0143028R001' },
      { identifier: newIdentifier(PROPERTY) },
      { holders: [newHolder()] },
      { validFrom: 0 },
      { validTo: 4e9 },
      { renews: newHolder() },
      { replaces: newHolder() },
      { id: 'another' },
    ])
      expect(await refusal(changes), Object.keys(changes)[0]).to.equal(
        'CERTIFICATE_STATEMENT_MISMATCH',
      )
  })

  it('has a content that can be checked', () => {
    const { digests, size } = CONTENT
    expect(checkContent(statement, { digests, size })).to.equal('CONTENT_MATCHES')
    expect(checkContent(statement, { digests, size: 1 })).to.equal('CONTENT_SIZE_MISMATCH')
    expect(checkContent(statement, undefined)).to.equal('CONTENT_NOT_GIVEN')
  })
})
