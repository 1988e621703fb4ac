import { createHash, hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { LedgerError } from '../../node/core/errors.ts'
import { findHeader, parseContentDigest } from './headers.ts'

/**
 * Checks a body that was read whole against its Content-Digest, where it has one.
 *
 * @throws LedgerError invalid/CONTENT_DIGEST_MISMATCH, CONTENT_DIGEST_MALFORMED,
 *   CONTENT_DIGEST_ALGORITHM_UNSUPPORTED
 */
export function requireDigest(req: IncomingMessage, body: Uint8Array): void {
  const promised = promisedDigest(req)
  if (promised !== undefined && promised !== `sha-256:${hash('sha256', body)}`)
    throw new LedgerError('invalid', 'CONTENT_DIGEST_MISMATCH')
}

export interface DigestCheck {
  readonly update: (chunk: Uint8Array) => void
  /** @throws LedgerError invalid/CONTENT_DIGEST_MISMATCH */
  finish(): void
}

/**
 * The same for a body that streams by.
 *
 * @throws LedgerError invalid/CONTENT_DIGEST_MALFORMED, CONTENT_DIGEST_ALGORITHM_UNSUPPORTED
 */
export function createDigestCheck(req: IncomingMessage): DigestCheck {
  const promised = promisedDigest(req)
  if (promised === undefined) return { update: () => {}, finish: () => {} }
  const hasher = createHash('sha256')
  return {
    update: (chunk) => void hasher.update(chunk),
    finish: () => {
      if (promised !== `sha-256:${hasher.digest('hex')}`)
        throw new LedgerError('invalid', 'CONTENT_DIGEST_MISMATCH')
    },
  }
}

/** @throws LedgerError invalid/CONTENT_DIGEST_MALFORMED, CONTENT_DIGEST_ALGORITHM_UNSUPPORTED */
export function promisedDigest(req: IncomingMessage): string | undefined {
  const header = findHeader(req, 'content-digest')
  return header === undefined ? undefined : parseContentDigest(header)
}
