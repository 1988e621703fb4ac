import { parseEntry } from '../core/entry.ts'
import type { MaterialSubmitted } from '../core/statement.ts'
import { quarantineIdOf, withdrawalIdOf } from '../core/statements/material.ts'
import type { TermIndex } from '../store/terms.ts'
import { MaterialReader } from './reader.ts'
import type { ReadLedger } from './reader.ts'
import { CURRENT } from './states.ts'
import type { Standing } from './states.ts'
import { Versions } from './versions.ts'

export interface LoggedMaterial {
  /** RFC 3339, when the ledger logged it. */
  readonly at: string
  readonly statement: MaterialSubmitted
}

/** Finds what was said about materials after they were handed in: nobody else decides how one stands. */
export class Standings {
  readonly #ledger: ReadLedger
  readonly #versions: Versions

  constructor(ledger: ReadLedger, terms: TermIndex) {
    this.#ledger = ledger
    this.#versions = new Versions(ledger, new MaterialReader(ledger), terms)
  }

  async of(material: LoggedMaterial): Promise<Standing> {
    return (await this.ofAll([material]))[0] ?? CURRENT
  }

  /**
   * How each stands, in their order: of many at once a few reads of keys each, and nothing is scanned for what is
   * current.
   */
  async ofAll(materials: readonly LoggedMaterial[]): Promise<Standing[]> {
    const later = new Map(
      materials.toReversed().flatMap((one) => {
        const { supersedes } = one.statement
        return supersedes === undefined ? [] : [[supersedes, supersededBy(one)] as const]
      }),
    )
    const ids = materials.map(({ statement }) => statement.id)
    const areSuperseded = await this.#versions.areSuperseded(ids)
    return Promise.all(
      materials.map(async ({ statement: { id, quarantine } }, i) => {
        const held = quarantine && (await this.#quarantineOf(id, quarantine.code))
        const ended = held ?? withdrawn(id, await this.#find(withdrawalIdOf(id)))
        if (ended !== undefined) return ended
        return later.get(id) ?? (areSuperseded[i] ? await this.#successorOf(id) : CURRENT)
      }),
    )
  }

  async #successorOf(id: string): Promise<Standing> {
    const successor = await this.#versions.successorOf(id)
    return successor === undefined ? CURRENT : supersededBy(successor)
  }

  async #quarantineOf(id: string, code: string): Promise<Standing | undefined> {
    const by = quarantineIdOf(id)
    const decision = await this.#find(by)
    if (decision === undefined) return { state: 'quarantined', code }
    if (decision.kind !== 'material.rejected') return undefined
    return { state: 'rejected', by, since: decision.at, code }
  }

  async #find(id: string): Promise<Said | undefined> {
    const index = await this.#ledger.findIndex(id)
    return index === undefined ? undefined : parseEntry(await this.#ledger.getEntry(index))
  }
}

interface Said {
  readonly at: string
  readonly kind: string
}

function withdrawn(id: string, withdrawal: Said | undefined): Standing | undefined {
  return withdrawal && { state: 'withdrawn', by: withdrawalIdOf(id), since: withdrawal.at }
}

/** By one that may have been erased since. */
function supersededBy({
  at,
  statement,
}: {
  readonly at: string
  readonly statement: MaterialSubmitted | undefined
}): Standing {
  return { state: 'superseded', ...(statement && { by: statement.id }), since: at }
}
