import { SDJwtInstance } from '@sd-jwt/core'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { SigningKey } from 'ethers'
import {
  CLAIM_NAMES,
  discloseFields,
  readDisclosed,
  verifyCertificate,
} from '../../../node/core/certificates/credential.ts'
import { issueCertificate } from '../../../node/core/certificates/issuing.ts'
import { parseDisclosure, readDisclosures } from '../../../node/core/certificates/sdJwt.ts'
import { codeOf } from '../../behaviors/codeOf.ts'
import {
  base64url,
  draftOf,
  FOOD,
  forge,
  issueBy,
  LICENCE,
  newHolder,
  newKey,
  payloadOf,
  PROPERTY,
  newIdentifier,
} from '../../certificates/support/papers.ts'

const digestOf = (disclosure: string) => createHash('sha256').update(disclosure).digest('base64url')
const disclosure = (...parts: unknown[]) => base64url(JSON.stringify(parts))

const ID_CARD = '11100000000013127D001'
const DISABILITY = '13310110MBDEM0314D901'
/** With its right check digit. */
const NUMBER = '310199195506080021'
const CARD = {
  name: '王示例',
  birthDate: '1955-06-08',
  address: '杨浦区示例路1号',
  validTo: '长期',
}
/** 残疾人证: the citizen number, and a digit each for category and grade. */
const DISABLED = {
  certificateNumber: `${NUMBER}43`,
  certNo: `${NUMBER}43`,
  category: '肢体',
  grade: '三级',
  validTo: '2033-06-08',
}

