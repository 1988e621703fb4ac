import { Gauge } from 'prom-client'
import { isLedgerError } from '../../node/core/errors.ts'
import type { DepartmentFigures } from '../../node/core/figures/figures.ts'
import type { LedgerFigures } from '../../node/figures/ledgerFigures.ts'

export type WatchedFigures = Pick<LedgerFigures, 'currentMonth' | 'catchUp'>

/** Entries that one scrape counts at most: some seconds of work, after which the next one goes on. */
const AT_ONCE = 50_000

interface Reading {
  readonly departments: readonly DepartmentFigures[]
  readonly left: number
  readonly isFailing: boolean
}

/** Figures of the month of this moment, by department. */
export function figureMetrics(figures: WatchedFigures): Gauge[] {
  let underWay: Promise<Reading> | undefined
  // Every gauge of a scrape tells of the same moment.
  const read = () =>
    (underWay ??= catchUp(figures).finally(() => {
      underWay = undefined
    }))

  const gauge = (name: string, help: string, show: (gauge: Gauge, reading: Reading) => void) => {
    const labelNames = name === 'refusals' ? ['department', 'code'] : ['department']
    return new Gauge({
      name: `onceledger_month_${name}`,
      help,
      labelNames,
      registers: [],
      async collect() {
        this.reset()
        show(this, await read())
      },
    })
  }
  const each = (
    name: string,
    help: string,
    value: (figures: DepartmentFigures) => number | null,
  ): Gauge =>
    gauge(name, help, (shown, { departments }) => {
      for (const one of departments) {
        const known = value(one)
        // Of nothing there is no share.
        if (known !== null) shown.set({ department: labelOf(one) }, known)
      }
    })

  return [
    each('accepted', 'Cases opened at its window this month.', ({ accepted }) => accepted),
    each('cases', 'Cases opened this month for it to decide.', ({ cases }) => cases),
    each('required', 'Materials that these cases cannot do without.', ({ required }) => required),
    each('exemptible', 'Those of them that nobody has to hand in.', ({ exemptible }) => exemptible),
    each('pulled', 'Certificates used this month for them.', ({ pulled }) => pulled),
    each('reused', 'Materials used again this month for them.', ({ reused }) => reused),
    each(
      'data_checked',
      'Looked at as data this month for them.',
      ({ dataChecked }) => dataChecked,
    ),
    each('committed', 'Undertaken in the place of materials.', ({ committed }) => committed),
    each('asked_for', 'Handed in this month for them.', ({ askedFor }) => askedFor),
    each('prefilled_share', 'Fields that were there already.', (one) => one.prefilledShare),
    each('used', 'Uses of its own this month.', ({ used }) => used),
    each('crossed_departments', 'Uses from another department.', (one) => one.crossings.department),
    each('crossed_levels', 'Uses from another level.', (one) => one.crossings.level),
    each('crossed_regions', 'Uses from another region.', (one) => one.crossings.region),
    gauge('refusals', 'Uses that were refused this month.', (shown, { departments }) => {
      for (const one of departments)
        for (const [code, count] of Object.entries(one.refusals))
          shown.set({ department: labelOf(one), code }, count)
    }),
    each('last_material_seconds', 'Mean time from a case to its last material.', (one) => {
      return one.toLastMaterial.meanSeconds
    }),
    each('benefits_checked', 'Looks at subjects this month.', (one) => one.benefits.checked),
    each('benefits_granted', 'Benefits given this month.', (one) => one.benefits.granted),
    gauge('entries_left', 'Entries of this month that are not counted yet.', (shown, { left }) => {
      shown.set(left)
    }),
    gauge('failing', '1 when the figures cannot be counted.', (shown, { isFailing }) => {
      shown.set(isFailing ? 1 : 0)
    }),
  ]
}

/** What cannot be counted must not take the other metrics along. */
async function catchUp(figures: WatchedFigures): Promise<Reading> {
  try {
    return { ...(await figures.catchUp(figures.currentMonth(), AT_ONCE)), isFailing: false }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return { departments: [], left: 0, isFailing: true }
  }
}

function labelOf({ department }: DepartmentFigures): string {
  return department ?? 'none'
}
