import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { unwrapKeys } from '../../../node/store/sealing/keyUnwrap.ts'
import { KeyWrapper } from '../../../node/store/sealing/keyWrapper.ts'
import { codeOf } from '../../behaviors/codeOf.ts'

/** By OpenSSL. */
function wrap(key: KeyObject, dataKey: Uint8Array): Buffer {
  return createCipheriv('id-aes256-wrap', key, Buffer.alloc(8, 0xa6)).update(dataKey)
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const altered = Uint8Array.from(bytes)
  altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return altered
}

describe('unwrapping many keys', () => {
  it('follows RFC 3394, section 4.6', () => {
    const key = createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))
    const wrapped =
      '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21'
    const expected = '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f'
    const keys = unwrapKeys(key, Buffer.from(wrapped, 'hex'))
    expect(Buffer.from(keys ?? []).toString('hex')).to.equal(expected)
  })

  it('opens what OpenSSL wrapped, in its order', () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(bytes, fc.array(bytes, { maxLength: 40 }), (masterKey, dataKeys) => {
        const key = createSecretKey(masterKey)
        const wrapped = Buffer.concat(dataKeys.map((dataKey) => wrap(key, dataKey)))
        const keys = unwrapKeys(key, wrapped)
        expect(Buffer.concat(dataKeys).equals(keys ?? Buffer.of(1))).to.equal(true)
      }),
    )
  })

  it('refuses them all when a bit of any is flipped', () => {
    const key = createSecretKey(randomBytes(32))
    const wrapped = Buffer.concat([1, 2, 3].map(() => wrap(key, randomBytes(32))))
    for (let bit = 0; bit < wrapped.length * 8; bit++)
      expect(unwrapKeys(key, flipped(wrapped, bit)), `bit ${bit}`).to.equal(undefined)
  })

  it('refuses what another key wrapped', () => {
    const wrapped = wrap(createSecretKey(randomBytes(32)), randomBytes(32))
    expect(unwrapKeys(createSecretKey(randomBytes(32)), wrapped)).to.equal(undefined)
  })
})

describe('a key wrapper', () => {
  const wrapper = KeyWrapper.derive(randomBytes(32), 'data-key')
  const dataKeys = Array.from({ length: 9 }, () => randomBytes(32))
  const wrapped = dataKeys.map((dataKey) => wrapper.wrap(dataKey))

  it('unwraps many keys as it does one', () => {
    const keys = wrapper.unwrapAll(wrapped)
    expect(keys.map((key) => Buffer.from(key).toString('hex'))).to.deep.equal(
      wrapped.map((one) => Buffer.from(wrapper.unwrap(one)).toString('hex')),
    )
    expect(wrapper.unwrapAll([])).to.deep.equal([])
  })

  for (const [what, altered, code] of [
    ['one is altered', flipped(wrapped[3] as Uint8Array, 300), 'SEAL_BROKEN'],
    ['one is cut', wrapped[3]?.subarray(0, 44), 'SEAL_BROKEN'],
    ['one is of another format', flipped(wrapped[3] as Uint8Array, 0), 'SEAL_BROKEN'],
    ['one is of another master key', flipped(wrapped[3] as Uint8Array, 12), 'MASTER_KEY_WRONG'],
  ] as const)
    it(`refuses many keys when ${what}`, async () => {
      const some = wrapped.with(3, altered as Uint8Array)
      expect(await codeOf(() => wrapper.unwrapAll(some))).to.equal(code)
      expect(await codeOf(() => wrapper.unwrap(some[3] as Uint8Array))).to.equal(code)
    })
})
