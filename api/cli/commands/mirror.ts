import { Command } from 'commander'
import { mirrorKey } from '../../../node/store/layout.ts'
import { Context } from '../context.ts'
import { openStoppedNode } from '../stoppedNode.ts'

interface Options {
  readonly data?: string
}

export function mirrorCommand(): Command {
  return new Command('mirror')
    .description('what a node keeps of the registries’ chain')
    .addCommand(rebuildCommand())
}

/** Of a stopped node, since it is needed most where what is kept does not let it start. */
function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('forget it: the next start of the node reads the chain again from the beginning')
    .option('--data <folder>', 'the data folder (ONCE_DATA, else ./data)')
    .action(async ({ data }: Options, command: Command) => {
      const context = Context.of(command)
      const dataFolder = data ?? context.dataFolder
      const node = await openStoppedNode(dataFolder)
      try {
        // Without it nothing else counts: the start deletes that first.
        await node.store.commit([{ type: 'del', key: mirrorKey('about', 'cursor') }])
      } finally {
        await node.close()
      }
      context.result(
        { data: dataFolder },
        'Forgotten. Start the node: it reads the chain again, and decides nothing until it has.',
      )
    })
}
