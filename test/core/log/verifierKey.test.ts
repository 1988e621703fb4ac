import { expect } from 'chai'
import { concatBytes, decodeHex, encodeBase64 } from '../../../node/core/bytes.ts'
import {
  formatVerifierKey,
  keyId,
  makeVerifierKey,
  parseVerifierKey,
} from '../../../node/core/tlog/verifierKey.ts'
import checkpoints from '../../vectors/c2sp-checkpoints.json' with { type: 'json' }
import notes from '../../vectors/c2sp-signed-note.json' with { type: 'json' }
import { codeOf, keyPair } from './support.ts'

const published = [
  ...notes.notes.flatMap(({ signers }) => signers),
  ...checkpoints.checkpoints.flatMap(({ key, witnesses }) => [...(key ? [key] : []), ...witnesses]),
]

/** A vkey whose key id is right for whatever stands in it. */
function vkey(name: string, type: number, key: Uint8Array): string {
  const id = keyId(name, type, key).toString(16).padStart(8, '0')
  return `${name}+${id}+${encodeBase64(concatBytes(Uint8Array.of(type), key))}`
}

describe('verifier keys', () => {
  it('of public logs and witnesses are read and written as they stand', () => {
    for (const vkey of published) expect(formatVerifierKey(parseVerifierKey(vkey))).to.equal(vkey)
  })

  it('are the example of the specification in parts', () => {
    expect(parseVerifierKey(published[0]!)).to.deep.equal({
      name: 'example.com/foo',
      keyId: 0x530d903a,
      type: 1,
      key: decodeHex('e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4'),
    })
  })

  it('have an id of eight digits even when it begins with zeros', () => {
    const seeds = Array.from({ length: 400 }, (_, i) => new Uint8Array(32).fill(i, 0, 2))
    const names = seeds.map((_, i) => `log${i}.example`)
    const { key } = keyPair('any', 1).key
    const name = names.find((name) => keyId(name, 1, key) < 2 ** 28)!
    const vkey = formatVerifierKey(makeVerifierKey(name, 1, key))
    expect(vkey).to.match(/\+0[0-9a-f]{7}\+/)
    expect(formatVerifierKey(parseVerifierKey(vkey))).to.equal(vkey)
  })

  for (const vkey of notes.badKeys)
    it(`refuse as published: ${vkey.slice(0, 40)}`, () => {
      expect(codeOf(() => parseVerifierKey(vkey), 'invalid')).to.equal('VKEY_MALFORMED')
    })

  it('refuse every part of one, and every character increased', () => {
    const vkey = notes.seeded.key
    for (let i = 0; i < vkey.length; i++) {
      const next = String.fromCharCode(vkey.charCodeAt(i) + 1)
      const changed = vkey.slice(0, i) + next + vkey.slice(i + 1)
      for (const text of [vkey.slice(0, i), vkey.slice(i + 1), changed])
        expect(
          codeOf(() => parseVerifierKey(text)),
          text,
        ).to.equal('VKEY_MALFORMED')
    }
  })

  it('refuse types and lengths that are not those of Ed25519', () => {
    const { key } = keyPair('any', 1).key
    for (const [type, bytes] of [
      [0x02, key],
      [0x05, key],
      [0x06, new Uint8Array(1312)],
      [0x01, key.subarray(1)],
      [0x04, new Uint8Array(33)],
      [0x01, new Uint8Array(0)],
    ] as const)
      expect(codeOf(() => parseVerifierKey(vkey('a', type, bytes)))).to.equal('VKEY_MALFORMED')
    expect(parseVerifierKey(vkey('a', 0x04, key)).type).to.equal(4)
  })

  it('refuse a key of small order', () => {
    const identity = Uint8Array.of(1, ...new Uint8Array(31))
    expect(codeOf(() => parseVerifierKey(vkey('a', 1, identity)))).to.equal('VKEY_MALFORMED')
  })

  it('refuse names with a space, a plus, or none, both ways', () => {
    const { key } = keyPair('any', 1).key
    for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', '\uD800']) {
      expect(codeOf(() => makeVerifierKey(name, 1, key), 'invalid')).to.equal('VKEY_MALFORMED')
      if (name !== '\uD800')
        expect(codeOf(() => parseVerifierKey(vkey(name, 1, key)))).to.equal('VKEY_MALFORMED')
    }
  })

  it('refuse upper case, another base64 alphabet and anything around', () => {
    const vkey = notes.seeded.key
    for (const text of [vkey.replace('c74f20a3', 'C74F20A3'), ` ${vkey}`, `${vkey}\n`, `${vkey}=`])
      expect(codeOf(() => parseVerifierKey(text))).to.equal('VKEY_MALFORMED')
  })
})
