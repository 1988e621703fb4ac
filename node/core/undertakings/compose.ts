import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import type { Matter, RequiredMaterial } from '../catalogue/matter.ts'
import { audienceOf } from '../grants/use.ts'
import type { CaseOpened } from '../statements/case.ts'
import type { Undertaking } from './undertaking.ts'
import { dueOf, textOf } from './words.ts'

/** What is undertaken, and by whom; all else follows from the case. */
export interface Undertaken extends Pick<Undertaking, 'holder' | 'by' | 'account'> {
  readonly material: string
  readonly role: string
}

/** What an undertaking follows from. */
export interface Undertakable {
  readonly opened: Pick<CaseOpened, 'case' | 'day' | 'applicant' | 'agents' | 'parties'>
  /** In the version that the case is bound to. */
  readonly matter: Pick<Matter, 'code' | 'version' | 'name' | 'materials'>
  /** Of the material type; asked of what the matter asks for. */
  readonly materialName: () => string
  /** Of the log that it is given to. */
  readonly origin: string
}

/**
 * The very thing to sign: made alike by whoever signs and by the ledger that takes it, so that nobody has another text
 * signed than the matter's.
 *
 * @throws LedgerError as `requiredIn` and `requireParties`
 */
export function composeUndertaking(
  { holder, by, account, material, role }: Undertaken,
  { opened, matter, materialName, origin }: Undertakable,
): Undertaking {
  const required = requiredIn(matter, { material, role })
  requireParties(opened, { holder, by, role })
  const due = dueOf(required, opened.day)
  return {
    holder,
    by,
    account,
    caseCode: opened.case,
    matter: matter.code,
    version: matter.version,
    material,
    role,
    text: textOf(required, matter, { name: materialName() }, due),
    due,
    audience: audienceOf(origin),
  }
}

/**
 * @throws LedgerError invalid/UNDERTAKING_NOT_REQUIRED {material, role}: the matter asks for no such material of that
 *   part
 * @throws LedgerError invalid/UNDERTAKING_NOT_ACCEPTED {material, way}: it takes it by another way
 */
function requiredIn(
  { materials }: Pick<Matter, 'materials'>,
  { material, role }: Pick<Undertaken, 'material' | 'role'>,
): RequiredMaterial {
  const required = materials.find((one) => one.material === material && one.holder === role)
  if (required === undefined)
    throw new LedgerError('invalid', 'UNDERTAKING_NOT_REQUIRED', { material, role })
  const { exemption: way } = required
  if (way !== 'commitment')
    throw new LedgerError('invalid', 'UNDERTAKING_NOT_ACCEPTED', { material, way })
  return required
}

/** The holders of a part of a case. */
export function partyOf(
  { applicant, agents = [], parties = {} }: Undertakable['opened'],
  role: string,
): readonly Hex[] {
  if (role === 'APPLICANT') return [applicant]
  if (role === 'AGENT') return agents
  return parties[role] ?? []
}

/**
 * That the case has this holder in this part, and that whoever signs is the holder; or acts for the applicant, for
 * whose material alone it speaks.
 *
 * @throws LedgerError forbidden/UNDERTAKING_NOT_YOURS
 */
function requireParties(
  opened: Undertakable['opened'],
  { holder, by, role }: Pick<Undertaken, 'holder' | 'by' | 'role'>,
): void {
  const isHolder = by === holder
  const isAgent = role === 'APPLICANT' && (opened.agents ?? []).includes(by)
  if (!partyOf(opened, role).includes(holder) || !(isHolder || isAgent))
    throw new LedgerError('forbidden', 'UNDERTAKING_NOT_YOURS')
}

/** Members in which what was signed is not what was to be signed. */
export function differencesOf(signed: Undertaking, wanted: Undertaking): string[] {
  return Object.keys(wanted).filter(
    (name) => signed[name as keyof Undertaking] !== wanted[name as keyof Undertaking],
  )
}
