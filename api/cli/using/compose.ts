import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { ScopeView } from '../../../node/core/grants/scope.ts'
import type { UseContext } from '../../../node/core/grants/use.ts'
import type { Question } from '../../../node/core/resolution/questions.ts'
import type { Authorization, Manner, UseRequest } from '../../../node/core/uses/documents.ts'
import { composeUse } from '../../client/composeUse.ts'
import { chainOf } from '../granting/chain.ts'
import type { Session } from '../signing/session.ts'

/** What somebody wants to use, and under which grants: one of each holder. */
export interface Wanted {
  readonly subject: UseRequest['subject']
  /** Code of the material or certificate type; unless given, one that the grant is about. */
  readonly type?: string
  readonly fields: string[]
  readonly manner: Manner
  /** Of a data check. */
  readonly questions?: readonly Question[]
  readonly context: UseContext
  /** The department. */
  readonly user: Hex
  /** Seconds since 1970: up to then it may be asked. */
  readonly notAfter: number
}

export type Unsigned = Omit<Authorization, 'signature'>

/**
 * What there is to sign under a grant that one received.
 *
 * @param before uses under it that were signed and not counted yet
 * @throws LedgerError as `composeUse` and `chainOf`
 */
export async function composeUnder(
  grant: Hex,
  wanted: Wanted,
  { client, registries, origin }: Session,
  before = 0,
): Promise<Unsigned> {
  const { subject, user } = wanted
  const [chain, view, { used }, department] = await Promise.all([
    chainOf(client.grants, grant, registries),
    client.grants.view(grant),
    client.grants.get(grant),
    client.departments.get(user),
  ])
  const type = wanted.type ?? typeIn(view, wanted)
  const asked = { ...wanted, subject: { ...subject, type }, region: department.region }
  // Only what is limited is counted.
  const sequence = chain.some(({ uses }) => uses !== 0) ? used + before : used
  const { use, openings } = composeUse({ ...asked, origin, chain, view, sequence }, registries)
  return { chain, use, openings }
}

/** The type of certificates whose fields were granted: a department may not look up what it asks for. */
function typeIn({ items }: ScopeView, { fields }: Wanted): string {
  const types = items.flatMap(({ item }) => ('certificateType' in item ? [item] : []))
  const found = types.find((item) => fields.every((name) => item.fields.includes(name))) ?? types[0]
  return found?.certificateType ?? ''
}
