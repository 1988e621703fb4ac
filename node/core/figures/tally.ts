import type { Hex } from '../ethereum/hex.ts'
import { CaseTable } from './caseTable.ts'
import type { Fact } from './facts.ts'

/** Whatever is of no department. */
export const NO_DEPARTMENT = ''

/**
 * What the cases of one department came to in one month, and what it did itself. A case, and all that came for it, is
 * of the department that decides it, whoever accepted it, used or handed in. Every count is a sum, so that neither
 * order nor batches matter.
 */
export class DepartmentTally {
  accepted = 0
  used = 0
  pulled = 0
  reused = 0
  dataChecked = 0
  committed = 0
  askedFor = 0
  /** Fields that came with what was there already. */
  prefilled = 0
  /** Fields of what was handed in. */
  typed = 0
  checked = 0
  /** Pieces that looks for benefits went by. */
  evidence = 0
  qualified = 0
  granted = 0
  /** Cases that it decides, by matter and version, with a space between. */
  readonly cases = new Map<string, number>()
  /** Those of them in which an agent acts. */
  readonly actedFor = new Map<string, number>()
  /** Its uses by the department that what was used came from. */
  readonly sources = new Map<Hex | typeof NO_DEPARTMENT, number>()
  readonly refusals = new Map<string, number>()

  merge(other: DepartmentTally): void {
    for (const name of COUNTS) this[name] += other[name]
    for (const [key, count] of other.cases) increase(this.cases, key, count)
    for (const [key, count] of other.actedFor) increase(this.actedFor, key, count)
    for (const [key, count] of other.sources) increase(this.sources, key, count)
    for (const [key, count] of other.refusals) increase(this.refusals, key, count)
  }
}

const COUNTS = [
  'accepted',
  'used',
  'pulled',
  'reused',
  'dataChecked',
  'committed',
  'askedFor',
  'prefilled',
  'typed',
  'checked',
  'evidence',
  'qualified',
  'granted',
] as const

const WAYS = { certificate: 'pulled', material: 'reused', check: 'dataChecked' } as const

/**
 * All that happened in one month, as sums: memory grows with departments, matters and the month's cases, and not with
 * uses. Facts may come in any order and in any batches; whoever adds them says that they are of the month.
 */
export class MonthTally {
  readonly #numbers = new Map<string, number>()
  readonly #addresses: string[] = []
  readonly #departments: DepartmentTally[] = []
  readonly #cases = new CaseTable()

  add(fact: Fact): void {
    const department = this.#of(whose(fact))
    switch (fact.is) {
      case 'case': {
        const matter = `${fact.matter} ${fact.version}`
        increase(department.cases, matter, 1)
        if (fact.isActedFor) increase(department.actedFor, matter, 1)
        this.#of(fact.acceptedBy).accepted++
        this.#cases.open(fact.case, fact.at, this.#numbers.get(fact.department) as number)
        return
      }
      case 'use': {
        // Nobody is spared what the case does not ask for, nor anything twice.
        if (fact.spares) {
          department[WAYS[fact.of]]++
          department.prefilled += fact.fields
        }
        const user = this.#of(fact.department)
        user.used++
        increase(user.sources, fact.from ?? NO_DEPARTMENT, 1)
        this.#cases.touch(fact.case, fact.at)
        return
      }
      case 'submission':
        department[fact.way]++
        department.typed += fact.fields
        this.#cases.touch(fact.case, fact.at)
        return
      case 'refusal':
        increase(department.refusals, fact.code, 1)
        return
      case 'look':
        department.checked++
        department.evidence += fact.evidence
        if (fact.qualified) department.qualified++
        if (fact.granted) department.granted++
    }
  }

  /** The department that decides a case; undefined where it was not opened in the month yet. */
  deciderOf(code: string): Hex | undefined {
    const owner = this.#cases.ownerOf(code)
    return owner === undefined ? undefined : (this.#addresses[owner] as Hex)
  }

  merge(other: MonthTally): void {
    const numbers: number[] = []
    for (const [address, tally] of other.departments()) {
      this.#of(address).merge(tally)
      numbers.push(this.#numbers.get(address) as number)
    }
    this.#cases.merge(other.#cases, numbers)
  }

  /** In the order of their first facts. */
  *departments(): Generator<readonly [Hex | typeof NO_DEPARTMENT, DepartmentTally], void> {
    for (const [address, number] of this.#numbers)
      yield [address as Hex, this.#departments[number] as DepartmentTally]
  }

  /** Milliseconds from the opening of each case of the month to its last material in it, by department. */
  spans(): Map<string, { readonly cases: number; readonly sum: number; readonly longest: number }> {
    const found = new Map<string, { cases: number; sum: number; longest: number }>()
    for (const { owner, span } of this.#cases.spans()) {
      const address = this.#addresses[owner] as string
      const known = found.get(address) ?? { cases: 0, sum: 0, longest: 0 }
      known.cases++
      known.sum += span
      known.longest = Math.max(known.longest, span)
      found.set(address, known)
    }
    return found
  }

  #of(address: string): DepartmentTally {
    const known = this.#numbers.get(address)
    if (known !== undefined) return this.#departments[known] as DepartmentTally
    const made = new DepartmentTally()
    this.#numbers.set(address, this.#addresses.push(address) - 1)
    this.#departments.push(made)
    return made
  }
}

/** What came for a case that was not opened here is of whoever did it. */
function whose(fact: Fact): string {
  const decider = fact.is === 'use' || fact.is === 'submission' ? fact.decidedBy : undefined
  return decider ?? fact.department ?? NO_DEPARTMENT
}

function increase<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
