import { encodeBase64, tryDecodeBase64 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { HASH_LENGTH } from '../hash/hash.ts'
import type { TreeHead } from '../merkle/verify.ts'
import { parseNote, signNote, verifyNote } from './note.ts'
import type { NoteSigner } from './note.ts'
import { isLine } from './text.ts'
import type { VerifierKey } from './verifierKey.ts'

/** C2SP tlog-checkpoint: origin, size and root, as the text that a log signs. */
export interface Checkpoint extends TreeHead {
  /** Names the log for its whole life: one line, not empty. */
  readonly origin: string
  /** Lines without a meaning here, none of them empty. */
  readonly extensions?: readonly string[]
}

/** What a verifier decides to believe about a log. */
export interface LogTrust {
  readonly origin: string
  readonly key: VerifierKey
}

/** @throws LedgerError invalid/CHECKPOINT_MALFORMED when the parts have no form to be parsed */
export function formatCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  const lines = [origin, String(size), encodeBase64(root), ...extensions]
  const sound = Number.isSafeInteger(size) && size >= 0 && root.length === HASH_LENGTH
  if (!sound || !lines.every(isLine)) throw malformed()
  return `${lines.join('\n')}\n`
}

/**
 * Accepts exactly what `formatCheckpoint` gives: a signed note's text, without the signatures.
 *
 * @throws LedgerError invalid/CHECKPOINT_MALFORMED, invalid/CHECKPOINT_SIZE_MALFORMED
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.length < 3 || !lines.every(isLine)) throw malformed()
  const [origin, size, encodedRoot, ...extensions] = lines as [string, string, string]
  const root = tryDecodeBase64(encodedRoot, HASH_LENGTH)
  if (root === undefined) throw malformed()
  const head = { origin, size: parseSize(size), root }
  return extensions.length > 0 ? { ...head, extensions } : head
}

function parseSize(line: string): number {
  const size = Number(line)
  // One spelling per size: a checkpoint is signed as text.
  if (!/^(0|[1-9]\d*)$/.test(line) || !Number.isSafeInteger(size))
    throw new LedgerError('invalid', 'CHECKPOINT_SIZE_MALFORMED')
  return size
}

/** @returns a signed note */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): Promise<string> {
  return signNote(formatCheckpoint(checkpoint), signer)
}

/**
 * Signatures of others (witnesses, rotated keys) are ignored.
 *
 * @param note the checkpoint as a signed note
 * @throws LedgerError invalid/NOTE_MALFORMED, invalid/CHECKPOINT_MALFORMED,
 *   invalid/CHECKPOINT_SIZE_MALFORMED, unverified/NOTE_KEY_UNKNOWN,
 *   unverified/NOTE_SIGNATURE_INVALID, unverified/CHECKPOINT_ORIGIN_MISMATCH
 */
export function verifyCheckpoint(note: string, { origin, key }: LogTrust): Checkpoint {
  const unverifiedNote = parseNote(note)
  verifyNote(unverifiedNote, [key])
  const checkpoint = parseCheckpoint(unverifiedNote.text)
  if (checkpoint.origin !== origin)
    throw new LedgerError('unverified', 'CHECKPOINT_ORIGIN_MISMATCH', { origin })
  return checkpoint
}

function malformed(): LedgerError {
  return new LedgerError('invalid', 'CHECKPOINT_MALFORMED')
}
