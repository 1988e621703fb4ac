import { Command } from 'commander'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { Context } from '../context.ts'
import {
  findKeyFile,
  isKeystore,
  listKeyFiles,
  requireFreeName,
  writeKeyFile,
} from '../keys/keyFile.ts'
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
      await create(Context.of(command), name, choice, `0x${randomBytes(32).toString('hex')}`)
    })
}

function importCommand(): Command {
  return takesPassphrase(new Command('import'))
    .description('keep a key that exists: 64 hex digits, or a file as wallets export it')
    .argument('<name>', 'what to call it here')
    .argument('[file]', 'where the key stands; - for stdin; asked for unless given')
    .action(
      async (
        name: string,
        file: string | undefined,
        choice: PassphraseChoice,
        command: Command,
      ) => {
        const privateKey = await readKey(file, choice)
        await create(Context.of(command), name, choice, privateKey)
      },
    )
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
  await requireFreeName(name)
  const passphrase = await choosePassphrase(choice)
  const { sealKey } = await import('../keys/keystore.ts')
  const key = await writeKeyFile(name, await sealKey(privateKey, passphrase))
  present(context, key)
  context.say(`Wrote ${key.path}. Keep a copy of it, and of its passphrase, in other places.`)
}

function present(context: Context, { name, address, path }: KeyFile): void {
  context.result({ name, address, file: path }, `${address}  ${name}`)
}

async function readKey(file: string | undefined, choice: PassphraseChoice): Promise<string> {
  const given = await readText(file)
  const named = file ?? '-'
  const { parsePrivateKey, unsealKey } = await import('../keys/keystore.ts')
  if (!isKeystore(given)) return parsePrivateKey(given, named)
  const { privateKey } = await unsealKey(given, await readPassphrase(choice), named)
  return privateKey
}

/** Never from an argument, which every user of the machine can read. */
async function readText(file: string | undefined): Promise<string> {
  if (file === '-' || (file === undefined && !process.stdin.isTTY)) return text(process.stdin)
  return file === undefined ? askSecret('Private key: ') : readFile(file, 'utf8')
}
