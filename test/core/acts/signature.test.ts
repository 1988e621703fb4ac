import { expect } from 'chai'
import { concat, getBytes, hexlify, recoverAddress, SigningKey, toBeHex, Wallet } from 'ethers'
import fc from 'fast-check'
import { recoverPublicKey as recoverInBrowser } from '../../../node/core/acts/secp256k1.browser.ts'
import { recoverPublicKey as recoverInNode } from '../../../node/core/acts/secp256k1.node.ts'
import { recoverAccount, requireSignedBy } from '../../../node/core/acts/signature.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { isLedgerError } from '../../../node/core/errors.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const KEY = new SigningKey(`0x${'46'.repeat(32)}`)
const ACCOUNT = new Wallet(KEY).address.toLowerCase() as Hex
const DIGEST = getBytes(`0x${'3c'.repeat(32)}`)
const SIGNED = KEY.sign(DIGEST)
const [R, S, V] = [BigInt(SIGNED.r), BigInt(SIGNED.s), SIGNED.v]

const format = (r: bigint, s: bigint, v: number) =>
  concat([toBeHex(r, 32), toBeHex(s, 32), toBeHex(v, 1)]) as Hex
const SIGNATURE = format(R, S, V)

const textOf = (key: Uint8Array | undefined) => key && hexlify(key)

/** The account, or the code of the refusal. */
function outcomeOf(signature: string, digest = DIGEST): string {
  try {
    return recoverAccount(digest, signature as Hex)
  } catch (error) {
    if (isLedgerError(error)) return `${error.kind}/${error.code}`
    throw error
  }
}

const MALFORMED = 'unverified/SIGNATURE_MALFORMED'
const INVALID = 'unverified/SIGNATURE_INVALID'

describe('the signature of an act', () => {
  it('gives the account whose key signed', () => {
    expect(outcomeOf(SIGNATURE)).to.equal(ACCOUNT)
    expect(() => requireSignedBy(ACCOUNT, DIGEST, SIGNATURE)).not.to.throw()
  })

  const malformed: Record<string, string> = {
    'in the 64 bytes of EIP-2098': SIGNED.compactSerialized,
    'a byte too short': SIGNATURE.slice(0, -2),
    'a byte too long': `${SIGNATURE}00`,
    'with nothing': '0x',
    'in upper case': SIGNATURE.toUpperCase().replace('0X', '0x'),
    'with v 0': format(R, S, 0),
    'with v 1': format(R, S, 1),
    'with v 26': format(R, S, 26),
    'with v 29': format(R, S, 29),
    'with v of EIP-155': format(R, S, 37),
    'with the high s of the same signature': format(R, ORDER - S, 55 - V),
    'with s just above half the order': format(R, ORDER / 2n + 1n, V),
    'with s 0': format(R, 0n, V),
    'with s of the order': format(R, ORDER, V),
    'with r 0': format(0n, S, V),
    'with r of the order': format(ORDER, S, V),
    'with the highest r': format(2n ** 256n - 1n, S, V),
  }
  for (const [name, signature] of Object.entries(malformed)) {
    it(`is refused ${name}`, () => {
      expect(outcomeOf(signature)).to.equal(MALFORMED)
    })
  }

  it('is taken with s of half the order, and with r just below the order or no key at all', () => {
    expect(outcomeOf(format(R, ORDER / 2n, V))).to.match(/^0x[0-9a-f]{40}$/)
    expect(outcomeOf(format(ORDER - 1n, S, V))).to.equal(INVALID)
  })

  it('of another v, another digest or with any bit flipped is of another account, if of any', () => {
    expect(outcomeOf(format(R, S, 55 - V))).not.to.equal(ACCOUNT)
    for (let bit = 0; bit < 256; bit += 5) {
      const digest = Uint8Array.from(DIGEST)
      digest[bit >> 3]! ^= 1 << (bit & 7)
      expect(outcomeOf(SIGNATURE, digest)).not.to.equal(ACCOUNT)
    }
    const bytes = getBytes(SIGNATURE)
    for (let bit = 0; bit < 520; bit += 3) {
      const flipped = Uint8Array.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const signature = hexlify(flipped) as Hex
      expect(outcomeOf(signature)).not.to.equal(ACCOUNT)
      expect(() => requireSignedBy(ACCOUNT, DIGEST, signature)).to.throw(/^SIGNATURE_/)
    }
  })

  it('is refused as that of another account, naming the account that should have signed', () => {
    const account: Hex = `0x${'ab'.repeat(20)}`
    expect(() => requireSignedBy(account, DIGEST, SIGNATURE))
      .to.throw('SIGNATURE_INVALID')
      .that.deep.includes({ kind: 'unverified', details: { account } })
  })

  it('is refused where it leads to no point of the curve, or to the point at infinity', () => {
    // 5 is no x coordinate of secp256k1: 5³ + 7 has no square root.
    expect(outcomeOf(format(5n, S, V))).to.equal(INVALID)
    // With R = G and s = z the key would be r⁻¹(zG − zG).
    const generator = BigInt(`0x${new SigningKey(toBeHex(1, 32)).compressedPublicKey.slice(4)}`)
    const z = 2n ** 200n + 1n
    for (const v of [27, 28]) {
      const account = outcomeOf(format(generator, z, v), getBytes(toBeHex(z, 32)))
      if (v === 27) expect(account).to.equal(INVALID)
      else expect(account).to.match(/^0x/)
    }
  })

  it('is recovered alike in Node, in a browser and by ethers', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, ORDER - 1n),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (secret, digest) => {
          const key = new SigningKey(toBeHex(secret, 32))
          const signed = key.sign(digest)
          const rs = getBytes(signed.serialized).subarray(0, 64)
          expect(hexlify(recoverInNode(digest, rs, signed.yParity)!)).to.equal(key.publicKey)
          expect(hexlify(recoverInBrowser(digest, rs, signed.yParity)!)).to.equal(key.publicKey)
          expect(outcomeOf(signed.serialized, digest)).to.equal(
            recoverAddress(digest, signed).toLowerCase(),
          )
        },
      ),
      { numRuns: 25 },
    )
  })

  it('that nobody made is answered alike in Node and in a browser', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, ORDER - 1n),
        fc.bigInt(1n, ORDER / 2n),
        fc.constantFrom(0 as const, 1 as const),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (r, s, parity, digest) => {
          const rs = getBytes(concat([toBeHex(r, 32), toBeHex(s, 32)]))
          expect(textOf(recoverInNode(digest, rs, parity))).to.equal(
            textOf(recoverInBrowser(digest, rs, parity)),
          )
        },
      ),
      { numRuns: 25 },
    )
  })
})
