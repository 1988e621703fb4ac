import type { Command } from 'commander'
import type { Wallet } from 'ethers'
import { misuse } from '../context.ts'
import { readKeyFile } from './keyFile.ts'
import { readPassphrase } from './passphrase.ts'
import type { PassphraseChoice } from './passphrase.ts'

export interface KeyChoice extends PassphraseChoice {
  readonly key?: string
}

/** The options of every command that signs. */
export function takesKey(command: Command): Command {
  return takesPassphrase(
    command.option('--key <name or path>', 'the key to sign with, see once key (ONCE_KEY)'),
  )
}

export function takesPassphrase(command: Command): Command {
  return command.option(
    '--passphrase-file <file>',
    'file of the passphrase (else ONCE_PASSPHRASE, else asked for)',
  )
}

/** Whether ONCE_KEY names one. */
export function namesKey(): boolean {
  return Boolean(process.env['ONCE_KEY'])
}

/**
 * The account that a command signs by: of `--key`, else of ONCE_KEY.
 *
 * @throws LedgerError notFound/KEY_NOT_FOUND, forbidden/KEY_EXPOSED, invalid/KEY_FILE_MALFORMED, PASSPHRASE_WRONG
 */
export async function openKey(choice: KeyChoice): Promise<Wallet> {
  const key =
    choice.key ??
    (process.env['ONCE_KEY'] ||
      misuse('Say which key signs: --key <name>, or ONCE_KEY. Make one with `once key new`.'))
  const { path, text } = await readKeyFile(key)
  const passphrase = await readPassphrase(choice)
  // Loaded only now: most commands sign nothing.
  const { unsealKey } = await import('./keystore.ts')
  return unsealKey(text, passphrase, path)
}
