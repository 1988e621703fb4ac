import { isLedgerError } from '../core/errors.ts'
import type { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import type { Registries } from '../core/parties/registries.ts'
import type { UseReleased } from '../core/statements/use.ts'
import type { UseRequest } from '../core/uses/documents.ts'
import { userOf } from '../core/uses/request.ts'
import type { Term } from '../store/terms.ts'
import type { Asking } from './uses.ts'

/** What a statement says of a request, whatever its answer. */
export type Asked = Pick<
  UseReleased,
  'user' | 'registries' | 'fields' | 'manner' | 'context' | 'authorizations' | 'decision'
>

export function describe(
  request: UseRequest,
  { registries }: { readonly registries: Registries },
  at: number,
  { number, hash }: { readonly number: number; readonly hash: Hex },
  region: string | undefined,
): Asked {
  const { fields, manner, context, authorizations } = request
  return {
    user: userOf(request),
    registries,
    fields,
    manner,
    context,
    authorizations,
    decision: { rules: 1, at, block: { number, hash }, ...(region !== undefined && { region }) },
  }
}

/** Whoever finds a use by them: its holders, the department, and the same request again. */
export function termsOf(
  { holders, user }: Pick<UseReleased, 'holders' | 'user'>,
  { idempotency }: Asking,
): Term[] {
  return [
    ...holders.map((value) => ({ kind: 'use.holder', value })),
    { kind: 'use.user', value: user },
    ...(idempotency ? [keyTerm(idempotency)] : []),
  ]
}

export function keyTerm({ principal, key }: NonNullable<Asking['idempotency']>): Term {
  return { kind: 'use.key', value: JSON.stringify([principal, key]) }
}

/** A rule said no. That something is out of order here is no answer to the department, and no statement about it. */
export function isRefusal(error: unknown): error is LedgerError {
  return (
    isLedgerError(error) &&
    ['invalid', 'forbidden', 'notFound', 'conflict', 'unverified'].includes(error.kind)
  )
}
