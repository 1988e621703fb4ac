import { parseCatalogueFile } from './file.ts'
import type { CatalogueFile } from './file.ts'
import benefits from './seed/benefits.json' with { type: 'json' }
import departments from './seed/departments.json' with { type: 'json' }
import materialTypes from './seed/materialTypes.json' with { type: 'json' }
import matters from './seed/matters.json' with { type: 'json' }
import themes from './seed/themes.json' with { type: 'json' }

/**
 * A catalogue to begin with, for demonstration: material types, matters, themes and the benefits without application of a
 * district. Departments' codes, matters' codes, rules and agencies are made up; the names of benefits are published.
 */
export function seedCatalogue(): CatalogueFile {
  return parseCatalogueFile({
    departments,
    entries: [...materialTypes, ...benefits, ...matters, ...themes],
  })
}
