/** What a process ends with; scripts rely on it. */
export const EXIT = {
  ok: 0,
  found: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  failed: 5,
} as const

export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done; a verdict passed, an audit found no fault',
  found: 'a verdict that is not pass, an audit with findings, or a run that left something undone',
  usage: 'the command or a file that it names is wrong',
  unreachable: 'the ledger or the chain does not answer, or cannot serve now',
  refused: 'the ledger refused, or going on would be unsafe',
  failed: 'damage, or an error nobody foresaw',
}

export function exitHelp(): string {
  const lines = Object.entries(EXIT).map(
    ([name, code]) => `  ${code}  ${EXIT_MEANINGS[name as keyof typeof EXIT]}`,
  )
  return ['', 'Exit codes:', ...lines].join('\n')
}
