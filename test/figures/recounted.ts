import type { DepartmentFigures } from '../../node/core/figures/figures.ts'

/** What a statement may say, as far as figures are made of it. */
export interface Said {
  readonly kind: string
  readonly acceptedBy?: string
  readonly decidedBy?: string
  readonly agents?: readonly unknown[]
  readonly user?: string
  readonly by?: string
  readonly issuer?: string
  readonly submitter?: string
  readonly case?: string
  readonly caseCode?: string
  readonly code?: string
  readonly context?: { readonly case: string }
  readonly spares?: object
  readonly subject?: { readonly kind?: string; readonly index: number }
  /** A list of names, or values by name. */
  readonly fields?: object
  readonly undertaking?: { readonly caseCode: string }
  readonly finding?: { readonly qualifies: boolean; readonly evidence: readonly object[] }
}

export interface Kept {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly statement: Said
}

export interface RecountContext {
  readonly bounds: readonly [from: number, to: number]
  /** All that was logged, by index, before the month too. */
  readonly kept: ReadonlyMap<number, Kept>
  readonly offices: ReadonlyMap<string, { readonly name: string; readonly region: string }>
  /**
   * Materials that a case cannot do without, and those of them that nobody has to hand in; by whether an agent acts.
   */
  readonly needs: (isActedFor: boolean) => {
    readonly required: number
    readonly exemptible: number
  }
  /** Levels and regions of the offices, as a person would say it. */
  readonly crossing: (own: string, other: string) => { level: boolean; region: boolean }
}

/**
 * Figures of a month, the slow way: each figure looks at all statements for itself, as its description says. Shares
 * nothing with what the node counts by.
 */
export function recounted({ bounds, kept, offices, ...context }: RecountContext) {
  const [from, to] = bounds
  const all = [...kept].map(([index, one]) => ({ index, ...one }))
  const month = all.filter(({ at }) => at >= from && at < to)
  const of = (...kinds: string[]) => month.filter(({ statement }) => kinds.includes(statement.kind))
  const submissions = of('material.submitted').filter(({ statement }) => statement.caseCode)
  const opened = of('case.opened')
  const uses = of('use.released', 'use.checked')
  const refused = of('use.refused')
  const looks = of('benefit.checked', 'benefit.granted')
  const given = of('undertaking.given')
  /** The department of the case that it came for, where that was opened by then; else whoever did it. */
  const owners = new Map<number, string | null>()
  for (const { index, statement } of [...uses, ...submissions, ...given]) {
    const code = caseOf(statement)
    const before = all.filter((one) => one.index < index && one.statement.kind === 'case.opened')
    const opening = before.find((one) => one.statement.case === code)
    owners.set(index, opening?.statement.decidedBy ?? doerOf(statement))
  }
  const ownerOf = ({ index }: Indexed) => owners.get(index) ?? null
  const doers = new Set<string | null>()
  for (const { statement } of [...opened, ...uses, ...refused, ...looks])
    doers.add(doerOf(statement))
  for (const { statement } of opened) doers.add(statement.decidedBy ?? null)
  for (const one of [...uses, ...submissions, ...given]) doers.add(ownerOf(one))
  const names = [...doers].filter((name) => name !== null).toSorted()
  return [...names, ...(doers.has(null) ? [null] : [])].map((department) => {
    const by = (some: readonly Indexed[]) =>
      some.filter(({ statement }) => doerOf(statement) === department)
    const own = (some: readonly Indexed[]) => some.filter((one) => ownerOf(one) === department)
    const count = (some: readonly Indexed[], is: (statement: Said) => boolean = () => true) =>
      own(some).filter(({ statement }) => is(statement)).length
    const sparing = uses.filter(({ statement }) => statement.spares !== undefined)
    const released = sparing.filter(({ statement }) => statement.kind === 'use.released')
    const pulled = count(released, ({ subject }) => subject?.kind === 'certificate')
    const reused = count(released, ({ subject }) => subject?.kind === 'material')
    const dataChecked = count(sparing, ({ kind }) => kind === 'use.checked')
    const committed = count(given)
    const askedFor = count(submissions)
    const exempted = pulled + reused + dataChecked + committed
    const typed = sum(own(submissions), fieldsOf)
    const prefilled = sum(own(released), fieldsOf)
    const foreign = by(uses)
      .map(({ statement }) => doerOf((kept.get(statement.subject?.index ?? NaN) as Kept).statement))
      .filter((source) => source !== null && source !== department)
      .map((source) => context.crossing(department as string, source as string))
    const cases = opened.filter(({ statement }) => statement.decidedBy === department)
    const needed = cases.map(({ statement }) =>
      context.needs(statement.agents !== undefined && statement.agents.length > 0),
    )
    const spans = cases.flatMap(({ at, statement }) => {
      const last = [...uses, ...submissions, ...given]
        .filter((one) => caseOf(one.statement) === statement.case)
        .map((one) => one.at)
      return last.length > 0 ? [Math.max(0, Math.max(...last) - at)] : []
    })
    const codes = by(refused).map(({ statement }) => statement.code as string)
    const found: DepartmentFigures = {
      department: department as `0x${string}` | null,
      ...offices.get(department ?? ''),
      accepted: by(opened).length,
      cases: cases.length,
      required: needed.reduce((total, { required }) => total + required, 0),
      exemptible: needed.reduce((total, { exemptible }) => total + exemptible, 0),
      pulled,
      reused,
      dataChecked,
      committed,
      askedFor,
      exempted,
      exemptedShare: share(exempted, askedFor),
      prefilled,
      typed,
      prefilledShare: share(prefilled, typed),
      used: by(uses).length,
      crossings: {
        department: foreign.length,
        level: foreign.filter(({ level }) => level).length,
        region: foreign.filter(({ region }) => region).length,
      },
      refusals: Object.fromEntries(
        codes.map((code) => [code, codes.filter((other) => other === code).length]),
      ),
      toLastMaterial: {
        cases: spans.length,
        meanSeconds:
          spans.length === 0
            ? null
            : Math.round(spans.reduce((a, b) => a + b, 0) / spans.length) / 1000,
        longestSeconds: spans.length === 0 ? null : Math.max(...spans) / 1000,
      },
      benefits: {
        checked: by(looks).length,
        evidence: sum(
          by(looks),
          ({ finding }) => finding?.evidence.filter((one) => 'source' in one).length ?? 0,
        ),
        qualified: by(looks).filter(({ statement }) => statement.finding?.qualifies).length,
        granted: by(looks).filter(({ statement }) => statement.kind === 'benefit.granted').length,
      },
    }
    return found
  })
}

interface Indexed extends Kept {
  readonly index: number
}

function sum(some: readonly Indexed[], of: (statement: Said) => number): number {
  return some.reduce((total, { statement }) => total + of(statement), 0)
}

const fieldsOf = (statement: Said) => Object.keys(statement.fields ?? {}).length

function share(part: number, rest: number): number | null {
  return part + rest === 0 ? null : Math.round((10_000 * part) / (part + rest)) / 10_000
}

/** Null: no department did it. */
function doerOf({ acceptedBy, user, by, issuer, submitter = '' }: Said): string | null {
  const name = acceptedBy ?? user ?? by ?? issuer
  if (name !== undefined) return name
  return submitter.startsWith('department ') ? submitter.slice(11) : null
}

function caseOf({ context, caseCode, undertaking }: Said): string | undefined {
  return context?.case ?? undertaking?.caseCode ?? caseCode
}
