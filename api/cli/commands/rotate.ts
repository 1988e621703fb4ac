import { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MASTER_KEY_FILE, parseMasterKey } from '../../../node/store/sealing/masterKey.ts'
import { rewrapAll } from '../../../node/store/sealing/rotation.ts'
import { loadConfig } from '../../config.ts'
import { Context } from '../context.ts'
import { openStoppedNode } from '../stoppedNode.ts'

interface Options {
  readonly data?: string
  readonly oldKey?: string
}

export function rotateCommand(): Command {
  return new Command('rotate')
    .description('put the keys of a stopped node under a new master key; contents stay as they are')
    .argument('<new key file>', 'the new master key: 64 hex digits, or base64 of 32 bytes')
    .option('--data <folder>', 'the data folder (ONCE_DATA, else ./data)')
    .option(
      '--old-key <file>',
      'the master key until now (ONCE_MASTER_KEY, else that of the data folder)',
    )
    .action(async (newKeyFile: string, { data, oldKey }: Options, command: Command) => {
      const context = Context.of(command)
      const dataFolder = data ?? context.dataFolder
      const { ONCE_MASTER_KEY: configured } = loadConfig(process.env)
      const oldKeyFile = oldKey ?? join(dataFolder, MASTER_KEY_FILE)
      const before =
        oldKey === undefined && configured !== undefined ? configured : await readKey(oldKeyFile)
      const after = await readKey(newKeyFile)
      const node = await openStoppedNode(dataFolder)
      try {
        const { rewrapped } = await rewrapAll(node.store, before, after)
        context.result(
          { data: dataFolder, rewrapped },
          `Wrapped ${rewrapped} keys anew. Start the node with the new key: in ONCE_MASTER_KEY, or as ${join(dataFolder, MASTER_KEY_FILE)}.`,
        )
      } finally {
        await node.close()
      }
    })
}

async function readKey(path: string): Promise<Uint8Array> {
  return parseMasterKey(await readFile(path, 'utf8'))
}
