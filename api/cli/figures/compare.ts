import type { DepartmentFigures, MonthlyFigures } from '../../../node/core/figures/figures.ts'

/** A figure that is not what was said. */
export interface Difference {
  /** Null: those who are no department. */
  readonly department: DepartmentFigures['department']
  readonly figure: string
  readonly said: unknown
  readonly counted: unknown
}

/** What differs, department by department; only of those that were told of. */
export function compareFigures(said: MonthlyFigures, counted: MonthlyFigures): Difference[] {
  const found = new Map(counted.departments.map((one) => [one.department, one]))
  const ofMonth = (['month', 'size', 'unreadable'] as const).flatMap((figure) =>
    difference(null, figure, said[figure], counted[figure]),
  )
  const ofDepartments = said.departments.flatMap((one) => {
    const other = found.get(one.department)
    if (other === undefined)
      return [{ department: one.department, figure: 'department', said: true, counted: false }]
    return FIGURES.flatMap((figure) =>
      difference(one.department, figure, one[figure], other[figure]),
    )
  })
  return [...ofMonth, ...ofDepartments]
}

const FIGURES = [
  'name',
  'region',
  'accepted',
  'cases',
  'required',
  'exemptible',
  'pulled',
  'reused',
  'dataChecked',
  'committed',
  'askedFor',
  'exempted',
  'exemptedShare',
  'prefilled',
  'typed',
  'prefilledShare',
  'used',
  'crossings',
  'refusals',
  'toLastMaterial',
  'benefits',
] as const satisfies readonly (keyof DepartmentFigures)[]

function difference(
  department: Difference['department'],
  figure: string,
  said: unknown,
  counted: unknown,
): Difference[] {
  return textOf(said) === textOf(counted) ? [] : [{ department, figure, said, counted }]
}

/** In one spelling, whatever order its members came in. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
