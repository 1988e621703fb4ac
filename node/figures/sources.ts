import type { Hex } from '../core/ethereum/hex.ts'
import { departmentNamed } from '../core/figures/facts.ts'
import { openLoosely } from './opening.ts'
import { readSealed } from './statementScan.ts'
import type { ScanParts } from './statementScan.ts'

/** Sources that are remembered, of the last used and of those before: what is used again is mostly used soon. */
const REMEMBERED = 65_536

/** Finds the department that a certificate or a material came from. Memory does not grow with the log. */
export class Sources {
  readonly #parts: ScanParts
  #recent = new Map<number, Hex | undefined>()
  #older = new Map<number, Hex | undefined>()

  constructor(parts: ScanParts) {
    this.#parts = parts
  }

  /** @param index of the entry that it came with */
  find(index: number): Hex | undefined | Promise<Hex | undefined> {
    if (this.#recent.has(index)) return this.#recent.get(index)
    if (!this.#older.has(index)) return this.#read(index)
    return this.#remember(index, this.#older.get(index))
  }

  async #read(index: number): Promise<Hex | undefined> {
    const sealed = await readSealed(this.#parts, index)
    return this.#remember(index, sealed && departmentOf(openLoosely(sealed)))
  }

  #remember(index: number, department: Hex | undefined): Hex | undefined {
    if (this.#recent.size >= REMEMBERED) {
      this.#older = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(index, department)
    return department
  }
}

function departmentOf(statement: unknown): Hex | undefined {
  if (typeof statement !== 'object' || statement === null) return undefined
  const { issuer, submitter } = statement as { issuer?: Hex; submitter?: string }
  return issuer ?? (submitter === undefined ? undefined : departmentNamed(submitter))
}
