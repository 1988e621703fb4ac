import type { Hex } from '../ethereum/hex.ts'

// Masks of grants and uses: 0x and 64 hex digits, of which bit 0, the lowest, stands for the first entry of a list.

export function maskOf(bits: readonly number[]): Hex {
  return written(bits.reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n))
}

/** All of a list with so many entries. */
export function firstBits(count: number): Hex {
  return written((1n << BigInt(count)) - 1n)
}

/** The numbers of the bits that are set, ascending; of fewer digits, too. */
export function bitsOf(mask: Hex): number[] {
  const bits: number[] = []
  for (let at = mask.length - 1, first = 0; at > 1; at--, first += 4) {
    const digit = parseInt(mask.charAt(at), 16)
    for (let bit = 0; digit >> bit !== 0; bit++) if ((digit >> bit) & 1) bits.push(first + bit)
  }
  return bits
}

function written(mask: bigint): Hex {
  return `0x${mask.toString(16).padStart(64, '0')}`
}
