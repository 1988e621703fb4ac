import { InvalidArgumentError } from 'commander'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { LIST_LENGTH } from '../../../node/core/grants/scopeTree.ts'

/** Places on a list, from 0; `all`: whatever there is. */
export type Places = readonly number[] | 'all'

/** `1,3-5` counts from 1, as the sentences do; `all`. */
export function parsePlaces(text: string): Places {
  if (text === 'all') return 'all'
  const places = new Set<number>()
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*([1-9]\d{0,2})(?:-([1-9]\d{0,2}))?\s*$/.exec(part) ?? []
    const [from, to] = [Number(first), Number(last)]
    if (Number.isNaN(from) || from > to || to > LIST_LENGTH)
      throw new InvalidArgumentError('It is all, or numbers from 1 such as 1,3-5.')
    for (let number = from; number <= to; number++) places.add(number - 1)
  }
  return [...places].toSorted((a, b) => a - b)
}

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
