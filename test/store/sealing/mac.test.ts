import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { Mac } from '../../../node/store/sealing/mac.ts'

const theirs = (key: Uint8Array, text: string) =>
  createHmac('sha256', key).update(text).digest('base64url')

describe('MACs of names', () => {
  it('are HMAC-SHA-256 of any text, whatever was asked before', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 5 })
    fc.assert(
      fc.property(key, texts, (key, texts) => {
        const mac = new Mac(key)
        for (const text of texts) expect(mac.base64url(text)).to.equal(theirs(key, text))
      }),
    )
  })

  it('are so of every length around a block and around the memory kept for them', () => {
    const key = new Uint8Array(32).fill(0x0b)
    const mac = new Mac(key)
    for (const length of [0, 1, 55, 56, 63, 64, 65, 340, 341, 342, 343, 1023, 1024, 1025, 100_000])
      for (const letter of ['a', '照', '\u{1f3e2}']) {
        const text = letter.repeat(length)
        expect(mac.base64url(text), `${length} ${letter}`).to.equal(theirs(key, text))
      }
  })

  // RFC 4231 §4.2 has a key of 20 bytes, which HMAC fills up with zeros; so the same vector holds for 32.
  it('is what RFC 4231 says in test case 1', () => {
    const key = Buffer.concat([Buffer.alloc(20, 0x0b), Buffer.alloc(12)])
    const expected = 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'
    const mac = Buffer.from(new Mac(key).base64url('Hi There'), 'base64url')
    expect(mac.toString('hex')).to.equal(expected)
  })

  it('take no key of another length', () => {
    for (const length of [0, 31, 33])
      expect(() => new Mac(new Uint8Array(length))).to.throw(TypeError)
  })
})
