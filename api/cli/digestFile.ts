import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { DIGEST_ALGORITHMS, formatDigest } from '../../node/core/digest.ts'
import type { DigestAlgorithm } from '../../node/core/digest.ts'
import type { GivenContent } from '../../node/core/verify/content.ts'

const HASH_NAMES = { 'sha-256': 'sha256', sm3: 'sm3' } as const satisfies Record<
  DigestAlgorithm,
  string
>

/** Reads large pieces: each costs a turn of the event loop. */
const PIECE = 1024 * 1024

/** Length and digests of a file, read once, a piece at a time. */
export async function digestFile(
  path: string,
  algorithms: readonly DigestAlgorithm[] = DIGEST_ALGORITHMS,
): Promise<GivenContent> {
  const hashes = algorithms.map((algorithm) => ({
    algorithm,
    hash: createHash(HASH_NAMES[algorithm]),
  }))
  let size = 0
  const pieces = createReadStream(path, { highWaterMark: PIECE })
  for await (const piece of pieces as AsyncIterable<Uint8Array>) {
    size += piece.length
    for (const { hash } of hashes) hash.update(piece)
  }
  return {
    size,
    digests: hashes.map(({ algorithm, hash }) => formatDigest(algorithm, hash.digest())),
  }
}
