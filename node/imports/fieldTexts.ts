import type { MaterialType } from '../core/catalogue/materialType.ts'
import type { FieldValue, MaterialSubmission } from '../core/statement.ts'

type Fields = NonNullable<MaterialSubmission['fields']>

/**
 * What is said of a material in a table or on a command line, with its fields as their type has them: integers, `true`,
 * `false`, `是`, `否`, and lists with `;` between their entries. What does not fit stays a text, for the ledger to say
 * what is expected.
 *
 * @param type undefined: the catalogue has none, and all stays as it is
 */
export function typeFields<T extends { readonly fields?: Fields | undefined }>(
  described: T,
  type: MaterialType | undefined,
): T {
  const { fields } = described
  if (type === undefined || fields === undefined) return described
  const types = new Map(type.fields.map((field) => [field.name, field.type]))
  const typed = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? typeValue(value, types.get(name)) : value,
  ])
  return { ...described, fields: Object.fromEntries(typed) as Fields }
}

function typeValue(
  text: string,
  type: MaterialType['fields'][number]['type'] | undefined,
): FieldValue {
  switch (type) {
    case 'number':
      return /^-?(?:0|[1-9]\d{0,14})$/.test(text) && text !== '-0' ? Number(text) : text
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase()) ?? text
    case 'array':
      return text.split(/[;；]/).map((part) => part.trim())
    default:
      return text
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['是', true],
  ['否', false],
])
