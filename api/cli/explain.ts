import { CommanderError } from 'commander'
import { isLedgerError } from '../../node/core/errors.ts'
import type { ErrorKind, LedgerError } from '../../node/core/errors.ts'
import { SENTENCES } from '../http/problems.ts'
import { EXIT } from './exitCodes.ts'

export interface Explained {
  readonly exitCode: number
  readonly code: string
  /** For a person. */
  readonly message: string
  readonly details?: Readonly<Record<string, unknown>>
}

const EXIT_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: EXIT.refused,
  unauthenticated: EXIT.refused,
  forbidden: EXIT.refused,
  notFound: EXIT.refused,
  conflict: EXIT.refused,
  tooLarge: EXIT.refused,
  unverified: EXIT.found,
  tooMany: EXIT.unreachable,
  corrupt: EXIT.failed,
  unavailable: EXIT.unreachable,
}

/** Members of a problem document that the code and the message say already. */
const SAID = new Set(['type', 'title', 'status', 'detail', 'code', 'instance'])

/** Where a person at a command line does something else than who sends a request. */
const SENTENCES_HERE: Readonly<Record<string, string>> = {
  TOKEN_MISSING:
    'This needs a key (--key <name>) or a token: --token or ONCE_TOKEN, or the data folder of a node on this machine, ONCE_DATA.',
}

/** What went wrong, what to do, and what the process ends with. */
export function explain(error: unknown): Explained {
  if (error instanceof CommanderError) {
    return { exitCode: exitOfCommander(error), code: 'USAGE', message: error.message }
  }
  if (isLedgerError(error)) {
    const stated = error.details['detail']
    const sentence =
      SENTENCES_HERE[error.code] ??
      SENTENCES[error.code] ??
      (typeof stated === 'string' ? stated : 'It did not work.')
    const details = Object.entries(error.details).filter(([name]) => !SAID.has(name))
    return {
      exitCode: exitOf(error),
      code: error.code,
      message: sentence,
      ...(details.length > 0 && { details: Object.fromEntries(details) }),
    }
  }
  return explainSystemError(error)
}

function exitOf({ kind, details }: LedgerError): number {
  // A local file that cannot be used was named by whoever typed the command.
  if ('file' in details) return EXIT.usage
  // Found is what was looked at here; of a problem document, which has a status, it was the ledger that refused.
  if (kind === 'unverified' && 'status' in details) return EXIT.refused
  return EXIT_OF_KIND[kind]
}

/** In one line, for a person. */
export function formatExplained({ code, message, details }: Omit<Explained, 'exitCode'>): string {
  if (code === 'USAGE') return message
  return `${message} (${code}${details === undefined ? '' : ` ${JSON.stringify(details)}`})`
}

/** One of many that was refused, for scripts. */
export function presentRefusal(error: LedgerError) {
  const { code, message, details } = explain(error)
  return { result: 'refused', problem: { code, message, ...(details && { details }) } } as const
}

/** Commander calls everything 1, also what was only asked for, such as help. */
function exitOfCommander({ exitCode }: CommanderError): number {
  return exitCode === 0 ? EXIT.ok : EXIT.usage
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder',
  EACCES: 'This may not be read or written',
  EISDIR: 'This is a folder, not a file',
  ENOTDIR: 'This is a file, not a folder',
  EEXIST: 'This exists already',
  ENOSPC: 'The disk is full',
}

function explainSystemError(error: unknown): Explained {
  const { code = '', path = '' } = error as NodeJS.ErrnoException
  const sentence = FILE_ERRORS[code]
  if (sentence !== undefined) {
    return { exitCode: EXIT.usage, code, message: `${sentence}${path ? `: ${path}` : ''}.` }
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { exitCode: EXIT.failed, code: 'INTERNAL', message: text }
}
