import * as z from 'zod'
import { Signature } from '../acts/acts.ts'
import { utf8 } from '../bytes.ts'
import { HexAddress } from '../ethereum/hex.ts'
import { sha256 } from '../hash/hash.ts'
import { canonicalize } from '../json.ts'
import { Registries } from '../parties/registries.ts'
import { Undertaking } from '../undertakings/undertaking.ts'
import { digestId, head, shownText, StatementId } from './parts.ts'

/**
 * A holder, or who acts for it, undertook to have or to meet what a case asks for 告知承诺. The registries are those that
 * the signature is bound to.
 */
export const UndertakingGiven = z
  .strictObject({
    ...head,
    kind: z.literal('undertaking.given'),
    registries: Registries,
    undertaking: Undertaking,
    signature: Signature,
    /** The department that accepted the case. */
    acceptedBy: HexAddress,
  })
  .meta({ id: 'UndertakingGiven' })
export type UndertakingGiven = z.infer<typeof UndertakingGiven>

/** Whether it was kept 守信, or broken 失信. */
export const UndertakingResult = z.enum(['kept', 'broken'])
export type UndertakingResult = z.infer<typeof UndertakingResult>

/** What a department says of an undertaking once it looked. */
export const undertakingCheck = {
  result: UndertakingResult,
  /** What it found, for the holder to read. */
  reason: shownText(500),
  /** Who looked, in that department. */
  officer: shownText(100),
}

/** A department that handles the case looked whether an undertaking was kept 事后核查. The newest counts. */
export const UndertakingChecked = z
  .strictObject({
    ...head,
    kind: z.literal('undertaking.checked'),
    /** Statement id. */
    undertaking: StatementId,
    ...undertakingCheck,
    /** The department. */
    by: HexAddress,
  })
  .meta({ id: 'UndertakingChecked' })
export type UndertakingChecked = z.infer<typeof UndertakingChecked>

/** A material of a part in a case is undertaken once. */
export function undertakingIdOf({
  caseCode,
  material,
  role,
}: Pick<Undertaking, 'caseCode' | 'material' | 'role'>): string {
  const place = canonicalize({ caseCode, material, role })
  return digestId('undertaking', sha256(utf8(`onceledger/undertaking/v1\0${place}`)))
}

/** @param number of the checks that an undertaking has had before, from 0 */
export function undertakingCheckIdOf(undertaking: string, number: number): string {
  return `${undertaking}-${number}`
}
