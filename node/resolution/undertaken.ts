import type { Asking } from '../core/resolution/asking.ts'
import { placeOf } from '../core/resolution/asking.ts'
import type { GivenUndertaking } from '../core/resolution/undertaken.ts'
import type { UndertakingRecord, Undertakings } from '../undertakings/undertakings.ts'

/**
 * What was undertaken for a case, and what its parties broke. Nothing is looked up where nothing may be undertaken.
 *
 * @param code of the case; undefined where there is none
 */
export async function undertakingsFor(
  { matters, parties }: Pick<Asking, 'matters' | 'parties'>,
  { code, day }: { readonly code: string | undefined; readonly day: string },
  undertakings: Pick<Undertakings, 'ofCase' | 'brokenBy'>,
): Promise<Pick<Asking, 'undertakings'>> {
  const asked = matters
    .flatMap(({ materials }) => materials)
    .filter(({ exemption }) => exemption === 'commitment')
  if (asked.length === 0) return {}
  const holders = new Set(asked.flatMap(({ holder }) => parties[holder] ?? []))
  const [records, broken] = await Promise.all([
    code === undefined ? [] : undertakings.ofCase(code),
    undertakings.brokenBy([...holders]),
  ])
  return { undertakings: { from: day, given: new Map(records.map(givenIn)), broken } }
}

function givenIn({ statement, checks }: UndertakingRecord): [string, GivenUndertaking] {
  const { material, role, due } = statement.undertaking
  const result = checks[0]?.statement.result
  const given = { id: statement.id, ...(result && { result }), ...(due !== '' && { due }) }
  return [placeOf({ holder: role, material }), given]
}
