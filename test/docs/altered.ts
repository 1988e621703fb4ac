import { leavesOf, replaced } from '../core/evidence/leaves.ts'
import type { Path } from '../core/evidence/leaves.ts'

// What two readers of a statement should agree on: everything that is almost one.

const STRANGE = ['', 'x', 0, -1, 2 ** 48, true, [], {}]
/** Numbers that bound texts, lists and integers, and the next ones. */
const LENGTHS = [8, 16, 18, 20, 32, 50, 64, 100, 160, 200, 256, 500].flatMap((n) => [n, n + 1])
const TEXTS = [
  ...[...LENGTHS, 10, 11].map((n) => 'x'.repeat(n)),
  // Two UTF-16 units each.
  ...[50, 51, 100, 101, 200, 201, 500, 501].map((n) => '𠀀'.repeat(n)),
  ...[6, 12, 15].map((n) => '1'.repeat(n)),
  ...[31, 32, 33].map((n) => 'A'.repeat(n)),
  'a\nb',
  'a b',
  '名',
  '_',
  '0000-02-29',
  '1900-02-29',
  'APPLICANT',
]
const INTEGERS = [1, 5, 8, 150, 255, 1000, 36_600, 1e6, 2 ** 32 - 1, 2 ** 48 - 1].flatMap((n) => [
  n,
  n + 1,
])

/** With something else in one place, or without it, or with more. */
export function* nearly(statement: object): Generator {
  yield* alteredMembers(statement)
  for (const [path] of leavesOf(statement))
    for (const strange of STRANGE) yield replaced(statement, path, strange)
}

/** With texts, integers and lists of the lengths that bound them somewhere. */
export function* atLimits(statement: object): Generator {
  for (const [path, leaf] of leavesOf(statement)) {
    if (typeof leaf === 'boolean') continue
    for (const other of typeof leaf === 'string' ? TEXTS : INTEGERS)
      yield replaced(statement, path, other)
  }
  yield* longerLists(statement)
}

/** At any depth: without one member or item, and with one more. */
function* alteredMembers(statement: object): Generator {
  for (const [path, inner] of partsOf(statement))
    if (Array.isArray(inner)) {
      yield replaced(statement, path, inner.slice(1))
      yield replaced(statement, path, [...inner, inner[0]])
    } else {
      for (const name of Object.keys(inner)) {
        const { [name]: _, ...rest } = inner as Record<string, unknown>
        yield replaced(statement, path, rest)
      }
      yield replaced(statement, path, { ...inner, more: 1 })
    }
}

/** The same item so often, and as many different ones. */
function* longerLists(statement: object): Generator {
  for (const [path, list] of partsOf(statement))
    if (Array.isArray(list))
      for (const length of LENGTHS) {
        const items = Array.from({ length }, (_, i) => list[i % list.length] as unknown)
        yield replaced(statement, path, items)
        yield replaced(statement, path, items.map(numbered))
      }
}

/** Another one of the same form, by its first text: four of its characters are the number. */
function numbered(item: unknown, i: number): unknown {
  const found = [...leavesOf(item)].find(([, leaf]) => typeof leaf === 'string' && leaf.length > 1)
  if (found === undefined) return item
  const [path, leaf] = found
  const text = String(leaf)
  const number = String(i).padStart(4, '0')
  // Hashes and digests have one length.
  return replaced(item, path, text.length > 40 ? text.slice(0, -4) + number : text + number)
}

function* partsOf(value: unknown, path: Path = []): Generator<[Path, object]> {
  if (typeof value !== 'object' || value === null) return
  yield [path, value]
  for (const [name, item] of Object.entries(value))
    yield* partsOf(item, [...path, Array.isArray(value) ? Number(name) : name])
}
