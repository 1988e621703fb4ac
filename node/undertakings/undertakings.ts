import * as z from 'zod'
import type { Logged } from '../cases/cases.ts'
import { Signature } from '../core/acts/acts.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { undertakingCheck } from '../core/statements/undertaking.ts'
import type {
  UndertakingChecked,
  UndertakingGiven,
  UndertakingResult,
} from '../core/statements/undertaking.ts'
import type { Undertaken } from '../core/undertakings/compose.ts'
import { Undertaking } from '../core/undertakings/undertaking.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { Page, PageRequest } from '../store/pages.ts'

/**
 * Undertakings 告知承诺: signed in the place of a material that a case asks for, and checked by its departments afterwards.
 */
export interface Undertakings {
  /**
   * The very thing to sign.
   *
   * @throws LedgerError as `give`, of what is known before the signature
   */
  draft(code: string, undertaken: Undertaken): Promise<Undertaking>

  /**
   * Once for a case, a material and a part; the same again is the same entry.
   *
   * @throws LedgerError notFound/CASE_NOT_FOUND
   * @throws LedgerError invalid/UNDERTAKING_NOT_REQUIRED {material, role}, UNDERTAKING_NOT_ACCEPTED {material, way}
   * @throws LedgerError forbidden/UNDERTAKING_NOT_YOURS: the case has no such holder, or the account does not speak for
   *   it
   * @throws LedgerError invalid/UNDERTAKING_MISMATCH {members}: another case, text or day than was to be signed
   * @throws LedgerError unverified/SIGNATURE_MALFORMED, SIGNATURE_INVALID
   * @throws LedgerError conflict/CASE_DECIDED, UNDERTAKING_OVERDUE {due}, UNDERTAKING_GIVEN {undertaking}
   * @throws LedgerError forbidden/UNDERTAKING_BROKEN {undertaking}: the holder broke one
   * @throws LedgerError unavailable/MIRROR_STALE
   */
  give(signed: SignedUndertaking): Promise<Appended>

  /**
   * What a department found that handles the case. The newest check counts; the same as that again is the same entry.
   *
   * @throws LedgerError notFound/UNDERTAKING_NOT_FOUND; forbidden/CASE_NOT_YOURS
   */
  check(id: string, check: UndertakingCheck, by: Hex): Promise<Appended>

  /** @throws LedgerError notFound/UNDERTAKING_NOT_FOUND */
  get(id: string): Promise<UndertakingRecord>

  /** All of them: a case has no more than its matter asks for. */
  ofCase(code: string): Promise<readonly UndertakingRecord[]>

  /** Newest first; so is `ofDepartment`, of the cases that it handles. */
  ofHolder(holder: Hex, page: PageRequest): Promise<UndertakingPage>
  ofDepartment(department: Hex, page: PageRequest): Promise<UndertakingPage>

  /** Of each of these holder ids that broke one and has not put it right, its statement id. */
  brokenBy(holders: readonly Hex[]): Promise<ReadonlyMap<Hex, string>>

  /**
   * Evidence JSON that it was given; or of its newest check.
   *
   * @throws LedgerError notFound/UNDERTAKING_NOT_FOUND, UNDERTAKING_NOT_CHECKED
   */
  evidence(
    id: string,
    of: 'given' | 'checked',
    wait?: { readonly anchored: AbortSignal },
  ): Promise<Uint8Array>
}

export const SignedUndertaking = z
  .strictObject({ undertaking: Undertaking, signature: Signature })
  .meta({ id: 'SignedUndertaking' })
export type SignedUndertaking = z.infer<typeof SignedUndertaking>

/** What a department sends. */
export const UndertakingCheck = z.strictObject(undertakingCheck).meta({ id: 'UndertakingCheck' })
export type UndertakingCheck = z.infer<typeof UndertakingCheck>

export interface UndertakingRecord extends Logged<UndertakingGiven> {
  /** Newest first; of very many the newest. */
  readonly checks: readonly Logged<UndertakingChecked>[]
}

export type UndertakingPage = Page<UndertakingRecord>

/** How it stands: as the newest check found, if any. */
export function stateOf({ checks }: UndertakingRecord): 'given' | UndertakingResult {
  return checks[0]?.statement.result ?? 'given'
}
