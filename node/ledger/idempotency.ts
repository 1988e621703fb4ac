import { LedgerError } from '../core/errors.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'

/** What an idempotency key was used for, and which answer it got. */
export interface Replay {
  /** SHA-256 of what the caller asked for. */
  readonly fingerprint: Uint8Array
  readonly index: number
  /** Size of the checkpoint in the answer: with it, the same answer can be given again. */
  readonly size: number
}

const LENGTH = 32 + 6 + 6

/** fingerprint(32) ‖ index(6) ‖ size(6), big-endian, sealed under its key. */
export function sealReplay(ring: KeyRing, key: string, replay: Replay): Uint8Array {
  const bytes = Buffer.allocUnsafe(LENGTH)
  bytes.set(replay.fingerprint)
  bytes.writeUIntBE(replay.index, 32, 6)
  bytes.writeUIntBE(replay.size, 38, 6)
  return ring.sealRecord(key, bytes)
}

/** @throws LedgerError corrupt/SEAL_BROKEN, corrupt/IDEMPOTENCY_RECORD_MALFORMED */
export function openReplay(ring: KeyRing, key: string, sealed: Uint8Array): Replay {
  const opened = ring.openRecord(key, sealed)
  if (opened.length !== LENGTH) throw new LedgerError('corrupt', 'IDEMPOTENCY_RECORD_MALFORMED')
  const bytes = Buffer.from(opened.buffer, opened.byteOffset, opened.length)
  return {
    fingerprint: bytes.subarray(0, 32),
    index: bytes.readUIntBE(32, 6),
    size: bytes.readUIntBE(38, 6),
  }
}
