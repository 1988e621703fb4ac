import * as z from 'zod'
import { CatalogueEntry } from '../catalogue/entry.ts'
import { head, shownText } from './parts.ts'

/** A department published a version of an entry that it answers for 数据目录上链. */
export const CataloguePublished = z
  .strictObject({
    ...head,
    kind: z.literal('catalogue.published'),
    entry: CatalogueEntry,
    /** Name of the authenticated principal. */
    by: shownText(100),
  })
  .meta({ id: 'CataloguePublished' })
export type CataloguePublished = z.infer<typeof CataloguePublished>
