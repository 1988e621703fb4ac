import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import { findHeader, parsePrefer } from '../headers.ts'
import type { Context } from '../route.ts'

/** No proxy or client keeps a connection open much longer than this. */
const MAX_WAIT_MS = 10 * 60_000

/**
 * The signal that ends waiting for an act to be mined: after the time in `Prefer: wait=<seconds>` (RFC 7240), else
 * after `defaultMs`, or when the client is gone. Undefined where the caller prefers not to wait: `Prefer:
 * respond-async`.
 */
export function minedSignal(ctx: Context, defaultMs: number): AbortSignal | undefined {
  const prefer = findHeader(ctx.req, 'prefer')
  if (prefer !== undefined && /(^|,)\s*respond-async\s*(,|;|$)/i.test(prefer)) return undefined
  const asked = parsePrefer(prefer).wait ?? defaultMs
  const gone = new AbortController()
  ctx.res.once('close', () => gone.abort())
  // Silence is what was asked for: the server's idle time must not end it.
  ctx.req.setTimeout(0)
  return AbortSignal.any([gone.signal, AbortSignal.timeout(Math.min(asked, MAX_WAIT_MS))])
}

/** @throws LedgerError unavailable/ANCHOR_TIMEOUT, which says where the evidence will be */
export async function whenAnchored<T>(path: string, evidence: Promise<T>): Promise<T> {
  try {
    return await evidence
  } catch (cause) {
    if (!isLedgerError(cause, 'ANCHOR_TIMEOUT')) throw cause
    throw new LedgerError('unavailable', 'ANCHOR_TIMEOUT', { evidence: path }, { cause })
  }
}
