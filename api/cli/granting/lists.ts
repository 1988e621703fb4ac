import { InvalidArgumentError } from 'commander'
import type { ScopeDocument, ScopeItem, ScopePurpose } from '../../../node/core/grants/scope.ts'
import { parseNames, splitAt } from '../signing/values.ts'

/** Items and purposes as they are typed; the schema of the scope checks them. */

type Subject = Omit<ScopeItem, 'may'>

/** `<id>`, or `<id>=<field>,<field>` */
export function parseMaterialItem(text: string): Subject {
  const [material, fields] = splitAt(text, '=')
  return { material, ...(fields !== undefined && { fields: parseNames(fields) }) } as Subject
}

/** `<type>=<field>,<field>` */
export function parseCertificateItem(text: string): Subject {
  const [certificateType, fields] = splitAt(text, '=')
  if (fields === undefined)
    throw new InvalidArgumentError('It is the code of a type and fields: <type>=<field>,<field>.')
  return { certificateType, fields: parseNames(fields) } as Subject
}

/** `<matter>`, `<matter>@<department>`, `<matter>/<region>` or both in this order. */
export function parsePurpose(text: string): ScopePurpose {
  const [rest, region] = splitAt(text, '/')
  const [matter, department] = splitAt(rest, '@')
  return {
    matter,
    ...(department !== undefined && { department: department.toLowerCase() }),
    ...(region !== undefined && { region }),
  } as ScopePurpose
}

/** One line for each entry, with the number that it is granted by. */
export function formatLists({
  items,
  purposes,
}: Pick<ScopeDocument, 'items' | 'purposes'>): string {
  return [
    ...numbered('item', items.map(formatItem)),
    ...numbered('purpose', purposes.map(formatPurpose)),
  ].join('\n')
}

function formatItem(item: ScopeItem): string {
  const of =
    'material' in item ? `material ${item.material}` : `certificates ${item.certificateType}`
  const fields = item.fields === undefined ? 'whole' : item.fields.join(', ')
  return `${of}: ${fields}; to ${item.may}`
}

function formatPurpose({ matter, department, region }: ScopePurpose): string {
  const where = [
    ...(department === undefined ? [] : [`at ${department}`]),
    ...(region === undefined ? [] : [`in ${region}`]),
  ]
  return [`matter ${matter}`, ...where].join(' ')
}

function numbered(noun: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${noun.padEnd(7)}  ${String(i + 1).padStart(3)}  ${line}`)
}
