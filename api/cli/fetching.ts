import type { Command } from 'commander'
import type { WaitOptions } from '../client/index.ts'
import { writeOutput } from './output.ts'
import { parseWait } from './wait.ts'

export interface FetchOptions {
  readonly output?: string
  readonly wait?: boolean | number
}

/** The options of a command that fetches evidence. */
export function fetches(command: Command): Command {
  return command
    .option('-o, --output <file>', 'write it there instead of to stdout')
    .option('--wait <anchored[:seconds]>', 'wait until the entry is anchored', parseWait)
}

export async function writeEvidence(
  { output, wait }: FetchOptions,
  fetch: (options: WaitOptions) => Promise<string>,
): Promise<void> {
  await writeOutput(output, await fetch(wait === undefined ? {} : { anchored: wait }))
}
