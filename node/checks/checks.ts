import type * as z from 'zod'
import type { Hex } from '../core/ethereum/hex.ts'
import { Questions } from '../core/checks/questions.ts'
import type { UseChecked } from '../core/statements/check.ts'
import { UseRequest } from '../core/uses/documents.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { Page, PageRequest } from '../store/pages.ts'

/** Data checks 数据核验: questions answered yes or no, under a grant like a use, and logged like one. */
export interface Checks {
  /**
   * @throws LedgerError conflict/USE_ALREADY_MADE {use, refused}: as `Uses.request`, whose uses these are
   * @throws LedgerError unverified/USE_SIGNATURE_INVALID: nobody who could be named asked, and nothing is logged
   * @throws LedgerError as `Uses.request`, logged as a refused use before it is thrown
   * @throws LedgerError invalid/USE_FIELD_UNKNOWN {fields}, QUESTION_NOT_OF_FIELD {field}
   */
  ask(request: CheckRequest, signal?: AbortSignal): Promise<AnsweredCheck>

  /** @throws LedgerError notFound/USE_NOT_FOUND; so does `evidence` */
  get(id: string): Promise<CheckRecord>

  /** Evidence JSON of the statement. */
  evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array>

  /** Newest first; so is `ofUser`. */
  ofHolder(holder: Hex, page: PageRequest): Promise<CheckPage>
  ofUser(user: Hex, page: PageRequest): Promise<CheckPage>
}

/** A use request, with questions: what they are about says which fields have to be granted. */
export const CheckRequest = UseRequest.omit({ fields: true, manner: true })
  .extend({ questions: Questions })
  .meta({ id: 'CheckRequest' })
export type CheckRequest = z.infer<typeof CheckRequest>

export interface AnsweredCheck extends Appended {
  readonly answers: readonly boolean[]
}

export interface CheckRecord {
  readonly id: string
  readonly index: number
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  readonly statement: UseChecked
}

export type CheckPage = Page<CheckRecord>
