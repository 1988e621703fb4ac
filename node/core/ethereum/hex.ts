import * as z from 'zod'
import { decodeHex, encodeHex } from '../bytes.ts'

/** Lower-case hex after 0x, two digits a byte, as JSON-RPC writes data. */
export type Hex = `0x${string}`

/** One spelling per value: upper case and checksummed addresses are refused. */
function hexText(pattern: RegExp, rule: string) {
  return z
    .custom<Hex>((value) => typeof value === 'string' && pattern.test(value), rule)
    .meta({
      override: { type: 'string', pattern: pattern.source },
    })
}

export const HexHash = hexText(/^0x[0-9a-f]{64}$/, 'not 0x and 64 hex digits')
export const HexAddress = hexText(/^0x[0-9a-f]{40}$/, 'not 0x and 40 hex digits')
export const HexBytes = hexText(/^0x(?:[0-9a-f]{2})+$/, 'not 0x and hex digits')

/** At most so many bytes: nesting in RLP is costly to undo. */
export function hexBytesUpTo(bytes: number) {
  return HexBytes.refine((text) => text.length <= 2 + 2 * bytes, `longer than ${bytes} bytes`)
}

/** @throws LedgerError invalid/HEX_MALFORMED */
export function decode0x(text: Hex): Uint8Array {
  return decodeHex(text.slice(2))
}

export function encode0x(bytes: Uint8Array): Hex {
  return `0x${encodeHex(bytes)}`
}
