import type { Command } from 'commander'
import { takesKey } from '../keys/openKey.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import type { Confirmation } from './confirm.ts'

export type SigningOptions = KeyChoice & Confirmation

/** The options of a command that signs in; and, unless told otherwise, has something signed that is shown before. */
export function signs(command: Command, { asks = true } = {}): Command {
  const keyed = takesKey(command)
  return asks ? keyed.option('--yes', 'sign without asking: for scripts') : keyed
}
