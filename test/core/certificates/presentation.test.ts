import { SDJwtInstance } from '@sd-jwt/core'
import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { discloseFields } from '../../../node/core/certificates/credential.ts'
import {
  presentCertificate,
  verifyPresentation,
  type Expected,
} from '../../../node/core/certificates/presentation.ts'
import { codeOf } from '../../behaviors/codeOf.ts'
import {
  base64url,
  draftOf,
  issueBy,
  newKey,
  NOW,
  PROPERTY,
} from '../../certificates/support/papers.ts'

describe('presentations', () => {
  const department = newKey()
  const holder = newKey()
  const expected: Expected = {
    account: department.account,
    holderAccounts: [newKey().account, holder.account],
    nonce: 'n-1',
    audience: 'https://counter.example',
    now: NOW + 30,
    maxAge: 60,
  }
  let sdJwt: string
  let presented: string

  before(async () => {
    const draft = draftOf(PROPERTY, department.account)
    sdJwt = discloseFields(await issueBy(department, draft), ['certNo', 'area'])
    presented = await present()
  })

  const present = (
    changes: { nonce?: string; audience?: string; now?: number } = {},
    by = holder,
  ) =>
    presentCertificate(sdJwt, {
      sign: by.sign,
      nonce: 'n-1',
      audience: 'https://counter.example',
      now: NOW,
      ...changes,
    })
  const refusal = (text: string, changes: Partial<Expected> = {}) =>
    codeOf(() => verifyPresentation(text, { ...expected, ...changes }))
  const bound = async (header: unknown, payload: Record<string, unknown>) => {
    const sd_hash = createHash('sha256').update(sdJwt).digest('base64url')
    const input = [header, { sd_hash, ...payload }]
      .map((part) => base64url(JSON.stringify(part)))
      .join('.')
    return `${sdJwt}${input}.${base64url(await holder.sign(Buffer.from(input)))}`
  }
  const HEADER = { typ: 'kb+jwt', alg: 'ES256K' }
  const CLAIMS = { iat: NOW, aud: 'https://counter.example', nonce: 'n-1' }

  it('tell who showed what', () => {
    const { certificate, holderAccount } = verifyPresentation(presented, expected)
    expect(holderAccount).to.equal(holder.account)
    expect(Object.keys(certificate.fields)).to.deep.equal(['certNo', 'area'])
  })

  it('are what another library makes of the same', async () => {
    const library = new SDJwtInstance({
      hasher: (data) =>
        createHash('sha256')
          .update(data as string)
          .digest(),
      kbSigner: async (input) => base64url(await holder.sign(Buffer.from(input))),
      kbSignAlg: 'ES256K',
    })
    const theirs = await library.present(sdJwt, undefined, { kb: { payload: CLAIMS } })
    // The library orders disclosures anew: what counts is that each is signed for.
    expect(verifyPresentation(theirs, expected).holderAccount).to.equal(holder.account)
    expect(await refusal(await bound(HEADER, CLAIMS))).to.equal(undefined)
  })

  it('without a nonce are refused, whoever left it out', async () => {
    expect(await refusal(presented, { nonce: '' })).to.equal('PRESENTATION_NONCE_MISSING')
    const { nonce: _, ...claims } = CLAIMS
    expect(await refusal(await bound(HEADER, claims))).to.equal('PRESENTATION_NONCE_MISSING')
    expect(await refusal(await present({ nonce: '' }))).to.equal('PRESENTATION_NONCE_MISSING')
  })

  it('for another nonce or audience are refused', async () => {
    expect(await refusal(presented, { nonce: 'n-2' })).to.equal('PRESENTATION_NONCE_WRONG')
    expect(await refusal(presented, { audience: 'https://counter.example/' })).to.equal(
      'PRESENTATION_AUDIENCE_WRONG',
    )
  })

  it('are refused when too old, or from a clock far ahead', async () => {
    expect(await refusal(presented, { now: NOW + 60 })).to.equal(undefined)
    expect(await refusal(presented, { now: NOW + 61 })).to.equal('PRESENTATION_TOO_OLD')
    expect(await refusal(presented, { now: NOW - 60 })).to.equal(undefined)
    expect(await refusal(presented, { now: NOW - 61 })).to.equal('PRESENTATION_TOO_EARLY')
  })

  it('without key binding are refused', async () => {
    expect(await refusal(sdJwt)).to.equal('PRESENTATION_KEY_BINDING_MISSING')
  })

  it('with one disclosure more or less than was signed for are refused', async () => {
    const [jwt, first, second, binding] = presented.split('~') as [string, string, string, string]
    expect(await refusal([jwt, first, binding].join('~'))).to.equal('PRESENTATION_ALTERED')
    expect(await refusal([jwt, second, first, binding].join('~'))).to.equal('PRESENTATION_ALTERED')
  })

  it('of another certificate of the same holder are refused', async () => {
    const other = await issueBy(department, draftOf(PROPERTY, department.account))
    const binding = presented.split('~').at(-1) as string
    expect(await refusal(other + binding)).to.equal('PRESENTATION_ALTERED')
  })

  it('by an account that is bound to no holder are refused', async () => {
    expect(await refusal(await present({}, newKey()))).to.equal('SIGNATURE_INVALID')
    expect(await refusal(presented, { holderAccounts: [] })).to.equal('SIGNATURE_INVALID')
  })

  it('of a certificate by another department are refused', async () => {
    expect(await refusal(presented, { account: newKey().account })).to.equal('SIGNATURE_INVALID')
  })

  it('with an algorithm or kind of their own are refused', async () => {
    expect(await refusal(await bound({ ...HEADER, alg: 'none' }, CLAIMS))).to.equal(
      'CREDENTIAL_ALGORITHM_WRONG',
    )
    expect(await refusal(await bound({ ...HEADER, typ: 'JWT' }, CLAIMS))).to.equal(
      'CREDENTIAL_KIND_WRONG',
    )
    expect(await refusal(await bound(HEADER, { ...CLAIMS, exp: NOW * 2 }))).to.equal(
      'CREDENTIAL_MALFORMED',
    )
  })

  describe('of a certificate that names its presenter', () => {
    let named: string
    const only = newKey()

    before(async () => {
      const draft = draftOf(PROPERTY, department.account, { holderAccount: only.account })
      named = await issueBy(department, draft)
    })

    const by = (key: typeof only) =>
      presentCertificate(named, {
        sign: key.sign,
        nonce: 'n-1',
        audience: expected.audience,
        now: NOW,
      })
    const { holderAccounts: _, ...unnamed } = expected

    it('need no word of the chain, and nobody else may make them', async () => {
      expect(verifyPresentation(await by(only), unnamed).holderAccount).to.equal(only.account)
      const other = await by(holder)
      expect(await codeOf(() => verifyPresentation(other, unnamed))).to.equal('SIGNATURE_INVALID')
      expect(await refusal(other)).to.equal('SIGNATURE_INVALID')
    })

    it('are refused once the account is bound no longer', async () => {
      const text = await by(only)
      expect(await refusal(text)).to.equal('SIGNATURE_INVALID')
      expect(await refusal(text, { holderAccounts: [only.account] })).to.equal(undefined)
    })

    it('cannot be judged where neither certificate nor chain names anybody', async () => {
      expect(await codeOf(() => verifyPresentation(presented, unnamed))).to.equal(
        'PRESENTATION_HOLDER_UNKNOWN',
      )
    })
  })
})
