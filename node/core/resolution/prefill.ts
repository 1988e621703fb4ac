import type { FieldPlace, Rule } from '../catalogue/matter.ts'
import type { FieldValue } from '../statements/parts.ts'
import { idOf } from './candidates.ts'
import type { Asking, FieldsOf } from './asking.ts'
import type { Choice } from './choose.ts'
import type { Prefilled } from './document.ts'
import { fieldsOf } from './required.ts'
import type { TypeField } from './required.ts'
import { isShown } from './sources.ts'

/** How a value is shown: masked by its sensitivity. */
export type Mask = (
  value: FieldValue,
  sensitivity: TypeField['sensitivity'],
  type: TypeField['type'],
) => FieldValue

export interface Prefilling {
  readonly choices: readonly Choice[]
  readonly rules: readonly Rule[]
  readonly asking: Asking
  readonly fieldsOf: FieldsOf
  readonly mask: Mask
}

/**
 * The fields of a required material, and where their values are: on what was taken; of what has to be handed in, in
 * the case, on another material that a rule wants it to equal, or that says the same of the same holder.
 */
export function prefill(choice: Choice, filling: Prefilling): Prefilled[] {
  const { state, taken, type } = choice
  // What is checked is shown nowhere.
  const isChecked = choice.way === 'dataCheck' && taken !== undefined
  if (state === 'notNeeded' || isChecked) return []
  return fieldsOf(type).map((field) => {
    const found = taken ? onTaken(choice, field, filling) : elsewhere(choice, field, filling)
    return { name: field.name, label: field.label, ...found }
  })
}

type Filled = Pick<Prefilled, 'source' | 'value'>

function onTaken(
  choice: Choice,
  field: TypeField,
  { fieldsOf: written, mask }: Prefilling,
): Filled {
  const { taken } = choice
  if (taken === undefined) return {}
  const { candidate } = taken
  const id = idOf(candidate)
  const source = { kind: candidate.kind, ...(id !== undefined && { id }), field: field.name }
  if (!isShown(taken, field.name)) return { source }
  const value = written(candidate)?.[field.name]
  if (value === undefined) return {}
  return { source, value: mask(value, field.sensitivity, field.type) }
}

function elsewhere(choice: Choice, field: TypeField, filling: Prefilling): Filled {
  const { required } = choice
  const place = { material: required.material, field: field.name }
  for (const rule of filling.rules) {
    const other = equalTo(rule, place)
    const found = other && ('case' in other ? inCase(other.case, filling) : on(other, filling))
    if (found) return found
  }
  return inCase(field.name, filling) ?? onSameHolders(choice, field, filling) ?? {}
}

/** What a rule wants the field to equal. */
function equalTo({ kind, left, right }: Rule, place: FieldPlace): Rule['right'] | undefined {
  if (kind !== 'equal') return undefined
  if (isPlace(left, place)) return right
  return 'material' in right && isPlace(right, place) ? left : undefined
}

function isPlace(a: FieldPlace, b: FieldPlace): boolean {
  return a.material === b.material && a.field === b.field
}

function inCase(name: string, { asking }: Prefilling): Filled | undefined {
  const fields = asking.fields ?? {}
  if (!Object.hasOwn(fields, name)) return undefined
  // The department said so itself: nothing is masked.
  return { source: { kind: 'case', field: name }, value: fields[name] }
}

function on({ material, field }: FieldPlace, filling: Prefilling): Filled | undefined {
  const choice = filling.choices.find(({ required }) => required.material === material)
  const known = choice && fieldsOf(choice.type).find(({ name }) => name === field)
  return choice && known && filled(choice, known, filling)
}

/** The same name and label on what the same holder has elsewhere stand for the same. */
function onSameHolders(
  { required }: Choice,
  field: TypeField,
  filling: Prefilling,
): Filled | undefined {
  for (const choice of filling.choices) {
    if (choice.required.holder !== required.holder || choice.taken === undefined) continue
    const same = fieldsOf(choice.type).find(
      ({ name, label, type }) =>
        name === field.name && label === field.label && type === field.type,
    )
    const found = same && filled(choice, same, filling)
    if (found) return found
  }
  return undefined
}

function filled(choice: Choice, field: TypeField, filling: Prefilling): Filled | undefined {
  const found = onTaken(choice, field, filling)
  return found.value === undefined ? undefined : found
}
