import { expect } from 'chai'
import fc from 'fast-check'
import * as browser from '../../../node/core/bytes.browser.ts'
import * as node from '../../../node/core/bytes.node.ts'
import {
  concatBytes,
  decodeBase64,
  decodeHex,
  decodeUtf8,
  encodeBase64,
  encodeHex,
  equalBytes,
  tryDecodeBase64,
  utf8,
} from '../../../node/core/bytes.ts'
import { codeOf } from './support.ts'

describe('bytes', () => {
  it('come back from hex and base64 as they went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeHex(encodeHex(bytes))).to.deep.equal(bytes)
        expect(decodeBase64(encodeBase64(bytes))).to.deep.equal(bytes)
      }),
    )
  })

  it('are encoded and decoded alike under Node and in a browser', () => {
    const text = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64').replace('=', '')),
    )
    fc.assert(
      fc.property(fc.uint8Array(), text, (bytes, text) => {
        expect(browser.bytesToHex(bytes)).to.equal(node.bytesToHex(bytes))
        expect(browser.hexToBytes(browser.bytesToHex(bytes))).to.deep.equal(bytes)
        expect(browser.bytesToBase64(bytes)).to.equal(node.bytesToBase64(bytes))
        expect(browser.base64ToBytes(text)).to.deep.equal(node.base64ToBytes(text))
      }),
    )
  })

  it('are encoded right when they are a view of a longer buffer', () => {
    const view = Uint8Array.of(1, 2, 3, 4, 5).subarray(1, 4)
    expect(encodeHex(view)).to.equal('020304')
    expect(encodeBase64(view)).to.equal('AgME')
  })

  for (const text of ['0', 'AB', '0x00', ' 00', '00\n', '0g'])
    it(`refuses ${JSON.stringify(text)} as hex`, () => {
      expect(codeOf(() => decodeHex(text), 'invalid')).to.equal('HEX_MALFORMED')
    })

  it('refuses hex of another length than asked for', () => {
    expect(decodeHex('0102', 2)).to.deep.equal(Uint8Array.of(1, 2))
    expect(codeOf(() => decodeHex('0102', 3))).to.equal('HEX_MALFORMED')
  })

  const misspelled = ['AA', 'AA=', 'AB==', 'AAB=', 'AA==\n', ' AA==', 'AA==AA==', 'A-__', '=', 'A']
  for (const text of misspelled)
    it(`refuses ${JSON.stringify(text)} as base64, as another spelling or as none`, () => {
      expect(codeOf(() => decodeBase64(text), 'invalid')).to.equal('BASE64_MALFORMED')
      expect(tryDecodeBase64(text)).to.equal(undefined)
    })

  it('refuses base64 of another length than asked for', () => {
    expect(decodeBase64('AA==', 1)).to.deep.equal(Uint8Array.of(0))
    expect(codeOf(() => decodeBase64('AA==', 2))).to.equal('BASE64_MALFORMED')
  })

  it('keep every well-formed text, byte order marks included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUtf8(utf8(text))).to.equal(text)
      }),
    )
    expect(decodeUtf8(utf8('\uFEFFa'))).to.equal('\uFEFFa')
  })

  it('refuse a lone surrogate and bytes that are not UTF-8', () => {
    expect(codeOf(() => utf8('a\uD800'), 'invalid')).to.equal('UTF8_MALFORMED')
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
      expect(codeOf(() => decodeUtf8(Uint8Array.from(bytes)), 'invalid')).to.equal('UTF8_MALFORMED')
  })

  it('are equal when length and content are', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Buffer.of(1, 2))).to.equal(true)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).to.equal(false)
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).to.equal(false)
  })

  it('are joined in order', () => {
    const joined = concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))
    expect(joined).to.deep.equal(Uint8Array.of(1, 2, 3))
  })
})
