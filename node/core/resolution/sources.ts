import type { Asking, FieldsOf } from './asking.ts'
import type { Taken } from './offers.ts'
import type { FieldSource, Found } from './rules.ts'

/** What a case has, may use or would ask for, by the code of the material. */
export type TakenOf = (material: string) => Taken | undefined

/** Where rules find fields of what is taken. Says nothing of what nobody granted. */
export function sourceOf(
  takenOf: TakenOf,
  { fields }: Pick<Asking, 'fields'>,
  fieldsOf: FieldsOf,
): FieldSource {
  return {
    ofMaterial: (material, field) => readOn(takenOf(material), field, fieldsOf),
    ofCase(field): Found {
      const value = fields?.[field]
      return value === undefined ? { because: 'CASE_FIELD_MISSING' } : { value }
    },
  }
}

/** Whether a department may be told what is in a field: what came in for the case, or what it may use by now. */
export function isShown({ missing, shown }: Taken, field: string): boolean {
  return missing.length === 0 && (shown?.includes(field) ?? true)
}

function readOn(taken: Taken | undefined, field: string, fieldsOf: FieldsOf): Found {
  if (taken === undefined) return { because: 'MATERIAL_MISSING' }
  if (taken.missing.length > 0) return { because: 'GRANT_MISSING' }
  if (!isShown(taken, field)) return { because: 'FIELD_NOT_GRANTED' }
  const value = fieldsOf(taken.candidate)?.[field]
  return value === undefined ? { because: 'FIELD_MISSING' } : { value }
}
