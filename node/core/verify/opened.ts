import { decodeHex, encodeHex } from '../bytes.ts'
import { commit, SALT_LENGTH } from '../commitment.ts'
import type { Evidence } from '../evidence.ts'
import { LedgerError } from '../errors.ts'
import type { Hex } from '../ethereum/hex.ts'
import { encodeStatement } from '../statement.ts'
import type { CertificateIssued } from '../statements/certificate.ts'
import { isReceipt } from '../statements/check.ts'
import { parseTlogProof } from '../tlog/tlogProof.ts'
import { checkCommitment } from './commitment.ts'
import { checkInclusion, findNote, findUnverifiedCheckpoint } from './inclusion.ts'

/** A certificate with its serial, which is the commitment of the statement that issued it. */
export interface OpenedCertificate {
  readonly statement: CertificateIssued
  readonly index: number
  readonly serial: Hex
  /** When the log took it in, seconds since 1970. */
  readonly at: number
}

/**
 * The certificate that evidence is about: issued by its statement, or used by it. Undefined when it is about none.
 *
 * @throws LedgerError unverified/CERTIFICATE_ABSENT the statement used one that does not travel with it
 * @throws LedgerError unverified/CERTIFICATE_OF_OTHER_CHECKPOINT, CERTIFICATE_* and what inclusion throws
 */
export function openCertificate(evidence: Evidence): OpenedCertificate | undefined {
  const { statement, salt, entry, proof } = evidence
  if (statement.kind === 'certificate.issued') {
    return describe(statement, salt, entry.at, proof)
  }
  if (!isReceipt(statement) || statement.subject.kind !== 'certificate') return undefined
  const { certificate } = evidence
  if (certificate === undefined) throw unverified('CERTIFICATE_ABSENT')
  if (checkCommitment(certificate) !== 'COMMITMENT_OPENS') throw unverified('CERTIFICATE_ALTERED')
  // The one checkpoint that is signed and anchored vouches for both entries.
  const note = findNote(proof)
  if (note === undefined || findNote(certificate.proof) !== note)
    throw unverified('CERTIFICATE_OF_OTHER_CHECKPOINT')
  const included = checkInclusion(
    certificate.entry,
    certificate.proof,
    findUnverifiedCheckpoint(note),
  )
  if (included !== 'ENTRY_INCLUDED') throw unverified('CERTIFICATE_NOT_INCLUDED')
  return describe(certificate.statement, certificate.salt, certificate.entry.at, certificate.proof)
}

function describe(
  statement: CertificateIssued,
  salt: string,
  at: string,
  proof: string,
): OpenedCertificate {
  const commitment = commit(decodeHex(salt, SALT_LENGTH), encodeStatement(statement))
  return {
    statement,
    index: parseTlogProof(proof).index,
    serial: `0x${encodeHex(commitment)}`,
    at: Math.floor(Date.parse(at) / 1000),
  }
}

function unverified(code: string): LedgerError {
  return new LedgerError('unverified', code)
}
