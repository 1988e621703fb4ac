import { Command } from 'commander'
import { Context } from '../context.ts'
import { writeOutput } from '../output.ts'
import { parseWait } from '../wait.ts'

interface Options {
  readonly output?: string
  readonly wait?: boolean | number
}

export function evidenceCommand(): Command {
  return new Command('evidence')
    .description('fetch the evidence of a material')
    .argument('<id>', 'statement id of the material')
    .option('-o, --output <file>', 'write it there instead of to stdout')
    .option('--wait <anchored[:seconds]>', 'wait until the entry is anchored', parseWait)
    .action(async (id: string, { output, wait }: Options, command: Command) => {
      const context = Context.of(command)
      const client = await context.client()
      const evidence = await client.evidence(id, wait === undefined ? {} : { anchored: wait })
      await writeOutput(output, evidence)
      if (output !== undefined) context.say(`Wrote ${output}.`)
    })
}
