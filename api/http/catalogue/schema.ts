import { z } from 'zod'
import { Day } from '../../../node/core/catalogue/day.ts'
import { CatalogueEntry, CatalogueKind } from '../../../node/core/catalogue/entry.ts'
import { Necessity, RequiredMaterial } from '../../../node/core/catalogue/matter.ts'
import { entryCode, entryHead } from '../../../node/core/catalogue/parts.ts'
import { StatementId } from '../../../node/core/statement.ts'

export const CatalogueRecord = z
  .strictObject({
    entry: CatalogueEntry,
    statement: StatementId.meta({ description: 'That published it' }),
    index: z.int().min(0).meta({ description: 'Position in the log' }),
    at: z.iso.datetime({ precision: 3 }).meta({ description: 'When the ledger logged it, UTC' }),
    by: z.string().meta({ description: 'Who handed it in' }),
  })
  .meta({ id: 'CatalogueRecord' })
export type CatalogueRecord = z.infer<typeof CatalogueRecord>

export const CataloguePage = z
  .strictObject({
    on: Day,
    entries: z.array(CatalogueRecord).meta({ description: 'In the order of their codes' }),
    next: entryCode.optional().meta({ description: 'Cursor of the next page; absent on the last' }),
  })
  .meta({ id: 'CataloguePage' })
export type CataloguePage = z.infer<typeof CataloguePage>

export const CatalogueHistory = z
  .strictObject({ versions: z.array(CatalogueRecord).min(1) })
  .meta({ id: 'CatalogueHistory' })
export type CatalogueHistory = z.infer<typeof CatalogueHistory>

export const ThemeMaterials = z
  .strictObject({
    on: Day,
    materials: z.array(
      z.strictObject({
        material: entryCode,
        holder: RequiredMaterial.shape.holder,
        necessity: Necessity.meta({ description: 'The strictest of those that ask' }),
        askedBy: z.array(RequiredMaterial.extend({ matter: entryCode })).min(1),
      }),
    ),
  })
  .meta({ id: 'ThemeMaterials' })
export type ThemeMaterials = z.infer<typeof ThemeMaterials>

export const CataloguePath = z.strictObject({ kind: CatalogueKind, code: entryCode })

const on = Day.optional().meta({ description: 'Day of China; today unless given' })

export const DayQuery = z.strictObject({ on })

export const PageQuery = z.strictObject({
  on,
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'not 1 to 100')
    .transform(Number)
    .default(100)
    .meta({ override: { type: 'integer', minimum: 1, maximum: 100, default: 100 } }),
  cursor: entryCode.optional().meta({ description: '`next` of the page before' }),
})

/** As it stands in a path or query. */
export const VersionText = z
  .string()
  .regex(/^[1-9]\d{0,6}$/, 'not a version')
  .transform(Number)
  .pipe(entryHead.version)
  .meta({ override: { type: 'integer', minimum: 1 } })

export const EntryQuery = z
  .strictObject({
    on,
    version: VersionText.optional().meta({ description: 'This very version, in place of a day' }),
  })
  .refine(({ on, version }) => on === undefined || version === undefined, 'both on and version')
