import type { Asker } from '../cases/access.ts'
import { casesOfBundle } from '../cases/bundles.ts'
import type { Cases } from '../cases/cases.ts'
import { inCase } from '../cases/circle.ts'
import type { InCase } from '../cases/circle.ts'
import { holdersByRole } from '../cases/roles.ts'
import type { CatalogueReader } from '../catalogue/catalogue.ts'
import type { Day } from '../core/catalogue/day.ts'
import type { Matter } from '../core/catalogue/matter.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Asking } from '../core/resolution/asking.ts'
import type { Considered } from '../core/resolution/document.ts'
import type { PastUse } from '../core/resolution/used.ts'
import type { CaseOpened } from '../core/statements/case.ts'

/** Who is asked for what, as far as a case or a request says. */
export interface Inquiry {
  readonly matters: readonly Matter[]
  /** On which versions are in force. */
  readonly day: Day
  readonly parties: Asking['parties']
  readonly fields: Asking['fields'] | undefined
  readonly caseCodes: ReadonlySet<string>
  readonly department: Hex
  /** Whom a grant may have gone through. */
  readonly circle: InCase
  readonly consider: readonly Considered[]
  /** The case itself, where there is one. */
  readonly of?: { readonly code: string; readonly isDecided: boolean }
  /** What the department was given for it. */
  readonly uses?: readonly PastUse[]
  /** Parts in it of which whoever asks may learn how rules go; all of them unless given. */
  readonly own?: Asking['parties']
}

/** What a case says by itself. @param department that would use what is found */
export async function inquiryOf(
  opened: CaseOpened,
  department: Hex,
  {
    catalogue,
    cases,
  }: { readonly catalogue: CatalogueReader; readonly cases: Pick<Cases, 'ofBundle'> },
): Promise<Inquiry> {
  const { day, fields } = opened
  return {
    matters: [catalogue.get('matter', opened.matter.code, day)],
    day,
    parties: holdersByRole(opened),
    fields,
    caseCodes: await casesOfBundle(opened, cases),
    department,
    circle: inCase(opened, department),
    consider: [],
  }
}

/** The parts in a case that somebody has alone. */
export function ownOf(parties: Asking['parties'], asker: Pick<Asker, 'isOneOf'>) {
  return Object.fromEntries(
    Object.entries(parties).filter(([, ids = []]) => ids.every((id) => asker.isOneOf([id]))),
  )
}
