import { expect } from 'chai'
import { ParsedMessage } from '@signinwithethereum/siwe-parser'
import fc from 'fast-check'
import { getAddress, hashMessage, hexlify } from 'ethers'
import { LedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import {
  checksumAddress,
  formatSignIn,
  hashSignedText,
  parseSignIn,
  SIGN_IN_SENTENCE,
} from '../../node/core/signIn.ts'

const SIGN_IN = {
  origin: 'https://ledger.example.gov:8443',
  account: `0x${'ab'.repeat(20)}`,
  chainId: 31337,
  nonce: '0123456789abcdef',
  issuedAt: '2026-01-02T03:04:05.678Z',
  expiresAt: '2026-01-02T03:09:05.678Z',
} as const

const account = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => hexlify(bytes) as Hex)

describe('the message to sign in with', () => {
  const text = formatSignIn(SIGN_IN)

  it('is one of EIP-4361 to a parser made from its grammar', () => {
    const parsed = new ParsedMessage(text)
    expect(parsed).to.deep.include({
      scheme: 'https',
      domain: 'ledger.example.gov:8443',
      address: getAddress(SIGN_IN.account),
      statement: SIGN_IN_SENTENCE.en,
      uri: 'https://ledger.example.gov:8443/v1/session',
      version: '1',
      chainId: 31337,
      nonce: SIGN_IN.nonce,
      issuedAt: SIGN_IN.issuedAt,
      expirationTime: SIGN_IN.expiresAt,
      resources: ['https://ledger.example.gov:8443/.well-known/onceledger'],
      warnings: [],
    })
  })

  it('reads back as what it was made of', () => {
    expect(parseSignIn(text)).to.deep.equal(SIGN_IN)
  })

  it('is refused with any character altered, or reads as something else', () => {
    for (let at = 0; at < text.length; at++) {
      const altered = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`
      try {
        expect(parseSignIn(altered)).not.to.deep.equal(SIGN_IN)
      } catch (error) {
        expect(error).to.be.instanceOf(LedgerError).with.property('code', 'SIGN_IN_MALFORMED')
      }
    }
  })

  for (const [what, altered] of [
    ['a line more', `${text}\n- https://evil.example`],
    ['a line less', text.slice(0, text.lastIndexOf('\n'))],
    ['another statement', text.replace('nothing', 'something')],
    ['an address in lower case', text.replace(getAddress(SIGN_IN.account), SIGN_IN.account)],
    ['Windows line ends', text.replaceAll('\n', '\r\n')],
    ['a URI of another site', text.replace('URI: https://ledger', 'URI: https://other')],
    ['a path in its domain', text.replaceAll(':8443', ':8443/path')],
    ['nothing', ''],
  ] as const) {
    it(`is refused with ${what}`, () => {
      expect(() => parseSignIn(altered)).to.throw(LedgerError, 'SIGN_IN_MALFORMED')
    })
  }

  it('is hashed as wallets do (EIP-191)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (any) => {
        expect(hexlify(hashSignedText(any))).to.equal(hashMessage(any))
      }),
    )
  })

  it('shows addresses with their checksum (EIP-55)', () => {
    fc.assert(
      fc.property(account, (address) => {
        expect(checksumAddress(address)).to.equal(getAddress(address))
      }),
    )
  })
})
