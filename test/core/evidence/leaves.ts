/** Where a leaf of a document stands. */
export type Path = readonly (string | number)[]
export type Leaf = string | number | boolean

export function* leavesOf(value: unknown, path: Path = []): Generator<[Path, Leaf]> {
  if (typeof value !== 'object' || value === null) yield [path, value as Leaf]
  else if (Array.isArray(value))
    for (const [i, item] of value.entries()) yield* leavesOf(item, [...path, i])
  else for (const [name, item] of Object.entries(value)) yield* leavesOf(item, [...path, name])
}

export function replaced(value: unknown, [step, ...rest]: Path, leaf: unknown): unknown {
  if (step === undefined) return leaf
  if (Array.isArray(value))
    return value.with(step as number, replaced(value[step as number], rest, leaf))
  const object = value as Record<string, unknown>
  return { ...object, [step]: replaced(object[step], rest, leaf) }
}

/** As small a change as the leaf allows, of the same form. */
export function other(leaf: Leaf): Leaf {
  if (typeof leaf !== 'string') return typeof leaf === 'number' ? leaf + 1 : !leaf
  const last = leaf.at(-1) ?? ''
  return `${leaf.slice(0, -1)}${/\d/.test(last) ? (Number(last) + 1) % 10 : last === 'a' ? 'b' : 'a'}`
}
