import { isLedgerError, LedgerError } from '../../node/core/errors.ts'
import { findHeader, parsePrefer } from './headers.ts'
import type { Context } from './route.ts'

/** No proxy or client keeps a connection open much longer than this. */
const MAX_WAIT_MS = 10 * 60_000

/**
 * The signal that ends `?wait=anchored`: after the time in `Prefer: wait=<seconds>` (RFC 7240), else
 * after `defaultMs`, or when the client is gone. Undefined when the caller does not wait.
 *
 * @throws LedgerError invalid/WAIT_UNKNOWN
 */
export function anchoredSignal(ctx: Context, defaultMs: number): AbortSignal | undefined {
  // Most requests have no query at all, and asking for it costs.
  if (ctx.req.url?.includes('?') !== true) return undefined
  const { wait } = ctx.query
  if (wait === undefined) return undefined
  if (wait !== 'anchored') throw new LedgerError('invalid', 'WAIT_UNKNOWN')
  const asked = parsePrefer(findHeader(ctx.req, 'prefer')).wait ?? defaultMs
  const gone = new AbortController()
  ctx.res.once('close', () => gone.abort())
  // Silence is what was asked for: the server's idle time must not end it.
  ctx.req.setTimeout(0)
  return AbortSignal.any([gone.signal, AbortSignal.timeout(Math.min(asked, MAX_WAIT_MS))])
}

/**
 * @throws LedgerError unavailable/ANCHOR_TIMEOUT, which says that the material is safe and where its evidence will be
 */
export async function whenAnchored<T>(id: string, evidence: () => Promise<T>): Promise<T> {
  try {
    return await evidence()
  } catch (cause) {
    if (!isLedgerError(cause, 'ANCHOR_TIMEOUT')) throw cause
    throw new LedgerError(
      'unavailable',
      'ANCHOR_TIMEOUT',
      { id, evidence: `/v1/materials/${id}/evidence` },
      { cause },
    )
  }
}
