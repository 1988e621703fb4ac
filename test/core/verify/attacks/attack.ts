import type { Changes } from '../world.ts'

/** What is otherwise, and the codes of the checks that do not pass. */
export type Attack = readonly [title: string, Changes, Record<string, string>]

/** What blocks hold from this one on. */
export const fromBlock = (block: number, edit: NonNullable<Changes['edit']>): Changes => ({
  edit: (storage, at, ids) => {
    if (at >= block) edit(storage, at, ids)
  },
})

/** The grant at one hop otherwise. */
export const at = (hop: number, terms: ReturnType<NonNullable<Changes['grant']>>): Changes => ({
  grant: (_, i) => (i === hop ? terms : {}),
})
/** The grant above gives less than the one at this hop. */
export const below = (hop: number, less: object, more: object): Changes => ({
  grant: (_, i) => (i === hop - 1 ? less : i === hop ? more : {}),
})
