import { Command } from 'commander'
import { Context } from '../context.ts'
import { writeOutput } from '../output.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { signs } from '../signing/options.ts'
import { withClient } from '../signing/session.ts'
import { parseWait } from '../wait.ts'

interface Options extends KeyChoice {
  readonly output?: string
  readonly wait?: boolean | number
}

export function evidenceCommand(): Command {
  return signs(new Command('evidence'), { asks: false })
    .description('fetch the evidence of a material')
    .argument('<id>', 'statement id of the material')
    .option('-o, --output <file>', 'write it there instead of to stdout')
    .option('--wait <anchored[:seconds]>', 'wait until the entry is anchored', parseWait)
    .action(async (id: string, options: Options, command: Command) => {
      const context = Context.of(command)
      const { output, wait } = options
      const evidence = await withClient(context, options, (client) =>
        client.evidence(id, wait === undefined ? {} : { anchored: wait }),
      )
      await writeOutput(output, evidence)
      if (output !== undefined) context.say(`Wrote ${output}.`)
    })
}
