import { readFileSync } from 'node:fs'
import type { Judgement, Question } from '../reference/grants.ts'

/** `changes`: values by JSON pointer (RFC 6901) that stand instead of the shape's own. */
export interface GrantVector extends Judgement {
  case: string
  changes: Record<string, unknown>
}

export interface GrantShape {
  shape: string
  good: Question
  vectors: GrantVector[]
}

export interface GrantVectors {
  description: string
  source: string
  chainId: number
  grants: string
  parties: string
  authority: string
  shapes: GrantShape[]
}

export function readGrantVectors(): GrantVectors {
  return JSON.parse(
    readFileSync(new URL('grants.json', import.meta.url), 'utf8'),
  ) as GrantVectors
}

/** A copy of `good` with the changes made. */
export function applyChanges(good: Question, changes: Record<string, unknown>): Question {
  const changed = structuredClone(good)
  for (const [pointer, value] of Object.entries(changes)) {
    const path = pointer.split('/').slice(1)
    const parent = path.slice(0, -1).reduce<unknown>(member, changed)
    ;(parent as Record<string, unknown>)[path.at(-1)!] = value
  }
  return changed
}

/** What turns `good` into `changed`; lists of other lengths are exchanged whole. */
export function changesBetween(
  good: unknown,
  changed: unknown,
  pointer = '',
): Record<string, unknown> {
  if (JSON.stringify(good) === JSON.stringify(changed)) return {}
  const isLeaf = typeof good !== 'object' || typeof changed !== 'object'
  if (isLeaf || (Array.isArray(good) && good.length !== (changed as unknown[]).length))
    return { [pointer]: changed }
  return Object.keys(good as object).reduce(
    (changes, name) => ({
      ...changes,
      ...changesBetween(member(good, name), member(changed, name), `${pointer}/${name}`),
    }),
    {},
  )
}

function member(value: unknown, name: string): unknown {
  return (value as Record<string, unknown>)[name]
}
