import { formatTime, shorten } from '../../../node/core/acts/phrases.ts'
import type { Grant } from '../../../node/core/grants/grant.ts'
import type { GrantSummary } from '../../http/grants/schema.ts'
import { paint } from '../context.ts'

/** One line for each grant, those below further to the right. */
export function formatTree(grants: readonly GrantSummary[]): string {
  const top = grants[0]?.line.length ?? 1
  return grants.map((grant) => formatGrant(grant, grant.line.length - top)).join('\n')
}

export function formatGrant(grant: GrantSummary, level = 0): string {
  const { id, grantor, grantee, terms, used, standing, because } = grant
  const state = paint(STYLES[standing], standing)
  const why = because === undefined ? '' : `  ${because.code}`
  const counted = terms === undefined ? `${used} used` : formatTerms(terms, used)
  return `${'  '.repeat(level)}${id}  ${shorten(grantor)} to ${shorten(grantee)}  ${counted}  ${state}${why}`
}

const STYLES = { live: 'green', dead: 'red', unknown: 'yellow' } as const

function formatTerms({ uses, notAfter, depth }: Grant, used: number): string {
  const limit = uses === 0 ? 'any number of uses' : `${used} of ${uses} used`
  const end = `until ${formatTime(notAfter, 8)}`
  return `${limit}, ${end}, ${depth === 0 ? 'not to be passed on' : `${depth} further levels`}`
}
