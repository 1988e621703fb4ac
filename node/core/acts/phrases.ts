import type { Hex } from '../ethereum/hex.ts'
import type { Grant } from '../grants/grant.ts'
import type { ScopeItem, ScopePurpose } from '../grants/scope.ts'
import type { Act, ActType } from './acts.ts'

/** What the sentences of both languages are made of. */

export interface Vocabulary {
  readonly names: ReadonlyMap<Hex, string>
  /** What else is called how, beside its id or code. */
  readonly called?: Called | undefined
  /** Of the lists that the signed scope commits to, by the number of the bit. */
  readonly items: ReadonlyMap<number, ScopeItem>
  readonly purposes: ReadonlyMap<number, ScopePurpose>
  /** The very grant that a use or a revocation is about. */
  readonly grant?: Grant | undefined
}

/** Names by statement id of the material, and by code. */
export interface Called {
  readonly materials: ReadonlyMap<string, string>
  readonly matters: ReadonlyMap<string, string>
  readonly certificateTypes: ReadonlyMap<string, string>
}

export type MessageOf<T extends ActType> = Extract<Act, { type: T }>['message']

/** First and last 8 digits: enough that nobody finds another that looks alike by trying. */
export function shorten(id: Hex): string {
  return `${id.slice(0, 10)}…${id.slice(-8)}`
}

/** The name of an address or id, without what could turn or break the line that it stands in. */
export function findName({ names }: Pick<Vocabulary, 'names'>, id: Hex): string | undefined {
  const name = names.get(id)?.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
  return name === '' ? undefined : name
}

/** As `findName`, and without quotation marks: titles are what somebody wrote, and must not end where they please. */
export function findCalled(
  { called }: Vocabulary,
  of: keyof Called,
  id: string,
): string | undefined {
  const name = called?.[of].get(id)?.replaceAll(/[\p{C}\p{Zl}\p{Zp}「」“”"]/gu, '')
  return name === '' ? undefined : name
}

/** Numbers from 1 as people count: bits 0, 1, 2 and 6 are 1–3 and 7. */
export function rangesOf(bits: readonly number[]): string[] {
  const ranges: [number, number][] = []
  for (const bit of bits) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === bit) last[1] = bit + 1
    else ranges.push([bit + 1, bit + 1])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
}

/** Whether a time is the highest that a field of so many bits takes: so a window without an end is written. */
export function isEndless(notAfter: number, bits: 40 | 48): boolean {
  return notAfter === 2 ** bits - 1
}

// ECMA-262 §21.4.1.1: the last millisecond that a Date can tell.
const LAST_DATE = 8.64e15

/** `2023-08-01 08:00:00` at so many hours east of Greenwich; the bare seconds where no calendar reaches. */
export function formatTime(seconds: number, hoursEast: number): string {
  const time = (seconds + hoursEast * 3600) * 1000
  if (time > LAST_DATE) return `${seconds} s`
  return new Date(time).toISOString().replace('T', ' ').replace('.000Z', '')
}
