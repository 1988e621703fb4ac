import type { Command } from 'commander'

interface Entry {
  /** The command's name, then its other ones. */
  readonly names: readonly string[]
  readonly load: () => Promise<() => Command>
}

/** One file a command; a new one is a new line here. In the order in which help shows them. */
export const COMMANDS: readonly Entry[] = [
  { names: ['start'], load: async () => (await import('./commands/start.ts')).startCommand },
  { names: ['submit'], load: async () => (await import('./commands/submit.ts')).submitCommand },
  { names: ['import'], load: async () => (await import('./commands/import.ts')).importCommand },
  {
    names: ['material'],
    load: async () => (await import('./commands/material.ts')).materialCommand,
  },
  {
    names: ['quarantine'],
    load: async () => (await import('./commands/quarantine.ts')).quarantineCommand,
  },
  {
    names: ['evidence'],
    load: async () => (await import('./commands/evidence.ts')).evidenceCommand,
  },
  { names: ['verify'], load: async () => (await import('./commands/verify.ts')).verifyCommand },
  { names: ['trust'], load: async () => (await import('./commands/trust.ts')).trustCommand },
  { names: ['audit'], load: async () => (await import('./commands/audit.ts')).auditCommand },
  { names: ['rebuild'], load: async () => (await import('./commands/rebuild.ts')).rebuildCommand },
  { names: ['backup'], load: async () => (await import('./commands/backup.ts')).backupCommand },
  { names: ['restore'], load: async () => (await import('./commands/restore.ts')).restoreCommand },
  { names: ['rotate'], load: async () => (await import('./commands/rotate.ts')).rotateCommand },
  { names: ['mirror'], load: async () => (await import('./commands/mirror.ts')).mirrorCommand },
  { names: ['key'], load: async () => (await import('./commands/key.ts')).keyCommand },
  { names: ['party'], load: async () => (await import('./commands/party.ts')).partyCommand },
  {
    names: ['catalogue'],
    load: async () => (await import('./commands/catalogue.ts')).catalogueCommand,
  },
  { names: ['case'], load: async () => (await import('./commands/case.ts')).caseCommand },
  {
    names: ['certificate'],
    load: async () => (await import('./commands/certificate.ts')).certificateCommand,
  },
  { names: ['grant'], load: async () => (await import('./commands/grant.ts')).grantCommand },
  { names: ['request'], load: async () => (await import('./commands/request.ts')).requestCommand },
  {
    names: ['undertaking', 'commitment'],
    load: async () => (await import('./commands/undertaking.ts')).undertakingCommand,
  },
  { names: ['use'], load: async () => (await import('./commands/use.ts')).useCommand },
  { names: ['check'], load: async () => (await import('./commands/check.ts')).checkCommand },
  { names: ['benefit'], load: async () => (await import('./commands/benefit.ts')).benefitCommand },
  { names: ['figures'], load: async () => (await import('./commands/figures.ts')).figuresCommand },
]

/**
 * Those that a command line can mean: loading all takes twice the time of loading one.
 *
 * @param words as typed, without the program
 * @returns whatever is named by any word, for a word can also be the value of an option; all where none is
 */
export async function commandsFor(words: readonly string[]): Promise<Command[]> {
  const named = COMMANDS.filter(({ names }) => names.some((name) => words.includes(name)))
  const wanted = named.length > 0 ? named : COMMANDS
  return Promise.all(wanted.map(async ({ load }) => (await load())()))
}
