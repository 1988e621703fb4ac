import type { Hex } from '../core/ethereum/hex.ts'
import { isReceipt } from '../core/statements/check.ts'
import type { UseReceipt } from '../core/statements/check.ts'
import { receiptTerm } from '../core/terms/uses.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { TermIndex } from '../store/terms.ts'

export interface CaseReceiptsParts {
  readonly ledger: Pick<Ledger, 'openStatement'>
  readonly terms: Pick<TermIndex, 'find'>
}

/** Of a department in one case, at most: a matter asks for some dozens of materials. */
const MOST = 256

/** What departments were given for a case. */
export class CaseReceipts {
  readonly #parts: CaseReceiptsParts

  constructor(parts: CaseReceiptsParts) {
    this.#parts = parts
  }

  /** Newest first. */
  async of(code: string, user: Hex): Promise<UseReceipt[]> {
    const { ledger, terms } = this.#parts
    const found = await terms.find(receiptTerm({ user, context: { case: code } }), { limit: MOST })
    const opened = await Promise.all(found.map((index) => ledger.openStatement(index)))
    return opened.map(({ statement }) => statement).filter(isReceipt)
  }
}
