import { randomFillSync } from 'node:crypto'

// One call for many secrets: asking for 32 bytes costs 3 µs, for 4096 no more.
const pool = Buffer.allocUnsafeSlow(4096)
let used = pool.length

/** Fresh bytes of the system's generator; `length` up to 4096. */
export function randomPiece(length: number): Buffer {
  if (used + length > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const piece = Buffer.from(pool.subarray(used, used + length))
  // What was handed out is not kept here as well.
  pool.fill(0, used, used + length)
  used += length
  return piece
}
