import type { MaterialType } from '../core/catalogue/materialType.ts'
import { LedgerError } from '../core/errors.ts'
import type { Holder, MaterialSubmitted } from '../core/statement.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SubmitRequest } from './materials.ts'
import type { MaterialReader } from './reader.ts'
import { judge, Today } from './soundness.ts'
import type { MaterialTypes } from './soundness.ts'

/**
 * That something may be handed in for a case: by its submitter, now, and because it could not be exempted or comes with a
 * reason.
 *
 * @throws LedgerError forbidden/CASE_NOT_YOURS; conflict/CASE_NOT_OPENED, CASE_DECIDED
 * @throws LedgerError conflict/MATERIAL_EXEMPTED {material, way, candidate}
 */
export type RequireForCase = (upload: {
  readonly submitter: string
  readonly caseCode: string
  /** Code of the material type. */
  readonly type: string
  readonly holder?: Holder | undefined
  readonly reason?: string | undefined
}) => Promise<void>

export interface JudgeParts {
  readonly ledger: Pick<Ledger, 'keys'>
  readonly reader: Pick<MaterialReader, 'findStatement'>
  readonly types: MaterialTypes | undefined
  readonly requireForCase: RequireForCase | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What the ledger says of a material by itself. */
export type Judgement = Pick<MaterialSubmitted, 'catalogue' | 'recognised' | 'quarantine'>

export interface Judged extends Judgement {
  /** Whose form it has to have. */
  readonly type?: MaterialType
}

/** Whether something may be handed in, and what the ledger says of it by itself. */
export class MaterialJudge {
  readonly #parts: JudgeParts
  readonly #today = new Today()

  constructor(parts: JudgeParts) {
    this.#parts = parts
  }

  /**
   * What was answered under its idempotency key gets the same answer, whatever has become of catalogue and case since: so it
   * is not judged again.
   *
   * @throws LedgerError as `judge` of soundness and `RequireForCase`
   * @throws LedgerError invalid/MATERIAL_SUPERSEDES_IN_DOUBT {doubt}
   */
  judge(request: SubmitRequest): Judged | Promise<Judged> {
    if (request.idempotencyKey === undefined) return this.#judgeForCase(request)
    return this.#judgeOnce(request)
  }

  /** Under its idempotency key. */
  async isAnswered({ submitter, idempotencyKey: key }: SubmitRequest): Promise<boolean> {
    return key !== undefined && this.#parts.ledger.keys.isAnswered({ principal: submitter, key })
  }

  async #judgeOnce(request: SubmitRequest): Promise<Judged> {
    if (await this.isAnswered(request)) return {}
    try {
      return await this.#judgeForCase(request)
    } catch (error) {
      // The same request may have been answered this very moment.
      if (await this.isAnswered(request)) return {}
      throw error
    }
  }

  #judgeForCase(request: SubmitRequest): Judged | Promise<Judged> {
    const { submission, submitter } = request
    const { caseCode } = submission
    const { requireForCase } = this.#parts
    if (caseCode === undefined || requireForCase === undefined) return this.#judgeByType(request)
    return (async () => {
      const judged = await this.#judgeByType(request)
      await requireForCase({ ...submission, caseCode, submitter })
      return judged
    })()
  }

  /** At once where nothing is wrong: materials come by the thousand. */
  #judgeByType({ submission }: SubmitRequest): Judged | Promise<Judged> {
    try {
      const { types } = this.#parts
      const now = this.#parts.now()
      const { type, recognised, doubt } = judge(submission, {
        types,
        today: this.#today.of(now),
        now,
      })
      // It would push a sound one out of its place.
      if (doubt !== undefined && submission.supersedes !== undefined)
        throw new LedgerError('invalid', 'MATERIAL_SUPERSEDES_IN_DOUBT', { doubt })
      return {
        ...(type && { catalogue: { version: type.version }, type }),
        ...(recognised && { recognised }),
        ...(doubt !== undefined && { quarantine: { code: doubt } }),
      }
    } catch (error) {
      return this.#judgedBefore(submission.id, error)
    }
  }

  /** What was taken under the version of its day is found again, whatever has been published since. */
  async #judgedBefore(id: string | undefined, error: unknown): Promise<Judged> {
    const known = id === undefined ? undefined : await this.#parts.reader.findStatement(id)
    if (known?.statement.kind !== 'material.submitted') throw error
    return judgementOf(known.statement)
  }
}

export function judgementOf({ catalogue, recognised, quarantine }: MaterialSubmitted): Judgement {
  return {
    ...(catalogue && { catalogue }),
    ...(recognised && { recognised }),
    ...(quarantine && { quarantine }),
  }
}

/** What the submitter says of it. */
export function saidOf(statement: MaterialSubmitted): Omit<MaterialSubmitted, keyof Judgement> {
  const { catalogue: _, recognised: __, quarantine: ___, ...said } = statement
  return said
}
