import { concatBytes, encodeHex, utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { verifyEd25519 } from './ed25519.ts'
import { findSigners, formatNote, parseNote } from './note.ts'
import type { NoteSigner } from './note.ts'
import { SIGNATURE_TYPE } from './verifierKey.ts'
import type { VerifierKey } from './verifierKey.ts'

const TIMESTAMP_LENGTH = 8

/** C2SP tlog-cosignature, "Ed25519 signed message". */
function cosignedMessage(text: string, timestamp: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timestamp}\n${text}`)
}

/**
 * Adds a witness's cosignature to a checkpoint. The witness has seen that the checkpoint extends
 * every one of this log that it cosigned before.
 *
 * @param note the checkpoint as a signed note
 * @param timestamp POSIX seconds
 */
export async function cosignCheckpoint(
  note: string,
  signer: NoteSigner,
  timestamp: number,
): Promise<string> {
  if (!Number.isSafeInteger(timestamp) || timestamp < 0)
    throw new TypeError(`${timestamp} is not a time in whole seconds`)
  const { text, signatures } = parseNote(note)
  const bytes = new Uint8Array(TIMESTAMP_LENGTH)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timestamp))
  const signature = concatBytes(bytes, await signer.sign(cosignedMessage(text, timestamp)))
  const { name, keyId } = signer
  return formatNote({ text, signatures: [...signatures, { name, keyId, signature }] })
}

/** Whether `signature` is a timestamp and `key`'s Ed25519 signature over it and `text`. */
export function isCosignature(key: VerifierKey, text: string, signature: Uint8Array): boolean {
  if (key.type !== SIGNATURE_TYPE.cosignature) return false
  if (signature.length < TIMESTAMP_LENGTH) return false
  const view = new DataView(signature.buffer, signature.byteOffset, signature.byteLength)
  const timestamp = Number(view.getBigUint64(0))
  // Verifiers may refuse times in the future; beyond 2^53 seconds is one.
  if (!Number.isSafeInteger(timestamp)) return false
  const message = cosignedMessage(text, timestamp)
  return verifyEd25519(signature.subarray(TIMESTAMP_LENGTH), message, key.key)
}

/**
 * Lines of unknown witnesses, and of types that this ledger does not know, are ignored.
 *
 * @param note the checkpoint as a signed note
 * @param quorum how many different witnesses must have cosigned
 * @returns the witnesses that did
 * @throws LedgerError invalid/NOTE_MALFORMED, unverified/NOTE_SIGNATURE_INVALID,
 *   unverified/WITNESS_QUORUM_NOT_MET
 */
export function verifyWitnesses(
  note: string,
  witnesses: readonly VerifierKey[],
  quorum: number,
): VerifierKey[] {
  const unverifiedNote = parseNote(note)
  const cosigned = findSigners(unverifiedNote, witnesses, isCosignature)
  const distinct = new Set(cosigned.map((witness) => encodeHex(witness.key)))
  if (distinct.size < quorum)
    throw new LedgerError('unverified', 'WITNESS_QUORUM_NOT_MET', { quorum, met: distinct.size })
  return cosigned
}
