import { hashLeaf } from '../../../node/core/hash/hash.ts'
import type { Mth } from '../../reference/merkle.ts'
import { mthOf } from '../../reference/merkle.ts'

/** Enough leaves for three levels of tiles, all of them different. */
export const leaves = Array.from({ length: 66_000 }, (_, i) =>
  hashLeaf(Uint8Array.of(i, i >> 8, i >> 16)),
)

/** The reference over `leaves`. It is slow, so that what was computed once is kept for all tests. */
export const mth = remembering(mthOf(leaves))

function remembering(mth: Mth): Mth {
  const known = new Map<string, Uint8Array>()
  return (start, end) => {
    const key = `${start}:${end}`
    const hash = known.get(key) ?? mth(start, end)
    known.set(key, hash)
    return hash
  }
}
