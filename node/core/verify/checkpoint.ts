import { verifyCheckpoint } from '../tlog/checkpoint.ts'
import type { LogTrust } from '../tlog/checkpoint.ts'
import { codeOfStep } from './codes.ts'

const NAMES = {
  NOTE_KEY_UNKNOWN: 'CHECKPOINT_KEY_UNKNOWN',
  NOTE_SIGNATURE_INVALID: 'CHECKPOINT_SIGNATURE_INVALID',
}

/** The trusted log signed the checkpoint, under its own origin. */
export function checkCheckpoint(note: string | undefined, log: LogTrust): Promise<string> {
  return codeOfStep(() => {
    if (note === undefined) return 'CHECKPOINT_UNREADABLE'
    verifyCheckpoint(note, log)
    return 'CHECKPOINT_SIGNED'
  }, NAMES)
}
