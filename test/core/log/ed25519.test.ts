import { createPrivateKey, sign } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { ed25519 } from '@noble/curves/ed25519.js'
import { decodeHex, utf8 } from '../../../node/core/bytes.ts'
import { isEd25519Key, strict, verifyEd25519 } from '../../../node/core/tlog/ed25519.ts'
import * as browser from '../../../node/core/tlog/ed25519.browser.ts'
import * as node from '../../../node/core/tlog/ed25519.node.ts'
import published from '../../vectors/c2sp-ed25519.json' with { type: 'json' }

const { vectors } = published
const secret = new Uint8Array(32).fill(7)
const key = ed25519.getPublicKey(secret)
const message = utf8('message')
const signature = ed25519.sign(message, secret)
const verifyUnderNode = strict(node.verifyEd25519)
const verifyInBrowser = strict(browser.verifyEd25519)
const platforms = { Node: verifyUnderNode, 'a browser': verifyInBrowser }

describe('Ed25519 keys', () => {
  it('are refused when of small or mixed order, or in another encoding', () => {
    for (const { number, key, flags } of vectors) {
      const sound = !flags.some((flag) => flag.endsWith('_A'))
      expect(isEd25519Key(decodeHex(key)), `vector ${number}`).to.equal(sound)
    }
  })

  it('are refused when no point or of another length', () => {
    expect(isEd25519Key(key)).to.equal(true)
    expect(isEd25519Key(key.subarray(1))).to.equal(false)
    expect(isEd25519Key(new Uint8Array(33))).to.equal(false)
    expect(isEd25519Key(new Uint8Array(32).fill(0xff))).to.equal(false)
    expect(isEd25519Key(new Uint8Array(32).fill(2))).to.equal(false)
  })
})

describe('Ed25519 signatures', () => {
  it('are judged alike under Node and in a browser, edge cases included', () => {
    const judged = vectors.filter(({ key }) => isEd25519Key(decodeHex(key)))
    expect(judged.length).to.be.greaterThan(5)
    for (const { number, key, signature, message, flags } of judged)
      for (const [platform, verify] of Object.entries(platforms)) {
        const verdict = verify(decodeHex(signature), utf8(message), decodeHex(key))
        expect(verdict, `vector ${number} under ${platform}`).to.equal(flags.length === 0)
      }
  })

  it('of node:crypto and of the library verify under both', () => {
    const prefix = decodeHex('302e020100300506032b657004220420')
    const der = Buffer.concat([prefix, secret])
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        expect(verifyInBrowser(sign(null, message, privateKey), message, key)).to.equal(true)
        expect(verifyUnderNode(ed25519.sign(message, secret), message, key)).to.equal(true)
      }),
      { numRuns: 10 },
    )
  })

  for (const [platform, verify] of Object.entries(platforms)) {
    it(`are refused under ${platform} with any one bit flipped`, () => {
      expect(verify(signature, message, key)).to.equal(true)
      for (let bit = 0; bit < 512; bit += platform === 'Node' ? 1 : 13) {
        const flipped = signature.slice()
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        expect(verify(flipped, message, key), `bit ${bit}`).to.equal(false)
      }
    })

    it(`are refused under ${platform} with s + L in place of s`, () => {
      const { Fn } = ed25519.Point
      const twin = Fn.fromBytes(signature.slice(32)) + Fn.ORDER
      const malleable = signature.slice()
      malleable.set(decodeHex(twin.toString(16).padStart(64, '0')).toReversed(), 32)
      expect(verify(malleable, message, key)).to.equal(false)
    })

    it(`are refused under ${platform} when cut, padded, or over another message or key`, () => {
      const padded = new Uint8Array(65)
      padded.set(signature)
      expect(verify(signature.subarray(0, 63), message, key)).to.equal(false)
      expect(verify(padded, message, key)).to.equal(false)
      expect(verify(new Uint8Array(0), message, key)).to.equal(false)
      expect(verify(signature, utf8('Message'), key)).to.equal(false)
      const other = ed25519.getPublicKey(new Uint8Array(32).fill(8))
      expect(verify(signature, message, other)).to.equal(false)
    })
  }

  it('go through the one function that picks the platform', () => {
    expect(verifyEd25519(signature, message, key)).to.equal(true)
    expect(verifyEd25519(signature, utf8('Message'), key)).to.equal(false)
  })
})
