import { Command } from 'commander'
import { open, readFile } from 'node:fs/promises'
import { parseMasterKey } from '../../../node/store/sealing/masterKey.ts'
import { loadConfig } from '../../config.ts'
import { Context, misuse } from '../context.ts'
import { restoreFolder } from '../restoring/restoreFolder.ts'

interface Options {
  readonly data?: string
  readonly masterKey?: string
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('make a data folder from a backup, and audit it before it gets its name')
    .argument('<file>', 'the archive')
    .option(
      '--data <folder>',
      'the folder to make; it must not exist or be empty (ONCE_DATA, else ./data)',
    )
    .option(
      '--master-key <file>',
      'the master key of the ledger that was backed up (else ONCE_MASTER_KEY)',
    )
    .action(async (path: string, { data, masterKey: keyFile }: Options, command: Command) => {
      const context = Context.of(command)
      const dataFolder = data ?? context.dataFolder
      const { ONCE_MASTER_KEY: configured } = loadConfig(process.env)
      const ownKey =
        keyFile === undefined ? undefined : parseMasterKey(await readFile(keyFile, 'utf8'))
      const masterKey = ownKey ?? configured
      if (masterKey === undefined) {
        misuse(
          'The master key is not in a backup: name its file with --master-key, or set ONCE_MASTER_KEY.',
        )
      }
      const file = await open(path)
      const { summary, manifest } = await restoreFolder({
        source: file.createReadStream(),
        dataFolder,
        masterKey,
        keepKey: ownKey !== undefined,
      })
      const { size, contents, erased } = summary
      context.say(
        [
          'Entries after the backup are not in it. If a chain holds an anchor of them, this node will not anchor',
          'there again; see docs/operations.md. Tokens are made anew at the first start.',
        ].join('\n'),
      )
      context.result(
        { data: dataFolder, origin: manifest.origin, size, contents: contents.count, erased },
        `Restored ${manifest.origin} to ${dataFolder}: ${size} entries, ${contents.count} contents, all sound.`,
      )
    })
}
