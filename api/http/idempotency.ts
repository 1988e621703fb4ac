import { utf8 } from '../../node/core/bytes.ts'
import { sha256 } from '../../node/core/hash/hash.ts'
import { canonicalize } from '../../node/core/json.ts'
import type { Idempotency } from '../../node/ledger/ledger.ts'
import { findHeader, parseIdempotencyKey } from './headers.ts'
import type { Context } from './route.ts'

/**
 * The Idempotency-Key of a request, and what it stands for.
 *
 * @param route a word: a key counts for each principal and route on its own
 * @param asked all that the answer depends on, as JSON
 * @throws LedgerError invalid/IDEMPOTENCY_KEY_MALFORMED
 */
export function idempotencyOf(
  { req }: Pick<Context, 'req'>,
  principal: string,
  route: 'use' | 'reuse',
  asked: unknown,
): Idempotency | undefined {
  const key = parseIdempotencyKey(findHeader(req, 'idempotency-key'))
  if (key === undefined) return undefined
  // No key that a client sends holds a space; that of a line in a batch has a number in the place of the word.
  return { principal, key: `${key} ${route}`, fingerprint: sha256(utf8(canonicalize(asked))) }
}
