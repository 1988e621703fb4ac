import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { isLedgerError } from '../../node/core/errors.ts'
import { STATEMENT_LIMITS } from '../../node/core/json.ts'
import { parseStatement } from '../../node/core/statement.ts'
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

const documents = (await import(new URL('verifier/documents.js', import.meta.url).href)) as {
  requireStatement(statement: unknown): void
}

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

/** That both read each, or refuse it with the same code. Answers the codes, empty where it is read. */
export function expectSameReadings(statements: Iterable<unknown>): string[] {
  const codes: string[] = []
  for (const statement of statements) {
    const text = JSON.stringify(statement)
    // Of two codes that fit, either may be told.
    if (Buffer.byteLength(text) > STATEMENT_LIMITS.bytes) continue
    const ours = codeOf(() => parseStatement(text))
    const theirs = codeOf(() => {
      documents.requireStatement(JSON.parse(text))
    })
    expect(theirs, text).to.equal(ours)
    codes.push(theirs)
  }
  return codes
}

/** Nothing where it is read. */
function codeOf(read: () => unknown): string {
  try {
    read()
    return ''
  } catch (error) {
    if (isLedgerError(error)) return error.code
    if (error instanceof Error && /^[A-Z_]+$/.test(error.message)) return error.message
    throw error
  }
}
