import type { z } from 'zod'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { Holder } from '../../node/core/statement.ts'
import { BenefitRecord, BenefitRecordPage } from '../http/benefits/schema.ts'
import type { BenefitConfirmationRequest, BenefitRunRequest } from '../http/benefits/schema.ts'
import { runSubjects } from './benefitBatch.ts'
import type { BenefitBatch, BenefitOutcome } from './benefitBatch.ts'
import { getEvidence, getJson, getText, hand, pages, posting, queryOf } from './requests.ts'
import type { Handed, WaitOptions } from './requests.ts'
import type { Transport } from './transport.ts'

/** Benefits of a ledger; which there are, its catalogue says. Throws as `OnceClient` does. */
export class BenefitClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Whether somebody qualifies, and why not; logged. */
  check(benefit: string, run: z.input<typeof BenefitRunRequest>): Promise<BenefitRecord> {
    return getJson(this.#transport, `${pathOf(benefit)}/checks`, BenefitRecord, {
      ...posting(run),
      // Each look is logged: nobody is looked at twice by chance.
      isRepeatable: false,
    })
  }

  /**
   * Gives the benefit of this period.
   *
   * @throws LedgerError forbidden/BENEFIT_NOT_QUALIFIED {reasons}, conflict/BENEFIT_ALREADY_GRANTED {granted}
   */
  grant(benefit: string, run: z.input<typeof BenefitRunRequest>): Promise<Handed> {
    // The same batch granted once is told so, also where the answer got lost.
    const named = { batch: crypto.randomUUID(), ...run }
    return hand(this.#transport, `${pathOf(benefit)}/grants`, posting(named))
  }

  /** Looks at many, and yields what was found of each, in order. */
  checkAll(
    benefit: string,
    subjects: Iterable<Holder> | AsyncIterable<Holder>,
    batch: BenefitBatch,
  ): AsyncGenerator<BenefitOutcome, void> {
    const path = `${pathOf(benefit)}/checks/batch`
    return runSubjects(this.#transport, { path, isRepeatable: false }, subjects, batch)
  }

  /** Gives it to all who qualify, and yields what became of each, in order. */
  grantAll(
    benefit: string,
    subjects: Iterable<Holder> | AsyncIterable<Holder>,
    batch: BenefitBatch,
  ): AsyncGenerator<BenefitOutcome, void> {
    const path = `${pathOf(benefit)}/grants/batch`
    return runSubjects(this.#transport, { path, isRepeatable: true }, subjects, batch)
  }

  /** Wants the benefit of this period: by an account of the holder, or by the department that was told so. */
  confirm(benefit: string, request: BenefitConfirmationRequest): Promise<Handed> {
    return hand(this.#transport, `${pathOf(benefit)}/confirmations`, posting(request))
  }

  /** What was granted of a benefit, newest first. */
  granted(benefit: string): AsyncGenerator<BenefitRecord, void> {
    return this.#list(`${pathOf(benefit)}/grants`)
  }

  /** What was found and granted in a batch, newest first. */
  ofBatch(benefit: string, batch: string): AsyncGenerator<BenefitRecord, void> {
    return this.#list(batchPath(benefit, batch))
  }

  /** As `granted`, or as `ofBatch` where a batch is named: all of it as CSV text, without byte order mark. */
  table(benefit: string, batch?: string): Promise<string> {
    const path = batch === undefined ? `${pathOf(benefit)}/grants` : batchPath(benefit, batch)
    return getText(this.#transport, `${path}?format=csv`)
  }

  /** Every look, confirmation and grant that concerns a holder, newest first. */
  ofHolder(holder: Hex): AsyncGenerator<BenefitRecord, void> {
    return this.#list('/v1/benefit-records', { holder })
  }

  get(id: string): Promise<BenefitRecord> {
    return getJson(this.#transport, recordPath(id), BenefitRecord)
  }

  /** Evidence JSON text. */
  evidence(id: string, options?: WaitOptions): Promise<string> {
    return getEvidence(this.#transport, `${recordPath(id)}/evidence`, options)
  }

  #list(
    path: string,
    asked: Readonly<Record<string, string>> = {},
  ): AsyncGenerator<BenefitRecord, void> {
    return pages(
      (cursor) => {
        const query = queryOf({ ...asked, limit: '100', cursor })
        return getJson(this.#transport, `${path}${query}`, BenefitRecordPage)
      },
      ({ records }) => records,
    )
  }
}

function pathOf(benefit: string): string {
  return `/v1/benefits/${encodeURIComponent(benefit)}`
}

function batchPath(benefit: string, batch: string): string {
  return `${pathOf(benefit)}/batches/${encodeURIComponent(batch)}`
}

function recordPath(id: string): string {
  return `/v1/benefit-records/${encodeURIComponent(id)}`
}
