import * as z from 'zod'
import { shownText } from '../statements/parts.ts'
import type { Matter, Necessity, RequiredMaterial } from './matter.ts'
import { distinct, entryCode, entryHead } from './parts.ts'

/** Matters that people have in one go 一件事. */
export const Theme = z
  .strictObject({
    kind: z.literal('theme'),
    ...entryHead,
    name: shownText(100),
    matters: distinct(entryCode, 100).min(1),
  })
  .meta({ id: 'Theme' })
export type Theme = z.infer<typeof Theme>

/** One material of one holder, and all that ask for it. */
export interface BundledMaterial {
  readonly material: string
  readonly holder: string
  /** The strictest of them. */
  readonly necessity: Necessity
  /** In the order of the theme. */
  readonly askedBy: readonly (RequiredMaterial & { readonly matter: string })[]
}

/** What the matters of a theme need, each material of a holder once, in the order in which they ask for it. */
export function materialsOfTheme(matters: readonly Matter[]): BundledMaterial[] {
  const asked = matters.flatMap(({ code, materials }) =>
    materials.map((required) => ({ ...required, matter: code })),
  )
  const bundles = Map.groupBy(asked, ({ holder, material }) => `${holder} ${material}`)
  return [...bundles.values()].flatMap((askedBy) => {
    const [first] = askedBy
    if (first === undefined) return []
    const { material, holder } = first
    return [{ material, holder, necessity: strictestOf(askedBy), askedBy }]
  })
}

const BY_STRICTNESS = ['required', 'later', 'optional'] as const

function strictestOf(asked: readonly RequiredMaterial[]): Necessity {
  const needed = BY_STRICTNESS.find((one) => asked.some(({ necessity }) => necessity === one))
  return needed ?? 'optional'
}
