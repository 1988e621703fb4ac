import { Command } from 'commander'

export function trustCommand(): Command {
  return new Command('trust')
}
