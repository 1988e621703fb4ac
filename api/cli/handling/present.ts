import { shorten } from '../../../node/core/acts/phrases.ts'
import type {
  Considered,
  Resolution,
  ResolvedMaterial,
} from '../../../node/core/resolution/document.ts'
import { sentenceOf } from '../../../node/core/resolution/sentences.ts'
import type { ReuseOutcome } from '../../client/index.ts'
import type { Case } from '../../http/cases/schema.ts'
import { paint } from '../context.ts'
import { explain, presentRefusal } from '../explain.ts'
import { formatMissing, formatReasons, formatRejection } from './reasons.ts'

/** A case and how far it came. */
export function formatCase(found: Case): string {
  const { matter, applicant, day, stages, next } = found
  return [
    `${found.case}  ${matter.code} ${matter.version}, ${day}, for ${shorten(applicant)}`,
    ...stages.map(({ at, stage, outcome, by, note }) => {
      const came = outcome === undefined ? stage : `${stage}: ${outcome}`
      return `  ${at}  ${came}, by ${shorten(by)}${note === undefined ? '' : `: ${note}`}`
    }),
    ...(next === undefined ? [] : [`  next       ${next}`]),
  ].join('\n')
}

const COLOURS: Readonly<Record<ResolvedMaterial['state'], 'green' | 'yellow' | 'red'>> = {
  handedIn: 'green',
  ready: 'green',
  used: 'green',
  committed: 'green',
  notNeeded: 'green',
  grantMissing: 'yellow',
  partyUnknown: 'red',
  open: 'red',
}

/** What it takes, a line each, and whom to ask. */
export function formatResolution(resolution: Resolution): string {
  const { materials, rules, requests, figures, complete } = resolution
  const { required, exempted, fields, prefilled } = figures
  return [
    ...materials.map(formatMaterial),
    ...rules.map(({ result, text, because }) => {
      const shown = paint(
        result === 'pass' ? 'green' : result === 'fail' ? 'red' : 'yellow',
        result,
      )
      return `${shown}  ${text}${because === undefined ? '' : `  ${because}`}`
    }),
    ...requests.map(({ holder, materials: about }) => {
      return `ask ${shorten(holder)} for a grant of ${about.join(', ')}`
    }),
    `${exempted} of ${required} need not be handed in; ${prefilled} of ${fields} fields are filled in.`,
    complete ? paint('green', 'complete') : paint('yellow', 'not complete'),
  ].join('\n')
}

function formatCandidate({ kind, id, until, receipt }: NonNullable<ResolvedMaterial['candidate']>) {
  const over = until === undefined ? '' : `, over on ${until}`
  return `${kind} ${id}${over}${receipt === undefined ? '' : `, by use ${receipt}`}`
}

function formatMaterial({
  material,
  name,
  holder,
  state,
  candidate,
  missing,
  ...rest
}: ResolvedMaterial) {
  const { necessity, way, instead, rejected } = rest
  const taken = candidate === undefined ? '' : `  ${formatCandidate(candidate)}`
  const found = `${taken}${formatUndertaken(rest)}`
  return [
    `${paint(COLOURS[state], state)}  ${material} ${name}, of ${holder}, ${necessity}, by ${way}${found}`,
    ...missing.map((one) => `  ${formatMissing(one)}`),
    ...formatInstead(instead),
    ...rejected.map((one) => `  ${formatRejection(one)}`),
  ].join('\n')
}

/** What else might be asked for, where a rule fails with what is there. */
function formatInstead(instead: ResolvedMaterial['instead']): string[] {
  if (instead === undefined) return []
  const { kind, id, missing } = instead
  return [
    `  or ${kind} ${id}, once it is granted`,
    ...missing.map((one) => `    ${formatMissing(one)}`),
  ]
}

/** What the case cannot do without and has not yet: whatever is ready was not used. */
export function leftIn({ materials }: Resolution): string[] {
  return materials
    .filter(({ necessity, state }) => necessity === 'required' && !HAD.has(state))
    .map(({ material }) => material)
}

const HAD: ReadonlySet<ResolvedMaterial['state']> = new Set([
  'handedIn',
  'used',
  'committed',
  'notNeeded',
])

/** Of what somebody has in hand, whatever the resolution says nothing about. */
export function formatConsidered(
  { materials }: Resolution,
  consider: readonly Considered[] = [],
): string[] {
  return consider.flatMap(({ material, kind, id }) => {
    const asked = materials.filter((one) => one.material === material)
    if (asked.length === 0) return [`The case asks for no ${material}.`]
    const isTold = asked.some(
      ({ candidate, rejected }) =>
        candidate?.id === id || rejected.some((rejection) => rejection.id === id),
    )
    const code = 'CANDIDATE_NOT_FOUND'
    return isTold ? [] : [`not ${kind} ${id} for ${material}: ${sentenceOf(code)} (${code})`]
  })
}

/** What was undertaken in its place, or why nothing can be: lines of their own. */
function formatUndertaken({
  undertaking,
  closed,
}: Pick<ResolvedMaterial, 'undertaking' | 'closed'>): string {
  if (closed !== undefined)
    return `\n  no undertaking: ${closed.code} ${closed.undertaking ?? ''}`.trimEnd()
  if (undertaking === undefined) return ''
  const { id, state, due } = undertaking
  return `\n  undertaking ${id}, ${state}${due === undefined ? '' : `, due ${due}`}`
}

/** What became of one material, for scripts. */
export function presentReused(one: ReuseOutcome): object {
  if (!('error' in one)) return { result: 'released', ...one }
  return { material: one.material, ...presentRefusal(one.error) }
}

export function formatReused(one: ReuseOutcome): string {
  if ('error' in one) {
    const { code, message } = explain(one.error)
    const refused = `${paint('red', 'refused ')}  ${one.material}: ${message} (${code})`
    return [refused, ...formatReasons(one.error.details)].join('\n')
  }
  const { department, level, region } = one.crossing
  const crossed = [department && 'departments', level && 'levels', region && 'regions']
  const across = crossed.filter((what) => what !== false).join(', ')
  const said = one.answers?.map((answer) => (answer ? 'yes' : 'no')).join(', ')
  const done = said === undefined ? 'released' : 'answered'
  const told = said === undefined ? '' : `, ${said}`
  return `${paint('green', done)}  ${one.material}: ${one.use}${told}${across === '' ? '' : `, across ${across}`}`
}
