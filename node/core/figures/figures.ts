import * as z from 'zod'
import type { Matter } from '../catalogue/matter.ts'
import { isNecessary, requiredOf } from '../resolution/required.ts'
import { HexAddress } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import { crossingOf } from './crossing.ts'
import { Month } from './month.ts'
import { NO_DEPARTMENT } from './tally.ts'
import type { DepartmentTally, MonthTally } from './tally.ts'

const count = z.int().min(0)
/** From 0 to 1, to four places; null where there is nothing to take a share of. */
const share = z.number().min(0).max(1).nullable()

export const DepartmentFigures = z
  .strictObject({
    department: HexAddress.nullable().meta({
      description: 'Null: what was handed in by those who are no department',
    }),
    name: z.string().optional(),
    region: z.string().optional(),
    accepted: count.meta({
      description: 'Cases opened in the month at its window, whoever decides',
    }),
    cases: count.meta({
      description: 'Opened in the month for it to decide, whoever accepted them',
    }),
    required: count.meta({ description: 'Materials that these cases cannot do without' }),
    exemptible: count.meta({
      description: 'Those of them that by their matter nobody has to hand in',
    }),
    pulled: count.meta({
      description:
        'Materials of cases that it decides for which a certificate was used, by whomever, 电子证照调取: each that a case ' +
        'requires once; whatever else was used is `used` alone',
    }),
    reused: count.meta({ description: 'Those for which a material was used again, 电子材料复用' }),
    dataChecked: count.meta({ description: 'Those that were looked at as data, 数据核验' }),
    committed: count.meta({ description: 'Undertaken in the place of handing them in, 告知承诺' }),
    askedFor: count.meta({ description: 'Handed in for them' }),
    exempted: count.meta({ description: 'Pulled, reused, data-checked and undertaken together' }),
    exemptedShare: share.meta({ description: 'Of all that came, exempted or asked for' }),
    prefilled: count.meta({ description: 'Fields that came with what was there already' }),
    typed: count.meta({ description: 'Fields of what was asked for' }),
    prefilledShare: share,
    used: count.meta({ description: 'Uses of its own, for whosever case, data checks included' }),
    crossings: z
      .strictObject({ department: count, level: count, region: count })
      .meta({ description: 'Those of them of what came from another department, level or region' }),
    refusals: z
      .record(z.string(), count)
      .meta({ description: 'Uses of its own that were refused, by reason' }),
    toLastMaterial: z
      .strictObject({
        cases: count,
        meanSeconds: z.number().min(0).nullable(),
        longestSeconds: z.number().min(0).nullable(),
      })
      .meta({
        description: 'From the opening of a case of this month to the last material of this month',
      }),
    benefits: z
      .strictObject({
        checked: count,
        evidence: count.meta({ description: 'Pieces that these looks went by' }),
        qualified: count,
        granted: count,
      })
      .meta({ description: 'Subjects checked for benefits without application, for no case' }),
  })
  .meta({ id: 'DepartmentFigures' })
export type DepartmentFigures = z.infer<typeof DepartmentFigures>

export const MonthlyFigures = z
  .strictObject({
    month: Month,
    size: count.meta({ description: 'Entries of the log that they are made of' }),
    unreadable: count.meta({ description: 'Statements of the month that were erased since' }),
    departments: z.array(DepartmentFigures),
  })
  .meta({ id: 'MonthlyFigures' })
export type MonthlyFigures = z.infer<typeof MonthlyFigures>

/** What the figures need to know beside what happened; both of the same log. */
export interface FiguresContext {
  /** Undefined where nobody has said. */
  readonly departmentOf: (
    address: Hex,
  ) => { readonly name: string; readonly region: string } | undefined
  readonly matterOf: (code: string, version: number) => Matter | undefined
}

/** In the order of their addresses; what none of them did comes last. */
export function figuresOf(tally: MonthTally, context: FiguresContext): DepartmentFigures[] {
  const spans = tally.spans()
  return [...tally.departments()]
    .map(([address, department]) => present(address, department, spans.get(address), context))
    .toSorted((a, b) => compare(a.department ?? 'x', b.department ?? 'x'))
}

function present(
  address: Hex | typeof NO_DEPARTMENT,
  tally: DepartmentTally,
  spans: { readonly cases: number; readonly sum: number; readonly longest: number } | undefined,
  context: FiguresContext,
): DepartmentFigures {
  const { pulled, reused, dataChecked, committed, askedFor, prefilled, typed } = tally
  const { accepted, used, checked, evidence, qualified, granted } = tally
  const exempted = pulled + reused + dataChecked + committed
  const own = address === NO_DEPARTMENT ? undefined : context.departmentOf(address)
  return {
    department: address === NO_DEPARTMENT ? null : address,
    ...(own && { name: own.name, region: own.region }),
    accepted,
    ...requiredBy(tally, context),
    pulled,
    reused,
    dataChecked,
    committed,
    askedFor,
    exempted,
    exemptedShare: shareOf(exempted, exempted + askedFor),
    prefilled,
    typed,
    prefilledShare: shareOf(prefilled, prefilled + typed),
    used,
    crossings: crossingsOf(address, tally, context),
    refusals: Object.fromEntries([...tally.refusals].toSorted(([a], [b]) => compare(a, b))),
    toLastMaterial: {
      cases: spans?.cases ?? 0,
      meanSeconds: spans ? Math.round(spans.sum / spans.cases) / 1000 : null,
      longestSeconds: spans ? spans.longest / 1000 : null,
    },
    benefits: { checked, evidence, qualified, granted },
  }
}

function requiredBy({ cases, actedFor }: DepartmentTally, { matterOf }: FiguresContext) {
  const sums = { cases: 0, required: 0, exemptible: 0 }
  for (const [key, opened] of cases) {
    sums.cases += opened
    const [code = '', version] = key.split(' ')
    const matter = matterOf(code, Number(version))
    if (matter === undefined) continue
    const acted = actedFor.get(key) ?? 0
    for (const [isActedFor, count] of [
      [false, opened - acted],
      [true, acted],
    ] as const) {
      const required = requiredOf([matter], isActedFor).filter((one) =>
        isNecessary(one, isActedFor),
      )
      sums.required += count * required.length
      sums.exemptible += count * required.filter((one) => one.exemption !== 'mustSubmit').length
    }
  }
  return sums
}

function crossingsOf(
  address: string,
  { sources }: DepartmentTally,
  { departmentOf }: FiguresContext,
): DepartmentFigures['crossings'] {
  const crossings = { department: 0, level: 0, region: 0 }
  const own = departmentOf(address as Hex)?.region
  for (const [source, uses] of sources) {
    // What the holder itself handed in crosses nothing.
    if (source === NO_DEPARTMENT || source === address) continue
    const { level, region } = crossingOf(own, departmentOf(source)?.region)
    crossings.department += uses
    if (level) crossings.level += uses
    if (region) crossings.region += uses
  }
  return crossings
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000
}

/** By code units, as everywhere; `localeCompare` differs from one machine to another. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
