import { STATUS_NAMES } from '../../../node/core/certificates/status.ts'
import type {
  FiledCertificate,
  FiledMaterial,
  Portfolio,
} from '../../http/holders/portfolioSchema.ts'
import { paint } from '../context.ts'
import { formatGrant } from '../granting/present.ts'

/** A section after the other, and how to see more of each. */
export function formatPortfolio({ materials, certificates, grants }: Portfolio): string {
  return [
    ...formatSection('materials', materials, formatMaterial),
    ...formatSection('certificates', certificates, formatCertificate),
    ...formatSection('grants', grants, (grant) => formatGrant(grant)),
  ].join('\n')
}

function formatSection<Item>(
  name: string,
  section: { readonly items: readonly Item[]; readonly next?: string | undefined } | undefined,
  format: (item: Item) => string,
): string[] {
  if (section === undefined) return []
  const { items, next } = section
  return [
    `${name}${items.length === 0 && next === undefined ? ': none' : ''}`,
    ...items.map((item) => `  ${format(item)}`),
    ...(next === undefined ? [] : [`  more: --of ${name} --cursor ${next}`]),
  ]
}

function formatMaterial(material: FiledMaterial): string {
  const { id, type, name = type, title } = material
  return join(id, name, title !== name && title, formatUsability(material))
}

function formatCertificate(certificate: FiledCertificate): string {
  const { identifier, type, name = type, status } = certificate
  return join(
    identifier,
    name,
    `${status} ${STATUS_NAMES[status].zh}`,
    formatUsability(certificate),
  )
}

function formatUsability({
  usable,
  until,
  because,
  by,
  on,
  from,
}: FiledMaterial | FiledCertificate) {
  if (usable) return paint('green', until === undefined ? 'usable' : `usable, over on ${until}`)
  const why = [because, by && `by ${by}`, on && `on ${on}`, from && `from ${from}`]
  return paint('red', join(...why))
}

function join(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part).join('  ')
}
