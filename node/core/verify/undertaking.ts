import { recoverAccount } from '../acts/signature.ts'
import { hashAct } from '../acts/typedData.ts'
import { isLedgerError } from '../errors.ts'
import { audienceOf } from '../grants/use.ts'
import type { Registries } from '../parties/registries.ts'
import type { UndertakingGiven } from '../statements/undertaking.ts'
import { undertakingIdOf } from '../statements/undertaking.ts'
import type { Finding } from './finding.ts'
import { isNear } from './provenState.ts'
import type { ProvenState } from './provenState.ts'
import type { Logged } from './use.ts'

/**
 * That an account signed it for this ledger, which spoke for `by` when the log took it in. Whether `by` may act for
 * another holder is what the case says.
 *
 * @throws LedgerError unverified/STATE_NOT_PROVEN
 */
export function checkUndertaking(
  statement: UndertakingGiven,
  { proven, registries }: { readonly proven: ProvenState; readonly registries: Registries },
  { origin, loggedAt }: Logged,
): Finding {
  const { undertaking } = statement
  const { holder, by, account } = undertaking
  const details = { holder, by, account, asOf: proven.world.time }
  const names = ['chainId', 'parties', 'certificates', 'grants'] as const
  if (names.some((name) => statement.registries[name] !== registries[name]))
    return { code: 'UNDERTAKING_REGISTRIES_UNTRUSTED', details }
  if (statement.id !== undertakingIdOf(undertaking))
    return { code: 'UNDERTAKING_ID_MISMATCH', details }
  if (undertaking.audience !== audienceOf(origin))
    return { code: 'UNDERTAKING_AUDIENCE_OTHER', details }
  if (!isNear(proven, loggedAt)) return { code: 'UNDERTAKING_PROVEN_AT_OTHER_TIME', details }
  const { from, until } = proven.world.bindingOf(by, account)
  // Up to the second: whoever was bound or released around then, the same block may have told the ledger.
  const isBound = from !== 0 && until === 0
  if (!isBound) return { code: 'UNDERTAKING_ACCOUNT_NOT_BOUND', details }
  const code = isSigned(statement, registries)
    ? 'UNDERTAKING_SIGNED'
    : 'UNDERTAKING_SIGNATURE_UNKNOWN'
  return { code, details }
}

/**
 * False where a contract account may have signed: its owner's key may do that in 65 bytes, as a key does for itself.
 */
function isSigned({ undertaking, signature }: UndertakingGiven, registries: Registries): boolean {
  const digest = hashAct({ type: 'Undertaking', message: undertaking }, registries)
  try {
    return recoverAccount(digest, signature) === undertaking.account
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return false
  }
}
