import { verifyWitnesses } from '../tlog/cosignature.ts'
import type { Trust } from '../trust.ts'
import { codeOfStep } from './codes.ts'

const NAMES = {
  NOTE_MALFORMED: 'CHECKPOINT_UNREADABLE',
  NOTE_SIGNATURE_INVALID: 'WITNESS_SIGNATURE_INVALID',
}

/**
 * As many different trusted witnesses cosigned the checkpoint as the trust asks for.
 * Cosignatures of others are ignored; a wrong one of a trusted witness damns the checkpoint.
 */
export function checkWitnesses(
  note: string | undefined,
  { keys, quorum }: Trust['witnesses'],
): Promise<string> {
  return codeOfStep(() => {
    if (keys.length === 0) return 'WITNESSES_NOT_REQUIRED'
    if (note === undefined) return 'CHECKPOINT_UNREADABLE'
    verifyWitnesses(note, keys, quorum)
    return quorum === 0 ? 'WITNESSES_NOT_REQUIRED' : 'WITNESSES_COSIGNED'
  }, NAMES)
}
