import { RLP } from '@ethereumjs/rlp'
import type { NestedUint8Array } from '@ethereumjs/rlp'
import { LedgerError } from '../errors.ts'

/**
 * Decodes what a proof shows. A proof may be sound and its value still be anything:
 * whoever forges a header forges the state below it.
 *
 * @throws LedgerError unverified/`code`
 */
export function decodeRlp(bytes: Uint8Array, code: string): Uint8Array | NestedUint8Array {
  try {
    return RLP.decode(bytes)
  } catch (cause) {
    throw new LedgerError('unverified', code, {}, { cause })
  }
}
