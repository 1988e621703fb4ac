import type { DepartmentFigures, MonthlyFigures } from '../../../node/core/figures/figures.ts'
import { csvHead, csvRow } from '../csv.ts'
import type { Cell } from '../csv.ts'

type Read = (figures: DepartmentFigures) => Cell | null

/** One column a figure; refusals are one column, for their codes grow in number. */
const COLUMNS: readonly (readonly [name: string, read: Read])[] = [
  ['department', ({ department }) => department],
  ['name', ({ name }) => name],
  ['region', ({ region }) => region],
  ['accepted', ({ accepted }) => accepted],
  ['cases', ({ cases }) => cases],
  ['required', ({ required }) => required],
  ['exemptible', ({ exemptible }) => exemptible],
  ['pulled', ({ pulled }) => pulled],
  ['reused', ({ reused }) => reused],
  ['dataChecked', ({ dataChecked }) => dataChecked],
  ['committed', ({ committed }) => committed],
  ['askedFor', ({ askedFor }) => askedFor],
  ['exempted', ({ exempted }) => exempted],
  ['exemptedShare', ({ exemptedShare }) => exemptedShare],
  ['prefilled', ({ prefilled }) => prefilled],
  ['typed', ({ typed }) => typed],
  ['prefilledShare', ({ prefilledShare }) => prefilledShare],
  ['used', ({ used }) => used],
  ['crossingsOfDepartment', ({ crossings }) => crossings.department],
  ['crossingsOfLevel', ({ crossings }) => crossings.level],
  ['crossingsOfRegion', ({ crossings }) => crossings.region],
  ['refused', ({ refusals }) => Object.values(refusals).reduce((sum, count) => sum + count, 0)],
  ['refusals', ({ refusals }) => formatRefusals(refusals)],
  ['casesWithMaterial', ({ toLastMaterial }) => toLastMaterial.cases],
  ['meanSecondsToLastMaterial', ({ toLastMaterial }) => toLastMaterial.meanSeconds],
  ['longestSecondsToLastMaterial', ({ toLastMaterial }) => toLastMaterial.longestSeconds],
  ['benefitsChecked', ({ benefits }) => benefits.checked],
  ['benefitsEvidence', ({ benefits }) => benefits.evidence],
  ['benefitsQualified', ({ benefits }) => benefits.qualified],
  ['benefitsGranted', ({ benefits }) => benefits.granted],
]

/** A row a department. */
export function formatTable({ month, departments }: MonthlyFigures): string {
  const rows = departments.map((figures) =>
    csvRow([month, ...COLUMNS.map(([, read]) => read(figures) ?? undefined)]),
  )
  return [csvHead(['month', ...COLUMNS.map(([name]) => name)]), ...rows].join('')
}

/** `GRANT_EXPIRED 3; USE_EXPIRED 1` */
function formatRefusals(refusals: DepartmentFigures['refusals']): string {
  return Object.entries(refusals)
    .map(([code, count]) => `${code} ${count}`)
    .join('; ')
}
