import { hash } from 'node:crypto'

/** GB/T 32905-2016, 32 bytes. */
export function sm3(data: Uint8Array): Uint8Array {
  return hash('sm3', data, 'buffer')
}
