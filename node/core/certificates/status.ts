import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { decode0x, encode0x, type Hex } from '../ethereum/hex.ts'
import { certificateTypeWord } from '../acts/certificateType.ts'

/** Status codes of the national certificate catalogue. On chain the same, as a number. */
export const STATUS_CODES = ['01', '02', '03', '04', '05', '06', '07', '99'] as const
export type StatusCode = (typeof STATUS_CODES)[number]

export const STATUS_NAMES: Readonly<
  Record<StatusCode, { readonly zh: string; readonly en: string }>
> = {
  '01': { zh: '有效', en: 'valid' },
  '02': { zh: '暂扣', en: 'suspended' },
  '03': { zh: '撤销', en: 'rescinded' },
  '04': { zh: '注销', en: 'cancelled' },
  '05': { zh: '失效', en: 'lapsed' },
  '06': { zh: '办理转出', en: 'transferred out' },
  '07': { zh: '吊销', en: 'revoked' },
  '99': { zh: '其他', en: 'other' },
}

/** Nothing is recorded on chain: the certificate stands as it was issued, if it was issued. */
export const NOT_RECORDED = 0

/** What may follow, as of CertificateRegistry.sol; codes that are not named here are final. */
const AFTER: ReadonlyMap<number, readonly number[]> = new Map([
  [NOT_RECORDED, [2, 3, 4, 5, 6, 7, 99]],
  [1, [2, 3, 4, 5, 6, 7, 99]],
  [2, [1, 3, 4, 5, 6, 7, 99]],
  [6, [1, 3, 4, 5, 7, 99]],
  [99, [3, 4, 5, 7]],
])

/** Whether a recorded code may change into another; both as on chain, where 0 is nothing recorded. */
export function mayFollow(from: number, to: number): boolean {
  return AFTER.get(from)?.includes(to) ?? false
}

/** Whether a certificate of this recorded code may be used, as far as the code goes. */
export function isUsable(recorded: number): boolean {
  return recorded === NOT_RECORDED || recorded === 1
}

/**
 * The code that a number on chain stands for; 01 where nothing is recorded.
 *
 * @throws LedgerError invalid/CERTIFICATE_STATUS_UNKNOWN
 */
export function statusCodeOf(recorded: number): StatusCode {
  const text = String(recorded === NOT_RECORDED ? 1 : recorded).padStart(2, '0')
  const code = STATUS_CODES.find((known) => known === text)
  if (code === undefined) {
    throw new LedgerError('invalid', 'CERTIFICATE_STATUS_UNKNOWN', { recorded })
  }
  return code
}

/**
 * 99 says nothing by itself.
 *
 * @throws LedgerError invalid/CERTIFICATE_STATUS_TEXT_MISSING
 */
export function requireStatusText(code: StatusCode, text: string | undefined): void {
  if (code === '99' && !text?.trim()) {
    throw new LedgerError('invalid', 'CERTIFICATE_STATUS_TEXT_MISSING')
  }
}

/**
 * Id under which the chain records the status: keccak256(abi.encode(issuer, type, serial)).
 * An issuer that lies about the type speaks of a certificate that nobody holds.
 *
 * @param type code of the certificate type
 * @param serial commitment of the statement that issued it
 */
export function certificateIdOf(issuer: Hex, type: string, serial: Hex): Hex {
  const issuerWord = new Uint8Array(32)
  issuerWord.set(decode0x(issuer), 12)
  return encode0x(
    keccak_256(concatBytes(issuerWord, decode0x(certificateTypeWord(type)), decode0x(serial))),
  )
}
