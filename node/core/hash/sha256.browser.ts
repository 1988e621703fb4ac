import { sha256 } from '@noble/hashes/sha2.js'

export function sha256Into(data: Uint8Array, out: Uint8Array, offset: number): void {
  out.set(sha256(data), offset)
}
