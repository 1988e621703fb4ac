import { scopeOf } from '../../../node/core/grants/scope.ts'
import type { ScopeDocument } from '../../../node/core/grants/scope.ts'

/** Three items and two purposes. */
export const LISTS: ScopeDocument = {
  v: 1,
  seed: 'ab'.repeat(32),
  items: [
    { certificateType: '11100000MB03271699001', fields: ['certNo', 'location'], may: 'read' },
    { material: 'lease-2023', may: 'copy' },
    { material: 'floor-plan', fields: ['area'], may: 'read' },
  ],
  purposes: [{ matter: 'lease-registration' }, { matter: 'food-licence', region: '310110' }],
}
export const SCOPE = scopeOf(LISTS)

/** Other lists of the same lengths. */
export const OTHER_LISTS: ScopeDocument = { ...LISTS, seed: 'cd'.repeat(32) }
