/** The entries from `start` up to, not including, `end`; as RFC 9162 §2.1 writes D[start:end]. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A complete subtree: it covers the 2^level entries from index × 2^level on. */
export interface Node {
  readonly level: number
  readonly index: number
}

/** @throws TypeError unless each is a safe integer from 0 on */
export function requireCounts(...counts: readonly number[]): void {
  for (const count of counts)
    if (!Number.isSafeInteger(count) || count < 0) throw new TypeError(`${count} is not a count`)
}

/** How many binary digits `n` has; 0 for 0. Exact for every safe integer, unlike Math.log2. */
export function bitLength(n: number): number {
  return n < 2 ** 32 ? 32 - Math.clz32(n) : 64 - Math.clz32(Math.floor(n / 2 ** 32))
}

/** RFC 9162 §2.1.1: where a tree of n > 1 entries splits. */
function splitOf(n: number): number {
  return 2 ** (bitLength(n - 1) - 1)
}

/** The subtrees whose roots make up PATH(index, D[0:size]), leaf to root: RFC 9162 §2.1.3.1. */
export function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    if (index < middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  return ranges.toReversed()
}

/** The subtrees whose roots make up PROOF(from, D[0:to]), for 0 < from ≤ to: RFC 9162 §2.1.4.1. */
export function consistencyRanges(from: number, to: number): Range[] {
  const ranges: Range[] = []
  let start = 0
  let end = to
  while (end !== from) {
    const middle = start + splitOf(end - start)
    if (from <= middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  // The verifier knows the old root itself, so it is only sent where it is a part of it.
  if (start > 0) ranges.push({ start, end })
  return ranges.toReversed()
}

/** The complete subtrees that make up a range of the two functions above, left to right. */
export function nodesOf({ start, end }: Range): Node[] {
  const nodes: Node[] = []
  while (start < end) {
    const level = bitLength(end - start) - 1
    nodes.push({ level, index: start / 2 ** level })
    start += 2 ** level
  }
  return nodes
}
