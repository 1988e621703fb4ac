import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { encodeHex, utf8 } from '../../../node/core/bytes.ts'
import { commit } from '../../../node/core/commitment.ts'
import { DigestText, formatDigest } from '../../../node/core/digest.ts'
import { formatEntry, parseEntry } from '../../../node/core/entry.ts'
import { sm3 as sm3InBrowser } from '../../../node/core/hash/sm3.browser.ts'
import { canonicalize } from '../../../node/core/json.ts'
import { parseBy } from '../../../node/core/schema.ts'
import { codeOf } from './codeOf.ts'
import { sm3 } from '#sm3'

const ENTRY = {
  at: '2026-01-02T03:04:05.678Z',
  commitment: new Uint8Array(32).fill(0xc0),
  kind: 'material.submitted',
}
const TEXT = `{"at":"2026-01-02T03:04:05.678Z","commitment":"${'c0'.repeat(32)}","kind":"material.submitted","v":1}`

describe('entry', () => {
  it('is RFC 8785 JSON', () => {
    const bytes = formatEntry(ENTRY)
    expect(Buffer.from(bytes).toString()).to.equal(TEXT)
    expect(canonicalize(JSON.parse(TEXT))).to.equal(TEXT)
    expect(parseEntry(bytes)).to.deep.equal(ENTRY)
  })

  const refused: readonly (readonly [title: string, text: string, code: string])[] = [
    ['white space', TEXT.replace(',', ', '), 'ENTRY_MALFORMED'],
    ['a final newline', `${TEXT}\n`, 'ENTRY_MALFORMED'],
    [
      'another order',
      TEXT.replace('"v":1', '').replace('{', '{"v":1,').replace(',}', '}'),
      'ENTRY_MALFORMED',
    ],
    ['an escape', TEXT.replace('material', 'm\\u0061terial'), 'ENTRY_MALFORMED'],
    ['a duplicate', TEXT.replace('"v":1', '"v":1,"v":1'), 'ENTRY_MALFORMED'],
    ['an unknown member', TEXT.replace('"v":1', '"v":1,"x":1'), 'ENTRY_MALFORMED'],
    ['a missing member', TEXT.replace(/"at":"[^"]*",/, ''), 'ENTRY_MALFORMED'],
    ['upper-case hex', TEXT.replaceAll('c0', 'C0'), 'ENTRY_MALFORMED'],
    ['a short commitment', TEXT.replace('c0', ''), 'ENTRY_MALFORMED'],
    ['a time zone', TEXT.replace('Z', '+00:00'), 'ENTRY_MALFORMED'],
    ['whole seconds', TEXT.replace('.678', ''), 'ENTRY_MALFORMED'],
    ['30 February', TEXT.replace('01-02', '02-30'), 'ENTRY_MALFORMED'],
    ['a leap second', TEXT.replace('04:05', '04:60'), 'ENTRY_MALFORMED'],
    ['a kind without a dot', TEXT.replace('material.submitted', 'material'), 'ENTRY_MALFORMED'],
    ['a kind in upper case', TEXT.replace('material.', 'Material.'), 'ENTRY_MALFORMED'],
    ['version 0', TEXT.replace('"v":1', '"v":0'), 'ENTRY_MALFORMED'],
    ['a newer version', TEXT.replace('"v":1', '"v":2'), 'ENTRY_VERSION_UNSUPPORTED'],
    ['an empty entry', '', 'ENTRY_MALFORMED'],
    ['a list', '[]', 'ENTRY_MALFORMED'],
    ['more than 1 KiB', TEXT.replace('submitted', 'a'.repeat(1024)), 'ENTRY_TOO_LONG'],
  ]
  for (const [title, text, code] of refused) {
    it(`refuses ${title}`, () => {
      expect(text).not.to.equal(TEXT)
      expect(codeOf(() => parseEntry(utf8(text)))).to.equal(code)
    })
  }

  it('has one spelling: every flipped bit gives another entry or none', () => {
    const bytes = formatEntry(ENTRY)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const other = bytes.slice()
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      try {
        expect(parseEntry(other)).not.to.deep.equal(ENTRY)
      } catch (error) {
        expect(error)
          .to.have.property('code')
          .that.matches(/^ENTRY_/)
      }
    }
  })

  it('cannot be made of what would not be read back', () => {
    for (const wrong of [{ at: 'now' }, { commitment: new Uint8Array(31) }, { kind: 'a"b.c' }]) {
      expect(() => formatEntry({ ...ENTRY, ...wrong })).to.throw(TypeError)
    }
  })
})