describe('certificates as SD-JWT', () => {
  const department = newKey()
  const { account } = department
  const draft = draftOf(PROPERTY, account, { holders: [newHolder(), newHolder()] })
  let sdJwt: string

  before(async () => {
    sdJwt = await issueBy(department, draft)
  })

  const parts = () => sdJwt.split('~')
  const jwt = () => parts()[0] as string
  const verifyIt = (text: string) => codeOf(() => verifyCertificate(text, { account }))

  it('says what the department stated, and every field', () => {
    const { fieldCount, jwt: signed, validFrom, ...told } = verifyCertificate(sdJwt, { account })
    expect(told).to.deep.equal(draft)
    expect(fieldCount).to.equal(Object.keys(draft.fields).length)
    expect(signed).to.equal(jwt())
    // 2021-05-18 begins in China eight hours before it does in UTC.
    expect(validFrom).to.equal(Date.UTC(2021, 4, 17, 16) / 1000)
  })

  it('ends the day after the last day on its face', async () => {
    const food = await issueBy(department, draftOf(FOOD, account))
    expect(readDisclosed(food).validTo).to.equal(Date.UTC(2024, 9, 9, 16) / 1000)
  })

  it('shows nothing of the face in the signed part', () => {
    const signed = Buffer.from(jwt().split('.')[1] as string, 'base64url').toString()
    for (const value of ['杨浦区', '办公', '123.45', '012345号'])
      expect(signed).not.to.contain(value)
    expect(Object.keys(payloadOf(sdJwt))).to.have.members([
      'iss',
      'vct',
      'iat',
      'nbf',
      'identifier',
      'holders',
      '_sd',
      '_sd_alg',
    ])
  })

  it('is an SD-JWT VC for a library that knows nothing of this ledger', async () => {
    const key = new SigningKey(`0x${Buffer.from(department.key).toString('hex')}`)
    const point = Buffer.from(key.publicKey.slice(4), 'hex')
    const publicKey = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'secp256k1',
        x: base64url(point.subarray(0, 32)),
        y: base64url(point.subarray(32)),
      },
    })
    const library = new SDJwtInstance<Record<string, unknown>>({
      hasher: (data) =>
        createHash('sha256')
          .update(typeof data === 'string' ? data : Buffer.from(data))
          .digest(),
      verifier: (data, signature) =>
        verify(
          'sha256',
          Buffer.from(data),
          { key: publicKey, dsaEncoding: 'ieee-p1363' },
          Buffer.from(signature, 'base64url'),
        ),
    })
    const { payload, header } = await library.verify(sdJwt)
    expect(header).to.deep.equal({ typ: 'dc+sd-jwt', alg: 'ES256K' })
    expect(payload).to.include({
      iss: `did:pkh:eip155:31337:${account}`,
      vct: `urn:onceledger:certificate:${PROPERTY}`,
      certNo: '沪(2021)杨字不动产权第012345号',
      area: '123.45',
      mortgaged: false,
    })
  })

  it('salts each field anew', async () => {
    const again = await issueBy(department, draft)
    const known = new Set(payloadOf(sdJwt)['_sd'] as string[])
    expect((payloadOf(again)['_sd'] as string[]).some((digest) => known.has(digest))).to.equal(
      false,
    )
  })

  it('carries the account that may present it, and what came before', async () => {
    const linked = { holderAccount: newKey().account, renews: newHolder(), replaces: newHolder() }
    const told = readDisclosed(await issueBy(department, { ...draft, ...linked }))
    expect(told).to.include(linked)
  })

  it('does not survive one altered character, wherever it stands', async () => {
    const alphabet = 'ABab01-_~.='
    const alterations = fc.tuple(
      fc.nat({ max: sdJwt.length - 1 }),
      fc.constantFrom(...alphabet.split('')),
    )
    await fc.assert(
      fc.asyncProperty(alterations, async ([at, character]) => {
        fc.pre(sdJwt[at] !== character)
        const altered = sdJwt.slice(0, at) + character + sdJwt.slice(at + 1)
        expect(await verifyIt(altered)).to.be.a('string')
      }),
      { numRuns: 300 },
    )
  })

  it('reads the disclosure that RFC 9901 §4.2.1 shows, by the digest of §4.2.3', () => {
    const family = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0'
    const digest = 'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0'
    expect(parseDisclosure(family)).to.deep.equal(['family_name', 'Möbius'])
    expect(readDisclosures([family], [digest], CLAIM_NAMES)).to.deep.equal({
      family_name: 'Möbius',
    })
  })

  describe('the signature', () => {
    it('of another account is refused', async () => {
      expect(await verifyIt(await issueBy(newKey(), draft))).to.equal('SIGNATURE_INVALID')
    })

    it('over other bytes is refused, wherever one differs', async () => {
      const [header, payload, signature] = jwt().split('.') as [string, string, string]
      const told = payloadOf(sdJwt)
      for (const [name, value] of Object.entries({
        identifier: draft.identifier.replace('.001.', '.002.'),
        holders: [newHolder()],
        nbf: 0,
        iat: 0,
        exp: 4e9,
        vct: `urn:onceledger:certificate:${LICENCE}`,
        iss: `did:pkh:eip155:1:${account}`,
        renews: newHolder(),
      })) {
        const altered = base64url(JSON.stringify({ ...told, [name]: value }))
        const text = sdJwt.replace(payload, altered)
        expect(await verifyIt(text), name).to.equal('SIGNATURE_INVALID')
      }
      const reordered = base64url('{"alg":"ES256K","typ":"dc+sd-jwt"}')
      expect(await verifyIt(sdJwt.replace(header, reordered))).to.equal('SIGNATURE_INVALID')
      const bytes = Buffer.from(signature, 'base64url')
      bytes[10] = (bytes[10] as number) ^ 1
      expect(await verifyIt(sdJwt.replace(signature, base64url(bytes)))).to.equal(
        'SIGNATURE_INVALID',
      )
    })

    it('with s in the upper half is refused', async () => {
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
      const signature = jwt().split('.')[2] as string
      const bytes = Buffer.from(signature, 'base64url')
      const s = BigInt(`0x${bytes.toString('hex', 32)}`)
      bytes.write((order - s).toString(16).padStart(64, '0'), 32, 'hex')
      expect(await verifyIt(sdJwt.replace(signature, base64url(bytes)))).to.equal(
        'SIGNATURE_MALFORMED',
      )
    })

    for (const length of [0, 63, 65])
      it(`of ${length} bytes is refused`, async () => {
        const signature = jwt().split('.')[2] as string
        const bytes = Buffer.alloc(length, Buffer.from(signature, 'base64url'))
        expect(await verifyIt(sdJwt.replace(signature, base64url(bytes)))).to.equal(
          'SIGNATURE_MALFORMED',
        )
      })
  })

  describe('the header', () => {
    for (const [header, code] of [
      [{ typ: 'dc+sd-jwt', alg: 'none' }, 'CREDENTIAL_ALGORITHM_WRONG'],
      [{ typ: 'dc+sd-jwt', alg: 'es256k' }, 'CREDENTIAL_ALGORITHM_WRONG'],
      [{ typ: 'dc+sd-jwt', alg: 'ES256' }, 'CREDENTIAL_ALGORITHM_WRONG'],
      [{ typ: 'vc+sd-jwt', alg: 'ES256K' }, 'CREDENTIAL_KIND_WRONG'],
      [{ typ: 'kb+jwt', alg: 'ES256K' }, 'CREDENTIAL_KIND_WRONG'],
      [{ typ: 'dc+sd-jwt', alg: 'ES256K', crit: [] }, 'CREDENTIAL_MALFORMED'],
      [{ alg: 'ES256K' }, 'CREDENTIAL_MALFORMED'],
      [null, 'CREDENTIAL_MALFORMED'],
      [[], 'CREDENTIAL_MALFORMED'],
    ] as const)
      it(`${JSON.stringify(header)} is refused: ${code}`, async () => {
        expect(await verifyIt(await forge(department, payloadOf(sdJwt), { header }))).to.equal(code)
      })
  })

  describe('the payload', () => {
    for (const [title, change] of Object.entries<Record<string, unknown>>({
      'without holders': { holders: [] },
      'with a holder twice': { holders: [draft.holders[0], draft.holders[0]] },
      'with an address in upper case': { iss: `did:pkh:eip155:31337:${account.toUpperCase()}` },
      'of another method': { iss: `did:web:example.org` },
      'of another kind of credential': { vct: 'urn:other:certificate:1' },
      'that is never valid': { nbf: 5, exp: 5 },
      'with a claim of its own': { status: { status_list: {} } },
      'with another hash': { _sd_alg: 'sha-512' },
      'with digests of a claim in clear': { address: { _sd: [] } },
      'for a presenter on another chain': { cnf: { kid: `did:pkh:eip155:1:${account}` } },
    }))
      it(`${title} is refused`, async () => {
        const text = await forge(department, { ...payloadOf(sdJwt), ...change })
        expect(await verifyIt(text)).to.equal('CREDENTIAL_MALFORMED')
      })

    it('with a digest twice is refused', async () => {
      const [first] = payloadOf(sdJwt)['_sd'] as string[]
      const text = await forge(department, { ...payloadOf(sdJwt), _sd: [first, first] })
      expect(await verifyIt(text)).to.equal('CREDENTIAL_MALFORMED')
    })
  })

  describe('the text', () => {
    for (const [title, alter] of Object.entries<(text: string) => string>({
      'without a tilde': (text) => text.split('~')[0] as string,
      'with padding': (text) => text.replace('.', '=.'),
      'of two parts': (text) => text.replace(/\.[^.~]*~/, '~'),
      'of four parts': (text) => text.replace('~', '.AA~'),
      'with a member twice': (text) => {
        const [, payload] = text.split('.') as [string, string]
        const twice = Buffer.from(payload, 'base64url').toString().replace('{', '{"iat":1,')
        return text.replace(payload, base64url(twice))
      },
      'that is a presentation': (text) => `${text}a.b.c`,
      'with bits beyond the signature': (text) =>
        text.replace(/[AQgw]~/, (end) => `${end === 'A~' ? 'B' : 'x'}~`),
      'that is too long': (text) => text + 'A'.repeat(600_000) + '~',
    }))
      it(`${title} is refused`, async () => {
        const altered = alter(sdJwt)
        expect(altered).not.to.equal(sdJwt)
        expect(await verifyIt(altered)).to.equal('CREDENTIAL_MALFORMED')
      })
  })

  describe('disclosures', () => {
    it('show what was asked for, and the signature still holds', () => {
      const shown = discloseFields(sdJwt, ['location', 'area'])
      expect(verifyCertificate(shown, { account }).fields).to.deep.equal({
        location: draft.fields['location'],
        area: '123.45',
      })
      expect(verifyCertificate(discloseFields(sdJwt, []), { account }).fields).to.deep.equal({})
    })

    it('of a field that is not there are refused, also when it was hidden before', async () => {
      expect(await codeOf(() => discloseFields(sdJwt, ['salary']))).to.equal(
        'CERTIFICATE_FIELD_UNKNOWN',
      )
      const shown = discloseFields(sdJwt, ['area'])
      expect(await codeOf(() => discloseFields(shown, ['location']))).to.equal(
        'CERTIFICATE_FIELD_UNKNOWN',
      )
    })

    it('of another certificate are refused', async () => {
      const other = await issueBy(department, draftOf(PROPERTY, account))
      const foreign = other.split('~')[1] as string
      expect(await verifyIt(`${jwt()}~${foreign}~`)).to.equal('DISCLOSURE_UNKNOWN')
    })

    it('with another value or salt are refused', async () => {
      const [salt, name, value] = JSON.parse(
        Buffer.from(parts()[1] as string, 'base64url').toString(),
      ) as [string, string, string]
      for (const altered of [
        disclosure(salt, name, `${value}1`),
        disclosure(`${salt}A`, name, value),
        disclosure(salt, 'location', value),
      ])
        expect(await verifyIt(`${jwt()}~${altered}~`)).to.equal('DISCLOSURE_UNKNOWN')
    })

    it('that come twice are refused', async () => {
      const one = parts()[1] as string
      expect(await verifyIt(`${jwt()}~${one}~${one}~`)).to.equal('DISCLOSURE_REPEATED')
    })

    it('that say a second thing of one name are refused, even of the issuer', async () => {
      const claims = payloadOf(sdJwt)
      for (const [first, second] of [
        [disclosure('a', 'area', '1.5'), disclosure('b', 'area', '2.5')],
        [disclosure('a', 'area', '1.5'), disclosure('b', 'holders', '2.5')],
      ] as const) {
        const disclosures = [first, second]
        const payload = { ...claims, _sd: disclosures.map(digestOf) }
        expect(await verifyIt(await forge(department, payload, { disclosures }))).to.equal(
          'DISCLOSURE_NAME_TAKEN',
        )
      }
    })

    for (const [title, one] of Object.entries({
      'of an array element': disclosure('salt', 'value'),
      'of four parts': disclosure('salt', 'area', '1.5', 1),
      'of a name that holds digests': disclosure('salt', '_sd', []),
      'of a prototype': disclosure('salt', '__proto__', 'x'),
      'with digests inside': disclosure('salt', 'owners', [{ '...': 'x' }]),
      'of null': disclosure('salt', 'area', null),
      'with a salt that is no text': disclosure(1, 'area', '1.5'),
    }))
      it(`${title} are refused`, async () => {
        const payload = { ...payloadOf(sdJwt), _sd: [digestOf(one)] }
        expect(await verifyIt(await forge(department, payload, { disclosures: [one] }))).to.equal(
          'DISCLOSURE_MALFORMED',
        )
      })

    for (const [title, one] of Object.entries({
      'that are no JSON': base64url('["salt",'),
      'with a fraction as a number': base64url('["salt","area",1.5]'),
      'that are not base64url': 'a+b/',
    }))
      it(`${title} are refused`, async () => {
        const payload = { ...payloadOf(sdJwt), _sd: [digestOf(one)] }
        expect(await verifyIt(await forge(department, payload, { disclosures: [one] }))).to.equal(
          'CREDENTIAL_MALFORMED',
        )
      })
  })

  describe('issuing', () => {
    const issue = (changes: Parameters<typeof draftOf>[2], type = LICENCE) =>
      codeOf(
        issueCertificate(draftOf(type, account, changes), {
          sign: department.sign,
          random: randomBytes,
        }),
      )
    const identifier = draftOf(LICENCE, account).identifier

    it('refuses an identifier with another check character', async () => {
      const wrong = identifier.replace(/.$/, (end) => (end === 'A' ? 'B' : 'A'))
      expect(await issue({ identifier: wrong })).to.equal(
        'CERTIFICATE_IDENTIFIER_CHECK_CHARACTER_WRONG',
      )
    })

    it('refuses an identifier of another type, issuer or serial than the face', async () => {
      for (const [changes, type] of [
        [{ identifier: draftOf(FOOD, account).identifier }, LICENCE],
        [{ fields: { issuerCode: '12310000MBDEM0293B' } }, LICENCE],
        [{ fields: { certificateNumber: '1' } }, LICENCE],
      ] as const)
        expect(await issue(changes, type)).to.equal('CERTIFICATE_IDENTIFIER_MISMATCH')
    })

    it('refuses an identifier that carries the number of somebody, where the number is that', async () => {
      const fields = { ...CARD, idNumber: NUMBER }
      const asked = (serial: string, type = ID_CARD) =>
        issue(
          { identifier: newIdentifier(type, serial), fields: type === ID_CARD ? fields : DISABLED },
          type,
        )
      for (const serial of [NUMBER, `00${NUMBER}1`, `${NUMBER}43`, '310199197501010058'])
        for (const type of [ID_CARD, DISABILITY])
          expect(await asked(serial, type), serial).to.equal('CERTIFICATE_IDENTIFIER_DISCLOSES')
      for (const serial of ['20150000000000006508', '5F0C9A31D27B4E66'])
        for (const type of [ID_CARD, DISABILITY])
          expect(await asked(serial, type)).to.equal(undefined)
    })

    it('refuses a card whose number is none', async () => {
      for (const idNumber of ['310199195506080022', '20150000000000006508', '310199195513080021'])
        expect(await issue({ fields: { ...CARD, idNumber } }, ID_CARD)).to.equal(
          'CERTIFICATE_FIELDS_MALFORMED',
        )
    })

    it('refuses several holders where the type has one, and takes them where it has many', async () => {
      const holders = [newHolder(), newHolder()]
      expect(await issue({ holders })).to.equal('CERTIFICATE_HOLDERS_TOO_MANY')
      expect(await issue({ holders }, PROPERTY)).to.equal(undefined)
    })

    it('refuses a last day before the first', async () => {
      expect(await issue({ fields: { validTo: '2021-05-17' } })).to.equal(
        'CERTIFICATE_VALIDITY_EMPTY',
      )
      expect(await issue({ fields: { validTo: '2021-05-18' } })).to.equal(undefined)
    })

    it('has no claim that a field could be mistaken for', () => {
      expect(CLAIM_NAMES).to.include.members(['iss', 'holders', '_sd', 'cnf'])
    })
  })
})
