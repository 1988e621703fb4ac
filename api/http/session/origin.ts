import { LedgerError } from '../../../node/core/errors.ts'
import type { Context } from '../route.ts'

/**
 * The name by which the caller reaches this API, for the message to sign.
 *
 * The Host header alone proves nothing: a page that poses as the ledger could hand its own name through, and the wallet
 * of a visitor would find nothing wrong. So only names that the operator gave count, and without any, those of this
 * machine, where nobody else can be.
 *
 * @param publicUrls origins; none where the operator gave none
 * @throws LedgerError invalid/HOST_UNKNOWN
 */
export function originOf(ctx: Context, publicUrls: readonly string[]): string {
  const called = URL.parse(`${ctx.protocol}://${ctx.host}`)
  const known = publicUrls.find((url) => new URL(url).host === hostFor(url, ctx.host))
  if (known !== undefined) return known
  if (publicUrls.length === 0 && called !== null && isLoopback(called.hostname))
    return called.origin
  throw new LedgerError('invalid', 'HOST_UNKNOWN')
}

/** A Host with the scheme's own port written out is the same host. */
function hostFor(url: string, host: string): string | undefined {
  return URL.parse(`${new URL(url).protocol}//${host}`)?.host
}

export function isLoopback(host: string): boolean {
  // Not by its beginning: 127.example.org is somebody else.
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
