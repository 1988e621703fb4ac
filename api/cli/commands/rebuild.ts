import { Command } from 'commander'
import { rebuildIndex } from '../../../node/ledger/rebuild/rebuild.ts'
import type { RebuildSummary } from '../../../node/ledger/rebuild/rebuild.ts'
import { loadConfig } from '../../config.ts'
import { Context } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { ProgressBar } from '../progressBar.ts'
import { openStoppedNode, openStoppedRing } from '../stoppedNode.ts'

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('make what finds the statements of a stopped node anew from its log')
    .option('--data <folder>', 'the data folder (ONCE_DATA, else ./data)')
    .action(async ({ data }: { readonly data?: string }, command: Command) => {
      const context = Context.of(command)
      const dataFolder = data ?? context.dataFolder
      const { ONCE_MASTER_KEY: configured } = loadConfig(process.env)
      const node = await openStoppedNode(dataFolder)
      const bar = new ProgressBar('{percentage}%, {eta_formatted} left', context)
      try {
        const rings = await openStoppedRing(node, dataFolder, configured)
        const onProgress = (done: number, total: number) => bar.update(done, total)
        const summary = await rebuildIndex({ store: node.store, ...rings }, onProgress)
        bar.stop()
        context.result({ data: dataFolder, ...summary }, format(summary, dataFolder))
        process.exitCode = summary.unreadable === 0 ? EXIT.ok : EXIT.found
      } finally {
        bar.stop()
        await node.close()
      }
    })
}

function format({ size, unreadable, ...families }: RebuildSummary, dataFolder: string): string {
  const { ids, terms, files } = families
  const rows = [
    ['ids', ids],
    ['terms', terms],
    ['files', files],
  ] as const
  const lines = rows.map(
    ([name, { made, removed }]) => `${name.padEnd(6)} ${made} made, ${removed} removed`,
  )
  const left =
    unreadable === 0
      ? ''
      : `\n${unreadable} statements are not what the log has: what leads to them was left as it is.`
  return `Read ${size} entries of ${dataFolder}.\n${lines.join('\n')}${left}\nSee what else there is: once audit --data ${dataFolder}`
}
