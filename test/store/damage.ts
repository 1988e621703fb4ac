import { readFileSync, writeFileSync } from 'node:fs'

/** Flips one bit of a file. `position` from 0 to 1 says where. */
export function flipBit(path: string, position: number, bit: number): void {
  const bytes = readFileSync(path)
  const offset = Math.min(bytes.length - 1, Math.floor(position * bytes.length))
  bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit)
  writeFileSync(path, bytes)
}
