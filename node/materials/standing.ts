import { parseEntry } from '../core/entry.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import { quarantineIdOf, withdrawalIdOf } from '../core/statements/material.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Versions } from './versions.ts'

export const MATERIAL_STATES = [
  'current',
  'superseded',
  'withdrawn',
  'quarantined',
  'rejected',
  'erased',
] as const
export type MaterialState = (typeof MATERIAL_STATES)[number]

/** Whether a material may be used, and what stands in the way. */
export interface Standing {
  readonly state: MaterialState
  /** Id of the statement that ended its use: the newer material, the withdrawal, the rejection. */
  readonly by?: string
  /** RFC 3339, when that was logged. */
  readonly since?: string
  /** What is wrong with one in quarantine. */
  readonly code?: string
}

export const CURRENT: Standing = { state: 'current' }
export const ERASED: Standing = { state: 'erased' }

/** Finds what was said about materials after they were handed in. */
export class Standings {
  readonly #ledger: Ledger
  readonly #versions: Versions

  constructor(ledger: Ledger, versions: Versions) {
    this.#ledger = ledger
    this.#versions = versions
  }

  async of({ id, quarantine }: MaterialSubmitted): Promise<Standing> {
    const [held, withdrawal, successor] = await Promise.all([
      quarantine === undefined ? undefined : this.#quarantineOf(id, quarantine.code),
      this.#find(withdrawalIdOf(id)),
      this.#versions.successorOf(id),
    ])
    if (held !== undefined) return held
    if (withdrawal !== undefined)
      return { state: 'withdrawn', by: withdrawalIdOf(id), since: withdrawal.at }
    if (successor === undefined) return CURRENT
    const { at: since, statement } = successor
    return { state: 'superseded', ...(statement && { by: statement.id }), since }
  }

  async #quarantineOf(id: string, code: string): Promise<Standing | undefined> {
    const by = quarantineIdOf(id)
    const decision = await this.#find(by)
    if (decision === undefined) return { state: 'quarantined', code }
    if (decision.kind !== 'material.rejected') return undefined
    return { state: 'rejected', by, since: decision.at, code }
  }

  async #find(id: string): Promise<{ readonly at: string; readonly kind: string } | undefined> {
    const index = await this.#ledger.findIndex(id)
    return index === undefined ? undefined : parseEntry(await this.#ledger.getEntry(index))
  }
}
