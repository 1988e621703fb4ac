import { sm3 as sm3Hex } from 'sm-crypto-v2'
import { decodeHex } from '../bytes.ts'

/** GB/T 32905-2016, 32 bytes. */
export function sm3(data: Uint8Array): Uint8Array {
  return decodeHex(sm3Hex(data), 32)
}
