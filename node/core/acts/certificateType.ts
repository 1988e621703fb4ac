import { utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { decode0x, encode0x, type Hex } from '../ethereum/hex.ts'

/** What certificate type codes are written with; 32 bytes is what the chain has room for. */
const CODE = /^[A-Za-z0-9._-]{1,32}$/

/**
 * A certificate type as the chain names it: its code in ASCII, zeros to its right.
 *
 * @throws LedgerError invalid/CERTIFICATE_TYPE_MALFORMED
 */
export function certificateTypeWord(code: string): Hex {
  if (!CODE.test(code)) throw new LedgerError('invalid', 'CERTIFICATE_TYPE_MALFORMED')
  const word = new Uint8Array(32)
  word.set(utf8(code))
  return encode0x(word)
}

/**
 * The code that the chain's word stands for, if it is one that `certificateTypeWord` gives: the chain takes any 32 bytes,
 * and its contracts mean no type by 0.
 */
export function findCertificateType(word: Hex): string | undefined {
  const code = String.fromCharCode(...decode0x(word)).replace(/\0+$/, '')
  return CODE.test(code) && certificateTypeWord(code) === word ? code : undefined
}
