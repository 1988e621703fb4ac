import { hashAct } from '../../../node/core/acts/typedData.ts'
import { encode0x } from '../../../node/core/ethereum/hex.ts'
import { describeUndertaking } from '../../../node/core/undertakings/sentences.ts'
import { stateOf } from '../../../node/undertakings/undertakings.ts'
import type { UndertakingRecord } from '../../../node/undertakings/undertakings.ts'
import type { GivenUndertaking } from './schema.ts'

export function presentUndertaking(record: UndertakingRecord): GivenUndertaking {
  const { index, at, statement, checks } = record
  const { id, registries, undertaking, signature } = statement
  const digest = hashAct({ type: 'Undertaking', message: undertaking }, registries)
  return {
    ...undertaking,
    id,
    index,
    at,
    state: stateOf(record),
    sentence: describeUndertaking(undertaking, registries),
    digest: encode0x(digest),
    signature,
    checks: checks.map(({ statement: check, ...place }) => {
      const { id: checkId, result, reason, officer, by } = check
      return { id: checkId, result, reason, officer, by, ...place }
    }),
  }
}
