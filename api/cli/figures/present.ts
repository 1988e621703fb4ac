import type { DepartmentFigures, MonthlyFigures } from '../../../node/core/figures/figures.ts'
import { paint } from '../context.ts'
import type { Difference } from './compare.ts'

/** For a person: a few lines a department. */
export function formatFigures({ month, size, unreadable, departments }: MonthlyFigures): string {
  const erased = unreadable === 0 ? '' : `, ${unreadable} statements erased since`
  const head = `${month}, by ${size} entries${erased}`
  const none = departments.length === 0 ? ['Nothing was logged that counts.'] : []
  return [head, ...none, ...departments.map(formatDepartment)].join('\n')
}

function formatDepartment(figures: DepartmentFigures): string {
  const { department, name, region, accepted, cases, required, exemptible } = figures
  const { used, crossings, benefits } = figures
  const { pulled, reused, dataChecked, committed, askedFor, exemptedShare, prefilledShare } =
    figures
  const { meanSeconds } = figures.toLastMaterial
  const refused = Object.entries(figures.refusals).map(([code, count]) => `${code} ${count}`)
  const who = name === undefined ? (department ?? 'no department') : `${name} ${department}`
  return [
    `${who}${region === undefined ? '' : ` (${region})`}`,
    `  cases ${cases} to decide, ${accepted} accepted, materials required ${required}, of them exemptible ${exemptible}`,
    `  pulled ${pulled}, reused ${reused}, checked ${dataChecked}, undertaken ${committed}, asked for ${askedFor}: ${percent(exemptedShare)} exempted`,
    `  fields there already ${percent(prefilledShare)}`,
    `  used ${used}, across departments ${crossings.department}, levels ${crossings.level}, regions ${crossings.region}`,
    ...(meanSeconds === null ? [] : [`  to the last material ${Math.round(meanSeconds)} s`]),
    ...(refused.length === 0 ? [] : [`  refused: ${refused.join(', ')}`]),
    ...(benefits.checked === 0
      ? []
      : [
          `  benefits: ${benefits.checked} looks at ${benefits.evidence} pieces, ${benefits.granted} granted`,
        ]),
  ].join('\n')
}

function percent(share: number | null): string {
  return share === null ? 'none' : `${(share * 100).toFixed(1)} %`
}

export function formatDifference({ department, figure, said, counted }: Difference): string {
  const where = department === null ? figure : `${department} ${figure}`
  return paint('red', `${where}: said ${JSON.stringify(said)}, counted ${JSON.stringify(counted)}`)
}
