import type { Sensitivity } from './catalogue/parts.ts'
import type { FieldValue } from './statements/parts.ts'

/** What stands for a value of which nothing is told, not even how long it is. */
export const HIDDEN = '***'

/** What a type says of how sensitive its materials are. */
export interface SensitiveType {
  /** Of the whole. */
  readonly sensitivity: Sensitivity
  readonly fields: readonly { readonly name: string; readonly sensitivity: Sensitivity }[]
}

/** Whether it is shown only to those who ask for it in clear, and may. */
export function isSensitive(sensitivity: Sensitivity): boolean {
  return sensitivity === 'L3' || sensitivity === 'L4'
}

/**
 * The fields that must be shown in clear before the pages of a material are, on which nothing can be masked: those that
 * are sensitive. Where the whole is more sensitive than any of its fields, none of them says in what: then all.
 * Undefined where it has no fields that somebody could ask for: such pages are not shown.
 */
export function fieldsOnPages({ sensitivity, fields }: SensitiveType): string[] | undefined {
  const sensitive = fields.filter((field) => isSensitive(field.sensitivity))
  const isSaid = !isSensitive(sensitivity) || sensitive.some((it) => it.sensitivity >= sensitivity)
  if (!isSaid && fields.length === 0) return undefined
  return (isSaid ? sensitive : fields).map(({ name }) => name)
}

/**
 * A field as it is shown to whoever did not ask for it in clear, or may not: of L1 and L2 all of it; of L3 the ends of
 * a text 前三后四, the year of a date; of L4 nothing. Masking twice shows no more than masking once.
 *
 * @param type as its material or certificate type declares it
 */
export function maskField(value: FieldValue, sensitivity: Sensitivity, type: string): FieldValue {
  if (!isSensitive(sensitivity)) return value
  return sensitivity === 'L3' ? maskPartly(value, type) : HIDDEN
}

function maskPartly(value: FieldValue, type: string): FieldValue {
  // In a number any digit tells its size, and of a yes or no there is no part.
  if (typeof value === 'number' || typeof value === 'boolean') return HIDDEN
  if (typeof value === 'string') return type === 'date' ? maskDate(value) : maskText(value)
  if (isList(value)) return value.map((item) => maskPartly(item, 'string'))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, maskPartly(item, 'string')]),
  )
}

function maskDate(value: string): string {
  const [, year] = /^(\d{4})-\d\d-\d\d$/.exec(value) ?? []
  // A word in place of a date, 长期, says nothing of a day either.
  return year === undefined ? maskText(value) : `${year}-**-**`
}

/** By characters, so that none is cut in two. */
function maskText(value: string): string {
  const characters = Array.from(value)
  const [first, last] = shownOf(characters.length)
  const hidden = characters.length - first - last
  return [
    ...characters.slice(0, first),
    '*'.repeat(hidden),
    ...characters.slice(first + hidden),
  ].join('')
}

/**
 * A surname; the ends of a number; of a mobile phone and a citizen number three before and four behind, as is usual.
 */
function shownOf(length: number): readonly [first: number, last: number] {
  if (length < 2) return [0, 0]
  if (length < 5) return [1, 0]
  if (length < 8) return [1, 1]
  return length < 11 ? [2, 2] : [3, 4]
}

function isList(value: FieldValue): value is readonly FieldValue[] {
  return Array.isArray(value)
}
