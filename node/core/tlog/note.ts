import { encodeBase64, tryDecodeBase64, utf8 } from '../bytes.ts'
import { LedgerError } from '../errors.ts'
import { verifyEd25519 } from './ed25519.ts'
import { isKeyName, isNoteText } from './text.ts'
import { SIGNATURE_TYPE } from './verifierKey.ts'
import type { VerifierKey } from './verifierKey.ts'

/** C2SP signed-note: a text and who signed it. */
export interface Note {
  /** Ends in a newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

export interface NoteSignature {
  readonly name: string
  /** uint32 */
  readonly keyId: number
  readonly signature: Uint8Array
}

/** Port: a private key. Its own folder knows where it lives. */
export interface NoteSigner {
  readonly name: string
  readonly keyId: number
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** Whether `signature` over the note's text is `key`'s. What is signed depends on the key's type. */
export type VerifySignature = (key: VerifierKey, text: string, signature: Uint8Array) => boolean

// The specification asks to accept 16 at least and to have a limit.
const MOST_SIGNATURES = 100
const SIGNATURE_LINE = /^— (?<name>[^ ]+) (?<signature>[^ ]+)$/

/**
 * Accepts exactly what `formatNote` gives.
 *
 * @throws LedgerError invalid/NOTE_MALFORMED
 */
export function parseNote(note: string): Note {
  // The text may hold empty lines, the signatures cannot: the last one separates the two.
  const separator = note.lastIndexOf('\n\n')
  const text = note.slice(0, separator + 1)
  const lines = note.slice(separator + 2).split('\n')
  if (separator < 0 || !isNoteText(note) || lines.pop() !== '') throw malformed()
  if (lines.length < 1 || lines.length > MOST_SIGNATURES) throw malformed()
  return { text, signatures: lines.map(parseSignatureLine) }
}

function parseSignatureLine(line: string): NoteSignature {
  const { name, signature } = SIGNATURE_LINE.exec(line)?.groups ?? {}
  const bytes = tryDecodeBase64(signature ?? '')
  if (name === undefined || !isKeyName(name) || bytes === undefined || bytes.length < 5)
    throw malformed()
  const keyId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return { name, keyId, signature: bytes.slice(4) }
}

/** @throws LedgerError invalid/NOTE_MALFORMED when the parts have no form that can be parsed */
export function formatNote({ text, signatures }: Note): string {
  if (!isNoteText(text) || signatures.length < 1 || signatures.length > MOST_SIGNATURES)
    throw malformed()
  return `${text}\n${signatures.map(formatSignatureLine).join('')}`
}

function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name) || signature.length < 1) throw malformed()
  const bytes = new Uint8Array(4 + signature.length)
  new DataView(bytes.buffer).setUint32(0, keyId)
  bytes.set(signature, 4)
  return `— ${name} ${encodeBase64(bytes)}\n`
}

/** The note of `text` with one signature, of the type that a signer's plain `sign` gives. */
export async function signNote(text: string, signer: NoteSigner): Promise<string> {
  const signature = await signer.sign(utf8(text))
  return formatNote({ text, signatures: [{ name: signer.name, keyId: signer.keyId, signature }] })
}

/**
 * Signatures of unknown keys are ignored; one bad signature of a known key damns the note.
 *
 * @returns those of `keys` that signed: one or more
 * @throws LedgerError unverified/NOTE_KEY_UNKNOWN, unverified/NOTE_SIGNATURE_INVALID
 */
export function verifyNote(
  note: Note,
  keys: readonly VerifierKey[],
  verifySignature: VerifySignature = verifyPlainSignature,
): VerifierKey[] {
  const signers = findSigners(note, keys, verifySignature)
  if (signers.length === 0) throw new LedgerError('unverified', 'NOTE_KEY_UNKNOWN')
  return signers
}

/**
 * As `verifyNote`, but nobody need have signed.
 *
 * @throws LedgerError unverified/NOTE_SIGNATURE_INVALID
 */
export function findSigners(
  { text, signatures }: Note,
  keys: readonly VerifierKey[],
  verifySignature: VerifySignature,
): VerifierKey[] {
  return keys.filter((key) => {
    const own = signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId)
    if (!own.every(({ signature }) => verifySignature(key, text, signature)))
      throw new LedgerError('unverified', 'NOTE_SIGNATURE_INVALID', { name: key.name })
    return own.length > 0
  })
}

function verifyPlainSignature(key: VerifierKey, text: string, signature: Uint8Array): boolean {
  return key.type === SIGNATURE_TYPE.ed25519 && verifyEd25519(signature, utf8(text), key.key)
}

function malformed(): LedgerError {
  return new LedgerError('invalid', 'NOTE_MALFORMED')
}
