import type { PageRequest } from '../../node/store/pages.ts'

/** The page that a query asks for; its cursor is the index to go on before. */
export function pageOf(query: {
  readonly limit: number
  readonly cursor?: number | undefined
}): PageRequest {
  const { limit, cursor } = query
  return cursor === undefined ? { limit } : { limit, before: cursor }
}

/** To spread into an answer; a cursor is text to whoever gets it, whatever it says. */
export function cursorOf(next: number | undefined): { readonly next?: string } {
  return next === undefined ? {} : { next: String(next) }
}
