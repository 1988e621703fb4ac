import type { Hex } from '../core/ethereum/hex.ts'
import type { Fact } from '../core/figures/facts.ts'

/**
 * Facts as another thread is given them: a row of numbers each, in which a text is its place in a list. As objects, each
 * member would be written by name and read again.
 */
export interface FactRows {
  readonly rows: Float64Array<ArrayBuffer>
  readonly texts: readonly string[]
}

const NONE = -1
const CASE = 0
const USE = 1
const REFUSAL = 2
const SUBMISSION = 3
const LOOK = 4

const USED = ['certificate', 'material', 'check'] as const
const WAYS = ['askedFor', 'committed'] as const

export function writeFacts(facts: readonly Fact[]): FactRows {
  const rows: number[] = []
  const texts = new Map<string, number>()
  const place = (text: string): number => {
    const known = texts.get(text)
    if (known !== undefined) return known
    texts.set(text, texts.size)
    return texts.size - 1
  }
  for (const fact of facts) {
    switch (fact.is) {
      case 'case':
        rows.push(CASE, place(fact.department), place(fact.acceptedBy), place(fact.case))
        rows.push(place(fact.matter), fact.version, Number(fact.isActedFor), fact.at)
        break
      case 'use':
        rows.push(USE, place(fact.department), USED.indexOf(fact.of), fact.source)
        rows.push(place(fact.case), Number(fact.spares), fact.fields, fact.at)
        break
      case 'refusal':
        rows.push(REFUSAL, place(fact.department), place(fact.code))
        break
      case 'submission':
        rows.push(SUBMISSION, fact.department === undefined ? NONE : place(fact.department))
        rows.push(WAYS.indexOf(fact.way), place(fact.case), fact.fields, fact.at)
        break
      case 'look':
        rows.push(LOOK, place(fact.department), fact.evidence)
        rows.push(Number(fact.qualified), Number(fact.granted))
    }
  }
  return { rows: new Float64Array(rows), texts: [...texts.keys()] }
}

/** What `writeFacts` was given; who looks up the departments of sources and cases has not been there yet. */
export function readRows({ rows, texts }: FactRows): Fact[] {
  const facts: Fact[] = []
  let at = 0
  const number = (): number => rows[at++] as number
  const text = (): string => texts[number()] as string
  const department = (): Hex => text() as Hex
  while (at < rows.length) facts.push(readRow())
  return facts

  // Members of an object are read in the order in which they stand here, which is that of the row.
  function readRow(): Fact {
    switch (number()) {
      case CASE:
        return {
          is: 'case',
          department: department(),
          acceptedBy: department(),
          case: text(),
          matter: text(),
          version: number(),
          isActedFor: number() === 1,
          at: number(),
        }
      case USE:
        return {
          is: 'use',
          department: department(),
          of: USED[number()] as (typeof USED)[number],
          source: number(),
          case: text(),
          spares: number() === 1,
          fields: number(),
          at: number(),
        }
      case REFUSAL:
        return { is: 'refusal', department: department(), code: text() }
      case SUBMISSION:
        return {
          is: 'submission',
          department: texts[number()] as Hex | undefined,
          way: WAYS[number()] as (typeof WAYS)[number],
          case: text(),
          fields: number(),
          at: number(),
        }
      default:
        return {
          is: 'look',
          department: department(),
          evidence: number(),
          qualified: number() === 1,
          granted: number() === 1,
        }
    }
  }
}
