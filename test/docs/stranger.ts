import { createHash } from 'node:crypto'
import { readTrust } from '../../node/core/trust.ts'
import type { TrustDocument } from '../../node/core/trust.ts'
import type { Verdict } from '../../node/core/verdict.ts'
import { verifyEvidenceText } from '../../node/core/verify/verifyEvidence.ts'

/** Seconds since 1970: the moment that is asked about, and the present. */
export interface Times {
  readonly at?: number
  readonly now?: number
}

interface Stranger {
  verify(evidence: Uint8Array, trust: TrustDocument, content?: Uint8Array, times?: Times): Verdict
}

/** The verifier that was written from docs/formats.md. */
export const VERIFIER = 'test/docs/verifier/verify.js'
const stranger = (await import(new URL('verifier/verify.js', import.meta.url).href)) as Stranger

const codesOf = ({ result, checks }: Verdict) => [
  result,
  ...checks.map(({ check, result, code }) => `${check} ${result} ${code}`),
]

/** Both verdicts on the same evidence, as codes. */
export async function bothVerdicts(
  text: string,
  trust: TrustDocument,
  bytes?: Uint8Array,
  times: Times = {},
): Promise<[ours: string[], theirs: string[]]> {
  const given = bytes && {
    size: bytes.length,
    digests: ['sha256', 'sm3'].map(
      (name) =>
        `${name.replace('sha256', 'sha-256')}:${createHash(name).update(bytes).digest('hex')}`,
    ),
  }
  const options = given ? { content: given, ...times } : times
  const ours = await verifyEvidenceText(Buffer.from(text), readTrust(trust), options)
  return [codesOf(ours), codesOf(stranger.verify(Buffer.from(text), trust, bytes, times))]
}
