import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import * as fc from 'fast-check'
import {
  CHUNK_LENGTH,
  open,
  openedLength,
  seal,
  sealedLength,
  Sealer,
  TAG_LENGTH,
} from '../../../node/store/sealing/seal.ts'
import { codeOf } from '../../behaviors/codeOf.ts'

const key = randomBytes(32)
const SEALED_CHUNK = CHUNK_LENGTH + TAG_LENGTH
/** One byte less and more than whole chunks, and nothing at all. */
const LENGTHS = [
  0,
  1,
  700,
  CHUNK_LENGTH - 1,
  CHUNK_LENGTH,
  CHUNK_LENGTH + 1,
  3 * CHUNK_LENGTH,
  3 * CHUNK_LENGTH + 5,
]

const openCode = (sealed: Uint8Array, dataKey: Uint8Array = key) =>
  codeOf(() => open(dataKey, 'content', sealed))

describe('sealing', () => {
  for (const length of LENGTHS)
    it(`opens the ${length} bytes it sealed, ${TAG_LENGTH} more for each chunk`, () => {
      const plaintext = randomBytes(length)
      const sealed = seal(key, 'content', plaintext)
      expect(sealed.length).to.equal(sealedLength(length))
      expect(sealed.length).to.equal(
        length + TAG_LENGTH * Math.max(1, Math.ceil(length / CHUNK_LENGTH)),
      )
      expect(openedLength(sealed.length)).to.equal(length)
      expect(plaintext.equals(open(key, 'content', sealed))).to.equal(true)
    })

  it('refuses every single flipped bit', async () => {
    const sealed = seal(key, 'content', randomBytes(50))
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Uint8Array.from(sealed)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await openCode(altered)).to.equal('SEAL_BROKEN')
    }
  })

  it('refuses a flipped bit in any chunk', async () => {
    const sealed = seal(key, 'content', randomBytes(2 * CHUNK_LENGTH + 99))
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: sealed.length - 1 }),
        fc.integer({ min: 0, max: 7 }),
        async (at, bit) => {
          const altered = Buffer.from(sealed)
          altered[at] = (altered[at] ?? 0) ^ (1 << bit)
          expect(await openCode(altered)).to.equal('SEAL_BROKEN')
        },
      ),
      { numRuns: 30 },
    )
  })

  it('refuses every truncation', async () => {
    const short = seal(key, 'content', randomBytes(50))
    for (let length = 0; length < short.length; length++)
      expect(await openCode(short.subarray(0, length))).to.equal('SEAL_BROKEN')
    const long = seal(key, 'content', randomBytes(2 * CHUNK_LENGTH + 99))
    // Also where a chunk ends: what is left has the length of something sealed.
    for (const length of [SEALED_CHUNK, 2 * SEALED_CHUNK, 2 * SEALED_CHUNK + 1, long.length - 1])
      expect(await openCode(long.subarray(0, length))).to.equal('SEAL_BROKEN')
  })

  it('refuses appended bytes, and chunks that are repeated, moved or left out', async () => {
    const sealed = seal(key, 'content', randomBytes(3 * CHUNK_LENGTH))
    const chunks = [0, 1, 2].map((i) => sealed.subarray(i * SEALED_CHUNK, (i + 1) * SEALED_CHUNK))
    const [first, second, last] = chunks as [Uint8Array, Uint8Array, Uint8Array]
    for (const altered of [
      [...chunks, randomBytes(1)],
      [...chunks, randomBytes(SEALED_CHUNK)],
      [...chunks, last],
      [first, first, last],
      [second, first, last],
      [first, last],
      [second, last],
      [last],
    ])
      expect(await openCode(Buffer.concat(altered))).to.equal('SEAL_BROKEN')
  })

  it('refuses another key, and what was sealed as something else', async () => {
    const sealed = seal(key, 'content', randomBytes(50))
    expect(await openCode(sealed, randomBytes(32))).to.equal('SEAL_BROKEN')
    expect(await codeOf(() => open(key, 'statement', sealed))).to.equal('SEAL_BROKEN')
  })

  it('never gives two chunks of a key the same nonce', () => {
    // Equal plaintexts under one key and nonce would have equal ciphertexts.
    const zeros = new Uint8Array(CHUNK_LENGTH)
    const seen = new Set<string>()
    for (const domain of ['statement', 'content'] as const) {
      const sealer = new Sealer(key, domain)
      for (const last of [false, false, true]) {
        const [ciphertext] = sealer.seal(zeros, last)
        seen.add(Buffer.from(ciphertext.subarray(0, 32)).toString('hex'))
      }
    }
    expect(seen.size).to.equal(6)
  })

  it('seals nothing after the last chunk, and nothing shorter before it', () => {
    const sealer = new Sealer(key, 'content')
    expect(() => sealer.seal(new Uint8Array(10), false)).to.throw(TypeError)
    expect(() => sealer.seal(new Uint8Array(CHUNK_LENGTH + 1), true)).to.throw(TypeError)
    sealer.seal(new Uint8Array(10), true)
    expect(() => sealer.seal(new Uint8Array(10), true)).to.throw(TypeError)
  })
})
