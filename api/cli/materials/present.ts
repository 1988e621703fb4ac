import type { MaterialSubmitted } from '../../../node/core/statement.ts'
import type { Material, MaterialDecision } from '../../http/materials/schema.ts'

/** By the number in the statement. */
const RECEIPT_MODES = [
  'upload',
  'certificate reference',
  'courier',
  'counter',
  'online form',
  'data sharing',
]

export function formatMaterial(material: Material): string {
  const { id, index, at, standing, statement } = material
  const { state, by, since, code } = standing
  const more = [code, by && `by ${by}`, since && `since ${since}`].filter((part) => part)
  const lines = [
    ['id', id],
    ['entry', `${index}, logged ${at}`],
    ['state', [state, ...more].join(', ')],
    ['doubt', releasedFrom(material)],
    ...(material.decisions ?? []).map(formatDecision),
    ['type', statement?.type],
    ['title', statement?.title],
    ['holder', statement?.holder && `${statement.holder.codeType}:${statement.holder.code}`],
    ['from', submitterOf(material)],
    ['case', statement?.caseCode],
    ['reason', statement?.reason],
    ['channel', statement?.channel],
    ['receipt', receiptOf(statement)],
    ['copy of', statement?.certificateIdentifier],
    ['region', statement?.recognised && `${statement.recognised.region}, recognised`],
    ['fields', statement?.fields && JSON.stringify(statement.fields)],
    ['version', statement?.catalogue && `${statement.catalogue.version} of its type`],
    ['replaces', statement?.supersedes],
    ['content', statement && `${statement.content.size} bytes, ${statement.content.mediaType}`],
  ]
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([name = '', value = '']) => `${name.padEnd(9)} ${value}`)
    .join('\n')
}

/** Named by how it ended: `released`, `rejected` or `withdrawn`. */
function formatDecision({ kind, at, by, reason }: MaterialDecision): [string, string] {
  return [kind.replace('material.', ''), `${at}, by ${by}: ${reason}`]
}

/** What was in doubt about one that may be used all the same; of others the state says it. */
function releasedFrom({ standing, statement }: Material): string | undefined {
  const code = statement?.quarantine?.code
  return code === undefined || standing.state !== 'current' ? undefined : `${code}, released`
}

export function formatMaterialLine({ id, at, standing, statement }: Material): string {
  const { type = '', title = '', caseCode } = statement ?? {}
  const shown = [id, at, standing.state.padEnd(11), type, title, caseCode && `case ${caseCode}`]
  return shown.filter((part) => part).join('  ')
}

/** Who handed it in: the name in front, where a department has one. */
function submitterOf({ statement, submitterName }: Material): string | undefined {
  const submitter = statement?.submitter
  return submitterName === undefined ? submitter : `${submitterName} (${submitter})`
}

function receiptOf(statement: MaterialSubmitted | undefined): string | undefined {
  const mode = statement?.receiptMode
  return mode === undefined ? undefined : `${mode}, ${RECEIPT_MODES[mode]}`
}
