import type { Hex } from '../../node/core/ethereum/hex.ts'
import { MonthlyFigures } from '../../node/core/figures/figures.ts'
import { getJson, getText, queryOf } from './requests.ts'
import type { Transport } from './transport.ts'

export interface FiguresOf {
  /** YYYY-MM of China; this month unless given. */
  readonly month?: string | undefined
  /** An auditor gets all unless given, a department its own. */
  readonly department?: Hex | undefined
}

/** Figures of a ledger. Throws as `OnceClient` does. */
export class FigureClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  get({ month, department }: FiguresOf = {}): Promise<MonthlyFigures> {
    const path = `/v1/figures${queryOf({ month, department })}`
    return getJson(this.#transport, path, MonthlyFigures)
  }

  /** CSV text, without byte order mark. */
  table({ month, department }: FiguresOf = {}): Promise<string> {
    return getText(this.#transport, `/v1/figures${queryOf({ month, department, format: 'csv' })}`)
  }
}
