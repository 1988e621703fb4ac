import { parseCatalogueFile } from './file.ts'
import type { CatalogueFile } from './file.ts'
import { getCertificateType } from '../core/certificates/included.ts'
import benefits from './seed/benefits.json' with { type: 'json' }
import certificateTypes from './seed/certificateTypes.json' with { type: 'json' }
import departments from './seed/departments.json' with { type: 'json' }
import materialTypes from './seed/materialTypes.json' with { type: 'json' }
import matters from './seed/matters.json' with { type: 'json' }
import themes from './seed/themes.json' with { type: 'json' }

/**
 * A catalogue to begin with, for demonstration: the certificate types that come along, material types, matters, themes
 * and the benefits without application of a district. Departments' codes, matters' codes, rules and agencies are made
 * up; the names of benefits are published.
 */
export function seedCatalogue(): CatalogueFile {
  return parseCatalogueFile({
    departments,
    entries: [...certificateTypes.map(typed), ...materialTypes, ...benefits, ...matters, ...themes],
  })
}

/** What stands on them is said once, where what comes along is: see `core/certificates/types.ts`. */
function typed(entry: (typeof certificateTypes)[number]) {
  return { kind: 'certificateType' as const, ...getCertificateType(entry.code), ...entry }
}
