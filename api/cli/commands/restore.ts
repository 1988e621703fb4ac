import { Command } from 'commander'

export function restoreCommand(): Command {
  return new Command('restore')
}
