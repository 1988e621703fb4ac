import { publishCatalogue } from './catalogue.ts'
import { checkOffline, checkPast } from './checking.ts'
import { benefits } from './journeyFour.ts'
import { changeOfAddress } from './journeyOne.ts'
import { revokedLicence } from './journeySeven.ts'
import { materialBank } from './journeyTwo.ts'
import type { Stage } from './stage.ts'

type Play = (stage: Stage) => Promise<void>

interface Journey {
  readonly play: Play
  /** It is about matters or benefits of the catalogue. */
  readonly needsCatalogue?: boolean
}

const JOURNEYS: ReadonlyMap<string, Journey> = new Map([
  ['1', { play: async (stage) => checkOffline(stage, await changeOfAddress(stage)) }],
  ['2', { play: materialBank, needsCatalogue: true }],
  ['4', { play: benefits, needsCatalogue: true }],
  ['7', { play: async (stage) => checkPast(stage, await revokedLicence(stage)) }],
] satisfies [string, Journey][])

/** Those with these numbers, in their order, all of them unless there is one; and numbers that nobody knows. */
export function findJourneys(numbers: readonly string[]): {
  readonly journeys: readonly Play[]
  readonly unknown: readonly string[]
} {
  const unknown = numbers.filter((number) => !JOURNEYS.has(number))
  const chosen = [...JOURNEYS].filter(
    ([number]) => numbers.length === 0 || numbers.includes(number),
  )
  const journeys: Play[] = []
  for (const [, { play, needsCatalogue }] of chosen) {
    if (needsCatalogue && !journeys.includes(publishCatalogue)) journeys.push(publishCatalogue)
    journeys.push(play)
  }
  return { journeys, unknown }
}
