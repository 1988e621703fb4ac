import type { CoverReason } from '../../core/statements/use.ts'

/** The original is left as it is. */
export class Unmarkable extends Error {
  readonly reason: CoverReason

  constructor(reason: CoverReason, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'Unmarkable'
    this.reason = reason
  }
}
