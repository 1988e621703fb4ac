import * as z from 'zod'
import { encodeHex } from './bytes.ts'

/** Algorithms a content may be digested with; the text form is `<algorithm>:<64 lower-case hex>`. */
export const DIGEST_ALGORITHMS = ['sha-256', 'sm3'] as const
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number]

/** @throws TypeError when the digest is not 32 bytes long */
export function formatDigest(algorithm: DigestAlgorithm, bytes: Uint8Array): string {
  if (bytes.length !== 32) throw new TypeError('a digest has 32 bytes')
  return `${algorithm}:${encodeHex(bytes)}`
}

/** Algorithm of a well-formed digest text. */
export function digestAlgorithm(text: string): string {
  return text.slice(0, text.indexOf(':'))
}

export const DigestText = z
  .string()
  .superRefine((text, context) => {
    const code = digestFault(text)
    if (code !== undefined) {
      context.addIssue({ code: 'custom', message: 'not a tagged digest', params: { code } })
    }
  })
  .meta({
    id: 'Digest',
    description: 'Digest of a content, tagged with its algorithm',
    pattern: '^(sha-256|sm3):[0-9a-f]{64}$',
    examples: ['sha-256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  })

const WELL_FORMED = /^(?:sha-256|sm3):[0-9a-f]{64}$/
const TAGGED_HEX = /^([a-z0-9-]{1,32}):[0-9a-f]*$/

function digestFault(text: string): string | undefined {
  if (WELL_FORMED.test(text)) return undefined
  const algorithm = TAGGED_HEX.exec(text)?.[1]
  if (algorithm === undefined) return 'DIGEST_MALFORMED'
  const known = DIGEST_ALGORITHMS.some((name) => name === algorithm)
  return known ? 'DIGEST_LENGTH_WRONG' : 'DIGEST_ALGORITHM_UNKNOWN'
}
