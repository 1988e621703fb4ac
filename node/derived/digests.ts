import { createHash } from 'node:crypto'
import { DIGEST_ALGORITHMS, formatDigest } from '../core/digest.ts'

const HASH_NAMES = { 'sha-256': 'sha256', sm3: 'sm3' } as const

/** By every algorithm that a statement may name, in its order. */
export function digestsOf(bytes: Uint8Array): string[] {
  return DIGEST_ALGORITHMS.map((algorithm) =>
    formatDigest(algorithm, createHash(HASH_NAMES[algorithm]).update(bytes).digest()),
  )
}
