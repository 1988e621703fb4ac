import { concatBytes, utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { decode0x } from '../ethereum/hex.ts'
import type { Hex } from '../ethereum/hex.ts'
import { sha256 } from '../hash/hash.ts'
import type { Registries } from '../parties/registries.ts'
import { digestId } from '../statements/parts.ts'
import type { UseRequest } from './documents.ts'
import { useIdsOf } from './signatures.ts'

const LABEL = utf8('onceledger/use-request/v1\0')

/** Statement id of the answer to a request: what was signed is answered once, in whatever order it comes. */
export function useStatementId(
  { authorizations }: Pick<UseRequest, 'authorizations'>,
  registries: Registries,
): string {
  const ids = useIdsOf({ authorizations }, registries)
  return digestId('use', sha256(concatBytes(LABEL, ...ids.map(decode0x))))
}

/** @throws LedgerError invalid/USE_USER_MISMATCH: several departments in one request */
export function userOf({ authorizations }: Pick<UseRequest, 'authorizations'>): Hex {
  const [user, ...others] = new Set(authorizations.map(({ use }) => use.user))
  if (user === undefined || others.length > 0) throw new LedgerError('invalid', 'USE_USER_MISMATCH')
  return user
}
