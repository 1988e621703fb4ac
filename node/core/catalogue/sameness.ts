import type { FieldValue } from '../statements/parts.ts'

/**
 * Whether two fields say the same. Texts are compared as people read them: papers of different offices have full-width
 * and half-width parentheses and digits, and blanks or none (Unicode UAX #15, NFKC).
 */
export function isSame(left: FieldValue, right: FieldValue): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((one, i) => isSame(one, right[i]))
  if (typeof left === 'object' || typeof right === 'object') return false
  if (typeof left === 'boolean' || typeof right === 'boolean') return left === right
  return readable(left) === readable(right)
}

/** Whether a field says something; a list, whether it names it, as owners are named. */
export function says(field: FieldValue, value: FieldValue): boolean {
  return listOf(field).some((one) => namesOf(one).some((name) => isSame(name, value)))
}

function readable(value: string | number): string {
  return String(value).normalize('NFKC').replace(/\s+/gu, '')
}

function listOf(value: FieldValue): readonly FieldValue[] {
  return Array.isArray(value) ? value : [value]
}

/** Owners stand in lists as texts, or as objects that have more to say of each. */
function namesOf(value: FieldValue): readonly FieldValue[] {
  if (typeof value !== 'object' || Array.isArray(value)) return [value]
  const { name, code } = value as { readonly [name: string]: FieldValue }
  return [name, code].filter((one) => one !== undefined)
}
