import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { isLedgerError } from '../../../node/core/errors.ts'
import { canonicalize, parseStrictJson } from '../../../node/core/json.ts'
import type { JsonValue } from '../../../node/core/json.ts'
import { codeOf } from './codeOf.ts'

interface Rfc8785 {
  readonly cases: { name: string; input: string; outhex: string }[]
}

const rfc8785 = JSON.parse(
  readFileSync(new URL('../../vectors/rfc8785.json', import.meta.url), 'utf8'),
) as Rfc8785

/** RFC 8785 appendix B: IEEE 754 bits and the text that they have. */
const NUMBERS: readonly (readonly [bits: string, text: string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
]

describe('canonicalize', () => {
  for (const { name, input, outhex } of rfc8785.cases) {
    it(`gives the bytes of RFC 8785 for ${name}`, () => {
      const text = canonicalize(JSON.parse(input))
      expect(Buffer.from(text).toString('hex')).to.equal(outhex)
    })
  }

  it('writes numbers as RFC 8785 appendix B does', () => {
    for (const [bits, text] of NUMBERS) {
      expect(canonicalize(Buffer.from(bits, 'hex').readDoubleBE())).to.equal(text)
    }
  })

  it('refuses half a character, in values and in names', () => {
    expect(codeOf(() => canonicalize({ a: '\ud800' }))).to.equal('JSON_LONE_SURROGATE')
    expect(codeOf(() => canonicalize({ '\udfff': 1 }))).to.equal('JSON_LONE_SURROGATE')
  })

  it('takes what is no JSON for a programming mistake', () => {
    for (const value of [undefined, NaN, Infinity, () => 1, 1n]) {
      expect(() => canonicalize(value)).to.throw(TypeError)
    }
  })
})

describe('parseStrictJson', () => {
  const refused: readonly (readonly [
    title: string,
    text: string,
    code: string,
    pointer: string,
  ])[] = [
    ['a duplicate member', '{"a":1,"b":2,"a":1}', 'JSON_DUPLICATE_KEY', '/a'],
    ['a duplicate spelled with an escape', '{"a":1,"\\u0061":1}', 'JSON_DUPLICATE_KEY', '/a'],
    [
      'a duplicate deep inside',
      '[{"a/b":{"~":[{"x":1,"x":1}]}}]',
      'JSON_DUPLICATE_KEY',
      '/0/a~1b/~0/0/x',
    ],
    ['a duplicate that hides another', '{"a":{"b":1,"b":2},"a":{}}', 'JSON_DUPLICATE_KEY', '/a/b'],
    ['a fraction', '{"a":1.5}', 'JSON_NUMBER_NOT_INTEGER', '/a'],
    ['an integer written as a fraction', '[1.0]', 'JSON_NUMBER_NOT_INTEGER', '/0'],
    ['an exponent', '[0,1e2]', 'JSON_NUMBER_NOT_INTEGER', '/1'],
    ['an exponent in upper case', '[1E2]', 'JSON_NUMBER_NOT_INTEGER', '/0'],
    ['minus zero', '[-0]', 'JSON_NUMBER_NOT_INTEGER', '/0'],
    ['minus zero with an exponent', '[-0e1]', 'JSON_NUMBER_NOT_INTEGER', '/0'],
    ['2^53', '[9007199254740992]', 'JSON_NUMBER_NOT_INTEGER', '/0'],
    [
      'a number that would round to a safe one',
      '[9007199254740991.1]',
      'JSON_NUMBER_NOT_INTEGER',
      '/0',
    ],
    ['a number beyond doubles', '[1e400]', 'JSON_NUMBER_NOT_INTEGER', '/0'],
    ['a lone surrogate', '["\\ud83d"]', 'JSON_LONE_SURROGATE', '/0'],
    ['a lone surrogate in a name', '[{"\\udc00":1}]', 'JSON_LONE_SURROGATE', '/0'],
    ['a lone surrogate that is not escaped', '["\ud800"]', 'JSON_LONE_SURROGATE', '/0'],
    ['the name __proto__', '{"a":{"__proto__":{}}}', 'JSON_NAME_FORBIDDEN', '/a'],
    ['the name __proto__ with an escape', '{"__pr\\u006fto__":1}', 'JSON_NAME_FORBIDDEN', ''],
    ['a byte order mark', '\ufeff{}', 'JSON_MALFORMED', ''],
    ['nothing', '', 'JSON_MALFORMED', ''],
    ['a comment', '{}//', 'JSON_MALFORMED', ''],
    ['a trailing comma', '[1,]', 'JSON_MALFORMED', ''],
    ['a leading zero', '[01]', 'JSON_MALFORMED', ''],
    ['a raw control character', '["\u0001"]', 'JSON_MALFORMED', ''],
    ['NaN', '[NaN]', 'JSON_MALFORMED', ''],
  ]
  for (const [title, text, code, pointer] of refused) {
    it(`refuses ${title} and names the place`, () => {
      try {
        parseStrictJson(text)
        expect.fail('nothing was thrown')
      } catch (error) {
        if (!isLedgerError(error)) throw error
        expect([error.kind, error.code, error.details['pointer']]).to.deep.equal([
          'invalid',
          code,
          pointer,
        ])
      }
    })
  }

  it('refuses bytes that are not UTF-8', () => {
    const bytes = Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)
    expect(codeOf(() => parseStrictJson(bytes))).to.equal('JSON_MALFORMED')
    expect(codeOf(() => parseStrictJson(Buffer.from('\ufeff{}')))).to.equal('JSON_MALFORMED')
  })

  it('allows 32 levels and 64 KiB, no more', () => {
    parseStrictJson(nested(32))
    expect(codeOf(() => parseStrictJson(nested(33)))).to.equal('JSON_TOO_DEEP')
    expect(codeOf(() => parseStrictJson(nested(30_000)))).to.equal('JSON_TOO_DEEP')

    parseStrictJson(long(65_534))
    expect(codeOf(() => parseStrictJson(long(65_537)))).to.equal('JSON_TOO_LONG')
    expect(codeOf(() => parseStrictJson(Buffer.from(long(65_537))))).to.equal('JSON_TOO_LONG')
  })

  it('refuses a nesting that a duplicate hides', () => {
    const hidden = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)},"a":1}`
    expect(codeOf(() => parseStrictJson(hidden))).to.equal('JSON_TOO_DEEP')
  })

  it('reads every value back, in any spelling', () => {
    fc.assert(
      fc.property(jsonValue, fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(parseStrictJson(text)).to.deep.equal(value)
        expect(parseStrictJson(Buffer.from(text))).to.deep.equal(value)
        expect(parseStrictJson(canonicalize(value))).to.deep.equal(value)
        const escaped = text.replace(/[^ -~\n\t]/g, (unit) => `\\u${hex4(unit)}`)
        expect(parseStrictJson(escaped)).to.deep.equal(value)
      }),
    )
  })

  it('finds a duplicate wherever there is one, and only there', () => {
    fc.assert(
      fc.property(looseObject, (members) => {
        const { text, duplicate } = writeLoosely(members)
        if (duplicate) expect(codeOf(() => parseStrictJson(text))).to.equal('JSON_DUPLICATE_KEY')
        else expect(parseStrictJson(text)).to.deep.equal(JSON.parse(text))
      }),
    )
  })
})

const text = fc.string({ unit: 'grapheme', maxLength: 8 })
const scalar = fc.oneof(text, fc.maxSafeInteger(), fc.boolean(), fc.constant(null)).map((value) =>
  // JSON has no minus zero that the ledger would read.
  value === 0 ? 0 : value,
)
const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value

type Loose = number | [name: string, value: Loose][]
const looseObject: fc.Arbitrary<Loose> = fc.letrec<{ value: Loose }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.nat(),
    fc.array(fc.tuple(fc.constantFrom('a', 'b', ':', '"', 'é', '1.5', '{'), tie('value')), {
      maxLength: 3,
    }),
  ),
})).value

/** JSON as a careless writer makes it, and whether a name stands twice in one object. */
function writeLoosely(value: Loose): { text: string; duplicate: boolean } {
  if (typeof value === 'number') return { text: String(value), duplicate: false }
  const members = value.map(([name, member]) => ({ name, ...writeLoosely(member) }))
  return {
    text: `{ ${members.map(({ name, text }) => `${JSON.stringify(name)} : ${text}`).join(' , ')} }`,
    duplicate:
      members.some(({ duplicate }) => duplicate) ||
      new Set(members.map(({ name }) => name)).size < members.length,
  }
}

function hex4(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0')
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

/** A text of so many bytes in UTF-8. */
function long(bytes: number): string {
  return JSON.stringify('证'.repeat((bytes - 2) / 3))
}
