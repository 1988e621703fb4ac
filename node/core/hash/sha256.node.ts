import { hash } from 'node:crypto'

// 'binary' is Latin-1: a character a byte. Measured on 65-byte inputs, such a string comes back
// two to three times as fast as a Buffer, the copy out of it included.
export function sha256Into(data: Uint8Array, out: Uint8Array, offset: number): void {
  const digest = hash('sha256', data, 'binary')
  for (let i = 0; i < 32; i++) out[offset + i] = digest.charCodeAt(i)
}
