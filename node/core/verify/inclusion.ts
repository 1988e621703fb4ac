import { formatEntry, readEntry } from '../entry.ts'
import type { EntryDocument } from '../entry.ts'
import { hashLeaf } from '../hash/hash.ts'
import { verifyInclusion } from '../merkle/verify.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import type { Checkpoint } from '../tlog/checkpoint.ts'
import { parseNote } from '../tlog/note.ts'
import { parseTlogProof } from '../tlog/tlogProof.ts'
import { attempt } from './codes.ts'

/**
 * The entry is in the tree of the checkpoint that travels with it; who signed it is another check's matter.
 *
 * The leaf hash is computed from the entry, so an inner node cannot pose as one.
 *
 * @throws LedgerError invalid/TLOG_PROOF_MALFORMED, unverified/MERKLE_*
 */
export function checkInclusion(
  entry: EntryDocument,
  proofText: string,
  unverifiedCheckpoint: Checkpoint | undefined,
): string {
  const proof = parseTlogProof(proofText)
  // Nothing signs it, so nothing of ours puts it there.
  if (proof.extra !== undefined) return 'TLOG_PROOF_EXTRA'
  if (unverifiedCheckpoint === undefined) return 'CHECKPOINT_UNREADABLE'
  verifyInclusion(hashLeaf(formatEntry(readEntry(entry))), proof, unverifiedCheckpoint)
  return 'ENTRY_INCLUDED'
}

/** The checkpoint of a tlog-proof as a signed note; undefined when the proof cannot be read. */
export function findNote(proofText: string): string | undefined {
  return attempt(() => parseTlogProof(proofText).checkpoint)
}

/** What a signed note says, whoever signed it; undefined when it cannot be read. */
export function findUnverifiedCheckpoint(note: string | undefined): Checkpoint | undefined {
  return note === undefined ? undefined : attempt(() => parseCheckpoint(parseNote(note).text))
}
