import { expect } from 'chai'
import * as fc from 'fast-check'
import { utf8 } from '../../../node/core/bytes.ts'
import { memberReader } from '../../../node/core/figures/members.ts'
import { canonicalize } from '../../../node/core/json.ts'

/** Names and texts that look like parts of JSON, too. */
const names = fc.oneof(
  fc.constantFrom('a', 'b', 'a"', '"a":', '\\', ',"a":1', '}', '[', '名', ''),
  fc.string({ unit: 'grapheme' }),
)
const { values } = fc.letrec<{ values: unknown }>((tie) => ({
  values: fc.oneof(
    { maxDepth: 4 },
    names,
    fc.integer(),
    fc.constantFrom(null, true, false),
    fc.array(tie('values'), { maxLength: 3 }),
    fc.dictionary(names, tie('values'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))
const objects = fc.dictionary(names, values, { maxKeys: 6, noNullPrototype: true })

describe('members of an object', () => {
  it('are what a whole reading gives', () => {
    fc.assert(
      fc.property(objects, fc.array(names, { maxLength: 3 }), (object, others) => {
        // Some that are there, and some that are not.
        const wanted = [...Object.keys(object).filter((_, i) => i % 2 === 0), ...others]
        const plain = wanted.filter((name) => JSON.stringify(name) === `"${name}"`)
        const read = memberReader(plain)(utf8(canonicalize(object)))
        const whole = JSON.parse(JSON.stringify(object)) as Record<string, unknown>
        const expected = Object.entries(whole).filter(([name]) => plain.includes(name))
        expect(read).to.deep.equal(Object.fromEntries(expected))
      }),
    )
  })

  it('are none where none is wanted', () => {
    expect(memberReader([])(utf8('{"a":1}'))).to.deep.equal({})
    expect(memberReader(['a'])(utf8('{}'))).to.deep.equal({})
  })

  it('are read from the end, as far as the first that is wanted: what comes before is not looked at', () => {
    const read = memberReader(['c', 'b'])
    expect(read(utf8('{"a":[{"open,"b":1,"c":"\\\\\\""}'))).to.deep.equal({ b: 1, c: '\\"' })
    expect(() => read(utf8('{"a":[{"open,"c":1}'))).to.throw(SyntaxError)
  })

  it('are those of the object itself, and of none in it', () => {
    const text = '{"before":{"a":1},"in":["\\"a\\":2",{"a":3}],"z":",\\"a\\":4"}'
    expect(memberReader(['a'])(utf8(text))).to.deep.equal({})
  })

  for (const text of [
    '',
    '{',
    '}',
    'null',
    '[]',
    '"a"',
    '{"a"}',
    '{"a":}',
    '{"a":1',
    '{"a":1}}',
    '{"a":1},',
    '{"a":1 }x',
    '{"a":"1}',
    '{"a":"\\"}',
    '{"a":[1}',
    '{"a":1]',
    '{"b":1"a":2}',
    '{"b":1,,"a":2}',
    '{,"a":2}',
    '{"a":2,}',
    '{a:2}',
    '{ "a":2}',
    '{"a" :2}',
    '{"a":nul}',
  ])
    it(`are refused of ${text === '' ? 'nothing' : text}`, () => {
      expect(() => memberReader(['a'])(utf8(text))).to.throw(SyntaxError)
    })
})
