import type { Rule } from '../catalogue/matter.ts'
import { placesOf } from '../catalogue/matter.ts'
import type { Prefilled, Resolution, ResolvedMaterial, RuleResult } from './document.ts'
import { isRequired } from './resolve.ts'

/**
 * What a party of the case is told of its resolution: all of what is its own; of what others have, whether it is there,
 * whose it is and that a grant is missing, so that it can ask for it.
 *
 * @param isOwn whether the part in the case is the party's
 */
export function viewFor(
  { materials, rules, ...rest }: Resolution,
  asked: readonly { readonly code: string; readonly rules: readonly Rule[] }[],
  isOwn: (role: string) => boolean,
): Resolution {
  const own = materials.filter(({ holder }) => isOwn(holder))
  const ids = new Set(own.flatMap(({ candidate }) => candidate?.id ?? []))
  const known = new Set(own.map(({ material }) => material))
  const shown = materials.map((one) => (isOwn(one.holder) ? tellOwn(one, ids) : tellOther(one)))
  const fields = shown.filter(isRequired).flatMap((one) => one.fields)
  const prefilled = fields.filter(({ value }) => value !== undefined).length
  return {
    ...rest,
    materials: shown,
    rules: rules.map((result) => {
      const read = ruleOf(result, asked)
      const isKnown = read && placesOf(read).every(({ material }) => known.has(material))
      return isKnown ? result : withhold(result)
    }),
    figures: { ...rest.figures, prefilled },
  }
}

/** What is filled in from what others have stays out. */
function tellOwn(one: ResolvedMaterial, ids: ReadonlySet<string>): ResolvedMaterial {
  const isTold = ({ source }: Prefilled) =>
    source === undefined || source.kind === 'case' || ids.has(source.id ?? '')
  return { ...one, fields: one.fields.map((field) => (isTold(field) ? field : named(field))) }
}

function tellOther(one: ResolvedMaterial): ResolvedMaterial {
  const { candidate: _, undertaking: __, closed: ___, ...rest } = one
  return {
    ...rest,
    rejected: [],
    more: false,
    missing: one.missing.map(({ holder, code }) => ({ holder, code })),
    fields: one.fields.map(named),
  }
}

function named({ name, label }: Prefilled): Prefilled {
  return { name, label }
}

function ruleOf(
  { matter, id }: RuleResult,
  asked: readonly { readonly code: string; readonly rules: readonly Rule[] }[],
): Rule | undefined {
  return asked.find(({ code }) => code === matter)?.rules.find((rule) => rule.id === id)
}

function withhold({ because = 'NOT_YOURS', ...rule }: RuleResult): RuleResult {
  return { ...rule, result: 'unknown', because }
}
