import { base64, hex } from '@scure/base'

export function bytesToHex(bytes: Uint8Array): string {
  return hex.encode(bytes)
}

export function hexToBytes(text: string): Uint8Array {
  return hex.decode(text)
}

export function bytesToBase64(bytes: Uint8Array): string {
  return base64.encode(bytes)
}

export function base64ToBytes(text: string): Uint8Array | undefined {
  try {
    const bytes = base64.decode(text)
    return base64.encode(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}
