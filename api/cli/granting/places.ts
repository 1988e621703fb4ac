import { InvalidArgumentError } from 'commander'
import { LIST_LENGTH } from '../../../node/core/grants/scopeTree.ts'
import type { Places } from '../../client/index.ts'

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
