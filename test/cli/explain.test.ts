import { expect } from 'chai'
import { explain, formatExplained } from '../../api/cli/explain.ts'
import { EXIT } from '../../api/cli/exitCodes.ts'
import { refusalOf } from '../../api/client/refusal.ts'
import { LedgerError } from '../../node/core/errors.ts'

describe('what a command says of an error', () => {
  it('names the options that give it a token, and no header', () => {
    const { exitCode, message } = explain(refusalOf({ status: 401, code: 'TOKEN_MISSING' }))
    expect(exitCode).to.equal(EXIT.refused)
    expect(message).to.include('--key').and.include('--token').and.include('ONCE_DATA')
    expect(message).to.not.include('Bearer')
  })

  it('ends with a refusal where the ledger refused, whatever the kind', () => {
    const refused = refusalOf({ status: 422, code: 'MATERIAL_FIELDS_INVALID' })
    expect(refused.kind).to.equal('unverified')
    expect(explain(refused).exitCode).to.equal(EXIT.refused)
  })

  it('ends with a finding where it found here what does not hold', () => {
    const found = new LedgerError('unverified', 'PRESENTATION_NONCE_WRONG')
    expect(explain(found).exitCode).to.equal(EXIT.found)
  })

  it('leaves out what a problem document says twice', () => {
    const refused = refusalOf({ status: 403, code: 'CASE_NOT_YOURS' })
    expect(formatExplained(explain(refused))).to.match(/\(CASE_NOT_YOURS\)$/)
  })
})
