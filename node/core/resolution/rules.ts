import type { Matter, Rule } from '../catalogue/matter.ts'
import { isSame, says } from '../catalogue/sameness.ts'
import type { FieldValue } from '../statements/parts.ts'
import type { RuleResult } from './document.ts'

export type Unknown = NonNullable<RuleResult['because']>

/** A field, or why nobody can tell what is in it. */
export type Found = { readonly value: FieldValue } | { readonly because: Unknown }

/** Where rules find fields: of a material that the case has or may use, or of the case itself. */
export interface FieldSource {
  ofMaterial(material: string, field: string): Found
  ofCase(field: string): Found
}

export function judgeRules(
  { code, rules }: Pick<Matter, 'code' | 'rules'>,
  source: FieldSource,
): RuleResult[] {
  return rules.map((rule) => ({
    matter: code,
    id: rule.id,
    text: rule.text,
    ...judgeRule(rule, source),
  }))
}

export function judgeRule(rule: Rule, source: FieldSource): Pick<RuleResult, 'result' | 'because'> {
  const left = source.ofMaterial(rule.left.material, rule.left.field)
  const { right: place } = rule
  const right =
    'case' in place ? source.ofCase(place.case) : source.ofMaterial(place.material, place.field)
  if ('because' in left) return { result: 'unknown', because: left.because }
  if ('because' in right) return { result: 'unknown', because: right.because }
  return { result: holds(rule.kind, left.value, right.value) ? 'pass' : 'fail' }
}

/** Whether two fields stand to each other as a rule wants. */
export function holds(kind: Rule['kind'], left: FieldValue, right: FieldValue): boolean {
  return HOLDS[kind](left, right)
}

const HOLDS: Readonly<Record<Rule['kind'], (left: FieldValue, right: FieldValue) => boolean>> = {
  equal: isSame,
  oneOf: (left, right) => says(right, left),
  sameDay: (left, right) => isDay(left) && isDay(right) && left === right,
  // Days compare as texts.
  notBefore: (left, right) => isDay(left) && isDay(right) && left >= right,
}

function isDay(value: FieldValue): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
}
