import { Command } from 'commander'
import { hexlify, randomBytes, Wallet } from 'ethers'
import { readFile } from 'node:fs/promises'
import { text as readText } from 'node:stream/consumers'
import { LedgerError } from '../../../node/core/errors.ts'
import { Context } from '../context.ts'
import { createKeyFile, decrypt, findKeyFile, isKeystore, listKeyFiles } from '../keys/keyFile.ts'
import type { KeyFile } from '../keys/keyFile.ts'
import { takesPassphrase } from '../keys/openKey.ts'
import { choosePassphrase, readPassphrase } from '../keys/passphrase.ts'
import type { PassphraseChoice } from '../keys/passphrase.ts'
import { askSecret } from '../keys/prompt.ts'

export function keyCommand(): Command {
  return new Command('key')
    .description('keys of accounts, encrypted in files of this machine (ONCE_KEYS)')
    .addCommand(newCommand())
    .addCommand(importCommand())
    .addCommand(showCommand())
    .addCommand(listCommand())
}

function newCommand(): Command {
  return takesPassphrase(new Command('new'))
    .description('make a key; whoever loses its file or passphrase loses the account')
    .argument('<name>', 'what to call it here')
    .action(async (name: string, choice: PassphraseChoice, command: Command) => {
      await create(Context.of(command), name, choice, hexlify(randomBytes(32)))
    })
}

function importCommand(): Command {
  return takesPassphrase(new Command('import'))
    .description('keep a key that exists: 64 hex digits, or a file as wallets export it')
    .argument('<name>', 'what to call it here')
    .argument('[file]', 'where the key stands; - for stdin; asked for unless given')
    .action(async (name: string, file: string | undefined, choice, command: Command) => {
      const given = await readKey(file)
      const privateKey = isKeystore(given)
        ? (await decrypt(given, await readPassphrase(choice as PassphraseChoice), file ?? '-'))
            .privateKey
        : parsePrivateKey(given, file)
      await create(Context.of(command), name, choice as PassphraseChoice, privateKey)
    })
}

function showCommand(): Command {
  return new Command('show')
    .description('tell the address of a key; nobody can see the key itself')
    .argument('<name or path>')
    .action(async (name: string, _options, command: Command) => {
      present(Context.of(command), await findKeyFile(name))
    })
}

function listCommand(): Command {
  return new Command('list')
    .description('tell the names and addresses of all keys')
    .action(async (_options, command: Command) => {
      const context = Context.of(command)
      const keys = await listKeyFiles()
      for (const key of keys) present(context, key)
      if (keys.length === 0) context.say('There is no key yet. Make one with `once key new`.')
    })
}

async function create(
  context: Context,
  name: string,
  choice: PassphraseChoice,
  privateKey: string,
): Promise<void> {
  const key = await createKeyFile(name, privateKey, () => choosePassphrase(choice))
  present(context, key)
  context.say(`Wrote ${key.path}. Keep a copy of it, and of its passphrase, in other places.`)
}

function present(context: Context, { name, address, path }: KeyFile): void {
  context.result({ name, address, file: path }, `${address}  ${name}`)
}

/** Never an argument, which every user of the machine can read. */
async function readKey(file: string | undefined): Promise<string> {
  if (file === '-' || (file === undefined && !process.stdin.isTTY)) return readText(process.stdin)
  return file === undefined ? askSecret('Private key: ') : readFile(file, 'utf8')
}

/** @throws LedgerError invalid/KEY_FILE_MALFORMED */
function parsePrivateKey(text: string, file = '-'): string {
  const [, digits] = /^\s*(?:0x)?([0-9a-fA-F]{64})\s*$/.exec(text) ?? []
  try {
    return new Wallet(`0x${digits ?? ''}`).privateKey
  } catch {
    // Not handed on: the cause may show the key.
    throw new LedgerError('invalid', 'KEY_FILE_MALFORMED', { file })
  }
}
