/**
 * Every kind of term, and what it finds statements by. What each statement is found by says `foundBy`; nothing else
 * writes a term.
 */
export const TERM_KINDS = [
  'benefit.batch',
  'benefit.given',
  'benefit.granted',
  'benefit.subject',
  'case.bundle',
  'case.department',
  'case.holder',
  'catalogue',
  'certificate.holder',
  'certificate.renews',
  'certificate.replaces',
  'certificate.serial',
  'certificate.successor',
  'check.holder',
  'check.user',
  'department',
  'holder',
  'holder.code',
  'material.case',
  'material.content',
  'material.quarantine',
  'material.sharer',
  'material.spent',
  'material.submitter',
  'material.successor',
  'material.type',
  'material.unlisted',
  'request.case',
  'request.grantee',
  'request.holder',
  'undertaking.broken',
  'undertaking.case',
  'undertaking.check',
  'undertaking.department',
  'undertaking.holder',
  'use.case',
  'use.holder',
  'use.spared',
  'use.spent',
  'use.user',
] as const
export type TermKind = (typeof TERM_KINDS)[number]

/** What statements are found by: `{ kind: 'certificate.holder', value: '0x…' }`. */
export interface Term {
  readonly kind: TermKind
  readonly value: string
}

/** What a statement is found by. */
export interface FoundBy {
  /** Terms that lead to it, among others. */
  readonly leads: readonly Term[]
  /** Terms for which it is the one that counts, until a later statement is. */
  readonly newest: readonly Term[]
  /** Terms that lead to it where they lead to nothing before it in its block of entries: see `blockOf`. */
  readonly blocks: readonly Term[]
}

/** Entries of a block. */
export const BLOCK = 256

/** Which block of the log an entry is in. */
export function blockOf(index: number): number {
  return Math.floor(index / BLOCK)
}
