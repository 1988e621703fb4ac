import { isLedgerError } from '../errors.ts'
import type { LedgerError } from '../errors.ts'
import { parseEvidence } from '../evidence.ts'
import type { Evidence } from '../evidence.ts'
import type { Trust } from '../trust.ts'
import { makeCheck, overall } from '../verdict.ts'
import type { Check, Verdict } from '../verdict.ts'
import { checkAnchors } from './anchor.ts'
import type { FindChain } from './anchor.ts'
import { checkCheckpoint } from './checkpoint.ts'
import { codeOfStep } from './codes.ts'
import { checkCommitment } from './commitment.ts'
import { checkContent } from './content.ts'
import type { GivenContent } from './content.ts'
import { checkStatement } from './statement.ts'
import { checkInclusion, findNote, findUnverifiedCheckpoint } from './inclusion.ts'
import { checkWitnesses } from './witnesses.ts'

export interface VerifyOptions {
  /** The content that the evidence is said to be about, digested by the caller. */
  readonly content?: GivenContent
  /** Without it nothing is asked of any chain: the verdict is an offline one. */
  readonly findChain?: FindChain
  /**
   * Seconds since 1970: how things stood then. Unless given, a certificate is judged as of its newest proof, or of its
   * use.
   */
  readonly at?: number
  /** Seconds since 1970: the current time, by which a derived copy may be past its use. `at` goes before it. */
  readonly now?: number
}

/**
 * Checks evidence against what the verifier trusts, and nothing else.
 *
 * Never throws for bad evidence: the verdict names what is wrong. Without a content, `content` is
 * skipped and a pass speaks of the statement alone.
 */
export async function verifyEvidence(
  evidence: Evidence,
  trust: Trust,
  { content, findChain = () => undefined, at, now }: VerifyOptions = {},
): Promise<Verdict> {
  const { statement, entry, proof, anchors } = evidence
  const note = findNote(proof)
  const checkpoint = findUnverifiedCheckpoint(note)
  const anchored = await checkAnchors(anchors, checkpoint, trust.chains, findChain)
  return verdictOf([
    makeCheck('content', checkContent(statement, content, at ?? now)),
    makeCheck('commitment', await codeOfStep(() => checkCommitment(evidence))),
    makeCheck('inclusion', await codeOfStep(() => checkInclusion(entry, proof, checkpoint))),
    makeCheck('checkpoint', await checkCheckpoint(note, trust.log)),
    makeCheck('witnesses', await checkWitnesses(note, trust.witnesses)),
    makeCheck('anchor', anchored.code, anchored.details),
    ...(await checkStatement(evidence, trust, { findChain, ...(at !== undefined && { at }) })),
  ])
}

/** As `verifyEvidence`; a text that is no evidence fails the one check `evidence`. */
export async function verifyEvidenceText(
  source: string | Uint8Array,
  trust: Trust,
  options: VerifyOptions = {},
): Promise<Verdict> {
  let evidence: Evidence
  try {
    evidence = parseEvidence(source)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return verdictOnUnreadable(error)
  }
  return verifyEvidence(evidence, trust, options)
}

/** The verdict on what cannot be read: the one check `evidence` fails. */
export function verdictOnUnreadable({ code, details }: LedgerError): Verdict {
  return verdictOf([makeCheck('evidence', code, details)])
}

function verdictOf(checks: Check[]): Verdict {
  return { result: overall(checks), checks }
}
