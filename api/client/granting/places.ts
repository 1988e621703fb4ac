import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { LIST_LENGTH } from '../../../node/core/grants/scopeTree.ts'

/** Places on a list, from 0; `all`: whatever there is. */
export type Places = readonly number[] | 'all'

/** A mask of grants: 0x and 64 hex digits, a bit for each place. */
export function maskOf(places: readonly number[]): Hex {
  const bits = places.reduce((mask, place) => mask | (1n << BigInt(place)), 0n)
  return `0x${bits.toString(16).padStart(64, '0')}`
}

/** The places of a mask's bits, ascending. */
export function placesOf(mask: Hex): number[] {
  const bits = BigInt(mask)
  return Array.from({ length: LIST_LENGTH }, (_, place) => place).filter(
    (place) => ((bits >> BigInt(place)) & 1n) === 1n,
  )
}