describe('commitment', () => {
  it('is SHA-256 over label, zero byte, salt and statement', () => {
    const salt = new Uint8Array(32).fill(7)
    const expected = createHash('sha256')
      .update('onceledger/commitment/v1')
      .update(Uint8Array.of(0))
      .update(salt)
      .update('{}')
      .digest('hex')
    expect(encodeHex(commit(salt, utf8('{}')))).to.equal(expected)
    expect(expected).to.equal('f6620d55b3ab489a8970b3ce94c9c41431d93c00ebf582145cab5514dc004368')
  })

  it('is that of each statement, long or short, whatever came before', () => {
    const label = utf8('onceledger/commitment/v1\0')
    const one = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const lengths = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 16_000, max: 65_536 }))
    fc.assert(
      fc.property(fc.array(fc.tuple(one, lengths), { minLength: 2, maxLength: 4 }), (all) => {
        for (const [salt, length] of all) {
          const statement = new Uint8Array(length).fill(length % 251)
          const hash = createHash('sha256').update(label).update(salt).update(statement)
          expect(encodeHex(commit(salt, statement))).to.equal(hash.digest('hex'))
        }
      }),
    )
  })

  it('differs for another salt and for another statement', () => {
    const salt = new Uint8Array(32)
    const other = new Uint8Array(32).fill(1)
    expect(commit(salt, utf8('{}'))).not.to.deep.equal(commit(other, utf8('{}')))
    expect(commit(salt, utf8('{}'))).not.to.deep.equal(commit(salt, utf8('[]')))
  })

  it('takes a salt of another length for a programming mistake', () => {
    expect(() => commit(new Uint8Array(31), utf8('{}'))).to.throw(TypeError)
  })
})

describe('digest', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('sha-256' as const, 'sm3' as const),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (algorithm, bytes) => {
          const text = formatDigest(algorithm, bytes)
          expect(text).to.equal(`${algorithm}:${encodeHex(bytes)}`)
          expect(DigestText.parse(text)).to.equal(text)
        },
      ),
    )
  })

  it('tells apart what is wrong', () => {
    const hex = '0'.repeat(64)
    const cases = {
      DIGEST_MALFORMED: [
        '',
        hex,
        'sha-256',
        `sha-256:${'A'.repeat(64)}`,
        `SHA-256:${hex}`,
        `sm3: ${hex}`,
        `sm3:${hex}\n`,
      ],
      DIGEST_ALGORITHM_UNKNOWN: [`md5:${hex}`, `sha256:${hex}`, 'sha-512:00'],
      DIGEST_LENGTH_WRONG: ['sm3:', `sha-256:${hex}00`, `sha-256:${hex.slice(1)}`],
    }
    for (const [code, texts] of Object.entries(cases)) {
      for (const text of texts) {
        expect(
          codeOf(() => parseBy(DigestText, text, 'REFUSED')),
          text,
        ).to.equal(code)
      }
    }
  })
})

describe('SM3', () => {
  const { sm3: vectors } = JSON.parse(
    readFileSync(new URL('../../vectors/check-digits.json', import.meta.url), 'utf8'),
  ) as { sm3: { input: string; hex: string }[] }
  const inputs = ['abc', 'abcd'.repeat(16), '', '电子材料']

  for (const [platform, hash] of Object.entries({ node: sm3, browser: sm3InBrowser })) {
    it(`gives the published digests (${platform})`, () => {
      expect(inputs.map((input) => encodeHex(hash(utf8(input))))).to.deep.equal(
        vectors.map(({ hex }) => hex),
      )
    })
  }

  it('is the same on every platform', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        expect(sm3InBrowser(data)).to.deep.equal(sm3(data).slice())
      }),
    )
  })
})
