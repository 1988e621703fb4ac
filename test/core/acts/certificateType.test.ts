import { expect } from 'chai'
import { encodeBytes32String } from 'ethers'
import fc from 'fast-check'
import {
  certificateTypeWord,
  findCertificateType,
} from '../../../node/core/acts/certificateType.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { codeOf } from '../evidence/codeOf.ts'

const LICENCE = '11100000MB0143028R001'
const code = fc.stringMatching(/^[A-Za-z0-9._-]{1,32}$/)

const bytes = (...values: number[]): Hex =>
  `0x${Buffer.from(values).toString('hex').padEnd(64, '0')}`

describe('a certificate type on chain', () => {
  it('is its code in ASCII, zeros to its right, and leads back to it', () => {
    expect(certificateTypeWord(LICENCE)).to.equal(encodeBytes32String(LICENCE))
    fc.assert(
      fc.property(code, (code) => {
        expect(findCertificateType(certificateTypeWord(code))).to.equal(code)
      }),
    )
  })

  it('has no code that is empty, too long, or of other characters', () => {
    for (const wrong of ['', 'x'.repeat(33), 'a b', 'a\0', '营业执照', 'ａ', 'a\n'])
      expect(codeOf(() => certificateTypeWord(wrong))).to.equal('CERTIFICATE_TYPE_MALFORMED')
  })

  it('is no word that a code does not give', () => {
    const words: Hex[] = [
      bytes(),
      bytes(0x41, 0, 0x42),
      bytes(0, 0x41),
      bytes(0x41, 0x20),
      bytes(0xc3),
      `0x${'41'.repeat(31)}`,
      `0x${'41'.repeat(33)}`,
    ]
    for (const word of words) expect(findCertificateType(word), word).to.equal(undefined)
  })
})
