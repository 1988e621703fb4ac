import { createHash } from 'node:crypto'
import { expect } from 'chai'
import {
  audienceOf,
  UseContext,
  verifyAudience,
  verifyPurpose,
} from '../../../node/core/grants/use.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { refusalOf, refused } from './support.ts'

const SALT = '17'.repeat(32)
const context: UseContext = {
  case: '202308050000017',
  matter: '310190010000',
  officer: '王某',
  cause: '住所变更登记',
  until: '2023-08-31',
  salt: SALT,
}
const sha256 = (...parts: (string | Uint8Array)[]) =>
  `0x${createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest('hex')}`

describe('the context of a use as it is sent', () => {
  for (const [what, change] of [
    ['no case', { case: undefined }],
    ['a case of 14 digits', { case: '20230805000001' }],
    ['no officer', { officer: '' }],
    ['a line break', { cause: 'a\nb' }],
    ['a day that does not exist', { until: '2023-02-30' }],
    ['a short salt', { salt: '17' }],
    ['an unknown member', { department: 'x' }],
  ] as const)
    it(`is refused with ${what}`, () => {
      const error = refusalOf(() => parseBy(UseContext, { ...context, ...change }, 'REFUSED'))
      expect([error?.kind, error?.code]).to.deep.equal(['invalid', 'REFUSED'])
    })
})

describe('the audience of a use', () => {
  it('is one node, by the origin of its log', () => {
    const use = { audience: audienceOf('ledger.example/log') }
    expect(use.audience).to.equal(sha256('onceledger/audience/v1\0', 'ledger.example/log'))
    expect(refused(() => verifyAudience(use, 'ledger.example/log'))).to.equal(undefined)
    const error = refusalOf(() => verifyAudience(use, 'other.example/log'))
    expect([error?.kind, error?.code]).to.deep.equal(['forbidden', 'USE_AUDIENCE_OTHER'])
  })
})

describe('the purpose of a use', () => {
  const department = `0x${'b0'.repeat(20)}` as const
  const other = `0x${'0b'.repeat(20)}` as const
  const using = { matter: '310190010000', department, region: '310110' }
  const codeFor = (purpose: object) =>
    refusalOf(() => verifyPurpose({ matter: using.matter, ...purpose }, using))?.code

  it('is a matter, for any department anywhere unless it says more', () => {
    expect(codeFor({})).to.equal(undefined)
    expect(codeFor({ department, region: '310110' })).to.equal(undefined)
  })

  it('is refused for another matter, then department, then region', () => {
    const wrong = { matter: '1', department: other, region: '320000' }
    expect(codeFor(wrong)).to.equal('USE_PURPOSE_OTHER_MATTER')
    expect(codeFor({ ...wrong, matter: using.matter })).to.equal('USE_PURPOSE_OTHER_DEPARTMENT')
    expect(codeFor({ region: '320000' })).to.equal('USE_PURPOSE_OTHER_REGION')
  })

  for (const [granted, region, isWithin] of [
    ['310110', '310110', true],
    ['310100', '310110', true],
    ['310000', '310110', true],
    ['000000', '310110', true],
    ['100000', '100000', true],
    ['310110', '310115', false],
    ['310110', '310100', false],
    ['310110', '310000', false],
    ['320500', '310110', false],
    ['320500', '320000', false],
    ['320500', '320594', true],
    ['300000', '310110', false],
    ['310000', undefined, false],
  ] as const)
    it(`granted for region ${granted} is ${isWithin ? '' : 'not '}good in ${region ?? 'an unknown one'}`, () => {
      const purpose = { matter: using.matter, region: granted }
      expect(refusalOf(() => verifyPurpose(purpose, { ...using, region }))?.code).to.equal(
        isWithin ? undefined : 'USE_PURPOSE_OTHER_REGION',
      )
    })
})
