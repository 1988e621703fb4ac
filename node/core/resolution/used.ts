import type { NeededUse } from './granted.ts'

/** What the department was given of something, for this very case, under a grant. */
export interface PastUse {
  /** Statement id of the receipt. */
  readonly use: string
  readonly subject: { readonly kind: 'certificate' | 'material'; readonly id: string }
  /** None: the whole material. */
  readonly fields: readonly string[]
  readonly manner: NeededUse['manner']
  /** Seconds since 1970: from then on the copy is to be used no longer. */
  readonly expires: number
}

/**
 * The newest use that gave all that is needed. A copy that is over is as good as none; what became of the grant since
 * takes nothing back.
 *
 * @param uses newest first
 * @param time seconds since 1970
 */
export function findPastUse(
  uses: readonly PastUse[],
  { subject, fields, manner }: Pick<NeededUse, 'subject' | 'fields' | 'manner'>,
  time: number,
): PastUse | undefined {
  return uses.find(
    (past) =>
      past.subject.kind === subject.kind &&
      past.subject.id === subject.id &&
      past.expires > time &&
      (past.manner === 'copy' || manner === 'read') &&
      isShown(fields, past.fields),
  )
}

/** Whoever got no fields got the whole material. */
function isShown(fields: readonly string[], given: readonly string[]): boolean {
  if (given.length === 0) return true
  return fields.length > 0 && fields.every((name) => given.includes(name))
}
