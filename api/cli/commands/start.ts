import { Command } from 'commander'

export function startCommand(): Command {
  return new Command('start')
    .description('run a ledger: the same as npm start, configured by the environment')
    .action(async () => {
      // Loaded only now: no other command needs a server.
      await import('../../main.ts')
    })
}
