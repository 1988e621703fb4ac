import { idOf } from './candidates.ts'
import type { Asking, FieldsOf } from './asking.ts'
import { chooseCandidates, takenIn } from './choose.ts'
import type { Choice } from './choose.ts'
import type { ResolvedMaterial, Resolution } from './document.ts'
import { neededUse } from './offers.ts'
import type { Taken } from './offers.ts'
import { prefill } from './prefill.ts'
import type { Mask, Prefilling } from './prefill.ts'
import { missingOf, proposeGrants } from './proposals.ts'
import { judgeRules } from './rules.ts'
import { sourceOf } from './sources.ts'

/**
 * What a case needs, how much of it is there, and who has to do what for the rest. Says nothing that a holder did not
 * grant: of what is not granted it tells that it is there and whose it is, and neither its fields nor how rules go that
 * read them.
 */
export function resolve(
  asking: Asking,
  reading: { readonly fieldsOf: FieldsOf; readonly mask: Mask },
  choices: readonly Choice[] = chooseCandidates(asking, reading.fieldsOf),
): Resolution {
  const rules = asking.matters.flatMap((matter) => matter.rules)
  const filling: Prefilling = { choices, rules, asking, ...reading }
  const materials = choices.map((choice) => present(choice, filling))
  const source = sourceOf(takenIn(choices), asking, reading.fieldsOf)
  const results = asking.matters.flatMap((matter) => judgeRules(matter, source))
  const figures = figuresOf(materials)
  return {
    matters: asking.matters.map(({ code, version }) => ({ code, version })),
    day: asking.day,
    at: asking.time,
    materials,
    rules: results,
    requests: proposeGrants(choices, asking),
    figures,
    complete:
      materials.every((material) => !isRequired(material) || isThere(material)) &&
      results.every(({ result }) => result === 'pass'),
  }
}

function present(choice: Choice, filling: Prefilling): ResolvedMaterial {
  const { required, type, way, state, undertaking, closed, taken, instead, rejected, more } = choice
  const id = taken && idOf(taken.candidate)
  return {
    material: required.material,
    version: type.version,
    name: type.name,
    holder: required.holder,
    necessity: required.necessity,
    askedBy: required.askedBy.map(({ matter }) => matter),
    way,
    state,
    ...(undertaking && { undertaking }),
    ...(closed && { closed }),
    ...(taken &&
      id !== undefined && {
        candidate: {
          kind: taken.candidate.kind,
          id,
          index: taken.candidate.index,
          at: taken.candidate.at,
          ...(taken.until !== undefined && { until: taken.until }),
          grants: [...taken.grants],
          ...(taken.used && { receipt: taken.used.use }),
          ...(state !== 'handedIn' && state !== 'used' && { use: useOf(choice, filling.asking) }),
        },
      }),
    rejected: [...rejected],
    more,
    missing: missingOf(choice, taken, filling.asking),
    ...(instead && { instead: insteadOf(choice, instead, filling.asking) }),
    fields: prefill(choice, filling),
  }
}

function insteadOf(choice: Choice, instead: Taken, asking: Asking) {
  const { candidate } = instead
  const { kind, index } = candidate
  return { kind, id: idOf(candidate) ?? '', index, missing: missingOf(choice, instead, asking) }
}

/** As the grants that are proposed allow it. */
function useOf({ required, type, taken }: Choice, asking: Asking) {
  if (taken === undefined) throw new TypeError('a use is of something')
  const { fields, manner, questions } = neededUse(required, type, taken.candidate, asking)
  return { fields: [...fields], manner, ...(questions && { questions: [...questions] }) }
}

/** Necessary by the matter, and somebody plays the part. */
export function isRequired({ necessity, state }: ResolvedMaterial): boolean {
  return necessity === 'required' && state !== 'notNeeded'
}

function isThere({ state }: ResolvedMaterial): boolean {
  return ['handedIn', 'used', 'ready', 'committed'].includes(state)
}

function isExempted({ way, state }: ResolvedMaterial): boolean {
  // Nobody is spared a paper by an undertaking that was not given yet.
  if (way === 'commitment') return state === 'committed'
  return way !== 'mustSubmit' && state !== 'partyUnknown'
}

function figuresOf(materials: readonly ResolvedMaterial[]): Resolution['figures'] {
  const required = materials.filter(isRequired)
  const fields = required.flatMap((material) => material.fields)
  return {
    required: required.length,
    exempted: required.filter(isExempted).length,
    fields: fields.length,
    prefilled: fields.filter(({ value }) => value !== undefined).length,
  }
}
