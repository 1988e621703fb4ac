/** Why an original was left as it is: it travels in a cover, or beside the copy. */
export type Reason =
  /** A change would break a signature of its own. */
  | 'signed'
  | 'encrypted'
  /** It cannot be read to its end, so a rewritten one might lack something. */
  | 'damaged'
  /** It carries attachments, which could pass for those of the copy. */
  | 'attachments'
  /** It would take more memory or time than a copy may. */
  | 'heavy'

export class Unmarkable extends Error {
  readonly reason: Reason

  constructor(reason: Reason, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'Unmarkable'
    this.reason = reason
  }
}
