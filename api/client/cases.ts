import type { CaseOpening, CaseStaging } from '../../node/cases/cases.ts'
import type { LedgerError } from '../../node/core/errors.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { Resolution } from '../../node/core/resolution/document.ts'
import type { Stage } from '../../node/core/statements/case.ts'
import type { CaseResolving, ResolutionRequest } from '../../node/resolution/resolutions.ts'
import type { ReuseRequest } from '../../node/reuse/reuse.ts'
import { Case, CasePage, ReusedMaterials } from '../http/cases/schema.ts'
import { refusalOf } from './refusal.ts'
import { getEvidence, getJson, hand, pages, posting, queryOf } from './requests.ts'
import type { Handed, WaitOptions } from './requests.ts'
import type { Transport } from './transport.ts'
import type { UseOptions } from './uses.ts'

/** Exactly one of the two. */
export type CasesOf = { readonly holder: Hex } | { readonly department: Hex }

/** What became of one material: the receipt of its use, or why it was refused. */
export type ReuseOutcome =
  | Omit<Extract<Reused, { result: 'released' }>, 'result'>
  | { readonly material: string; readonly error: LedgerError }
type Reused = ReusedMaterials['materials'][number]

/** Cases of a ledger, and what they need. Throws as `OnceClient` does. */
export class CaseClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** By the department that accepts it. The same case once more is the same statement. */
  open(opening: CaseOpening): Promise<Handed> {
    return hand(this.#transport, '/v1/cases', posting(opening))
  }

  /** Brings a case to its next stage. */
  async stage(code: string, staging: CaseStaging): Promise<Omit<Handed, 'id'>> {
    const handed = await hand(this.#transport, `${pathOf(code)}/stages`, posting(staging))
    return { created: handed.created, evidence: handed.evidence }
  }

  get(code: string): Promise<Case> {
    return getJson(this.#transport, pathOf(code), Case)
  }

  /** Newest first. */
  list(of: CasesOf): AsyncGenerator<Case, void> {
    return pages(
      (cursor) => {
        const query = queryOf({ ...of, limit: '100', cursor })
        return getJson(this.#transport, `/v1/cases${query}`, CasePage)
      },
      ({ cases }) => cases,
    )
  }

  /** What the case needs, and how much of it is there already. */
  resolve(code: string, asked: CaseResolving = {}): Promise<Resolution> {
    return getJson(this.#transport, `${pathOf(code)}/resolve`, Resolution, posting(asked))
  }

  /**
   * Uses what the resolution found ready, as the department signed for it; what is refused spoils no other. One that
   * signs it, too, is `SigningAccount.reuse`.
   */
  async reuse(
    code: string,
    uses: ReuseRequest['uses'],
    options: UseOptions = {},
  ): Promise<ReuseOutcome[]> {
    const { idempotencyKey = crypto.randomUUID(), signal } = options
    const key = { 'Idempotency-Key': `"${idempotencyKey}"` }
    const call = posting({ uses }, signal ? { signal } : {}, key)
    const answer = await getJson(this.#transport, `${pathOf(code)}/reuse`, ReusedMaterials, call)
    return answer.materials.map(outcomeOf)
  }

  /** As if there were a case. */
  dryRun(request: ResolutionRequest): Promise<Resolution> {
    return getJson(this.#transport, '/v1/resolutions', Resolution, posting(request))
  }

  /** Evidence JSON text that it was opened; with a stage, that it came there. */
  evidence(code: string, stage?: Stage, options?: WaitOptions): Promise<string> {
    return getEvidence(this.#transport, `${pathOf(code)}/evidence`, options, { stage })
  }
}

function outcomeOf(one: Reused): ReuseOutcome {
  if (one.result === 'refused') return { material: one.material, error: refusalOf(one.problem) }
  const { result: _, ...released } = one
  return released
}

function pathOf(code: string): string {
  return `/v1/cases/${encodeURIComponent(code)}`
}
