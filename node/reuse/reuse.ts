import * as z from 'zod'
import type { Hex } from '../core/ethereum/hex.ts'
import type { LedgerError } from '../core/errors.ts'
import type { Crossing } from '../core/figures/crossing.ts'
import { typeCode } from '../core/statements/parts.ts'
import { UseRequest } from '../core/uses/documents.ts'
import type { Idempotency } from '../ledger/ledger.ts'
import { CheckRequest } from '../checks/checks.ts'

/** Everything that a case needs and that is there, in one call 一次调用、免于提交. */
export interface Reuse {
  /**
   * Releases what the department signed for, one after another, each with its receipt and derived copy; of what the
   * matter only asks about, answers in the place of a copy. What is refused
   * spoils no other. The same under the same key is answered as before, whatever has changed since.
   *
   * @throws LedgerError notFound/CASE_NOT_FOUND; unavailable/MIRROR_STALE: nothing was released
   * @throws LedgerError conflict/IDEMPOTENCY_KEY_REUSED: for another request
   */
  reuse(
    code: string,
    department: Hex,
    asked: ReuseRequest,
    idempotency?: Idempotency,
  ): Promise<readonly Reused[]>
}

/**
 * What a department sends: a signed use, or data check, for each material that the resolution of its case found ready.
 */
export const ReuseRequest = z
  .strictObject({
    uses: z
      .array(
        z.strictObject({
          material: typeCode.meta({
            description: 'The required material, as the resolution names it',
          }),
          request: z.union([UseRequest, CheckRequest]).meta({
            description:
              'With `questions` where the resolution names some: they are answered, and nothing is shown',
          }),
        }),
      )
      .min(1)
      .max(64)
      .refine(
        (uses) => new Set(uses.map(({ request }) => request.subject.id)).size === uses.length,
        'something twice',
      ),
  })
  .meta({ id: 'ReuseRequest' })
export type ReuseRequest = z.infer<typeof ReuseRequest>

export type Reused = { readonly material: string } & (
  | {
      /** Statement id of the receipt. */
      readonly use: string
      readonly index: number
      readonly created: boolean
      /** Of a data check, in the order of its questions. */
      readonly answers?: readonly boolean[]
      readonly crossing: Crossing
    }
  /** As of `Uses.request`; or REUSE_* where the case does not ask for this. */
  | { readonly refused: LedgerError }
)
