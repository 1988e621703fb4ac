import { LedgerError, isLedgerError } from '../../core/errors.ts'

/** Says what an error of LevelDB means for whoever must act. */
export function storeError(
  cause: unknown,
  details: Readonly<Record<string, unknown>> = {},
): LedgerError {
  if (isLedgerError(cause)) return cause
  const root = rootOf(cause)
  const corrupt = (reason: string) =>
    new LedgerError('corrupt', 'STORE_CORRUPT', { ...details, reason }, { cause })
  if (root.code === 'LEVEL_LOCKED')
    return new LedgerError('unavailable', 'DATA_FOLDER_IN_USE', details, { cause })
  if (root.code === 'LEVEL_CORRUPTION') return corrupt(root.message)
  // A file that another one names: the folder itself is made when it is missing.
  if (root.message.includes('No such file or directory')) return corrupt(root.message)
  // LevelDB keeps the words of strerror and nothing else.
  if (/No space left on device|Disk quota exceeded/.test(root.message))
    return new LedgerError('unavailable', 'STORE_FULL', details, { cause })
  if (root.code !== undefined && CLOSED.has(root.code))
    return new LedgerError('unavailable', 'STORE_CLOSED', details, { cause })
  return new LedgerError(
    'unavailable',
    'STORE_UNREADABLE',
    { ...details, reason: root.message },
    { cause },
  )
}

const CLOSED = new Set([
  'LEVEL_DATABASE_NOT_OPEN',
  'LEVEL_ITERATOR_NOT_OPEN',
  'LEVEL_BATCH_NOT_OPEN',
  'LEVEL_ABORTED',
])

/** `level` wraps what LevelDB said on opening. */
function rootOf(error: unknown): { readonly message: string; readonly code: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error), code: undefined }
  if (error.cause instanceof Error) return rootOf(error.cause)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { message: error.message, code }
}
