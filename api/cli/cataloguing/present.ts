import type { CatalogueRecord, ThemeMaterials } from '../../http/catalogue/schema.ts'

/** One line each. */
export function formatRecord({ entry }: CatalogueRecord): string {
  return `${entry.code} ${entry.version}  ${entry.name}  from ${entry.from}, ${entry.owner}`
}

/** The whole of it. */
export function formatEntry({ entry, statement, index, at, by }: CatalogueRecord): string {
  const lines = [
    formatRecord({ entry, statement, index, at, by }),
    `  statement  ${statement}, entry ${index}`,
    `  published  ${at} by ${by}`,
  ]
  return [...lines, JSON.stringify(entry, undefined, 2)].join('\n')
}

/** What it is, of whom, and which matters ask for it. */
export function formatThemeMaterial(one: ThemeMaterials['materials'][number]): string {
  const { material, holder, necessity, askedBy } = one
  const by = askedBy.map(({ matter, exemption }) => `${matter} (${exemption})`).join(', ')
  return `${material}  of ${holder}, ${necessity}; for ${by}`
}
