/** What a material of a single use went to. */
export interface Spent {
  /** Statement id of the use or the benefit. Of the case that it was handed in for nobody else is told. */
  readonly by?: string
  /** The case that it was used or handed in for. */
  readonly caseCode?: string
}

/** Whether it went to something else than these cases: what one of them was given, all of them have. */
export function isSpentFor(
  caseCodes: ReadonlySet<string>,
  spent: Spent | undefined,
): spent is Spent {
  return spent !== undefined && !caseCodes.has(spent.caseCode ?? '')
}
