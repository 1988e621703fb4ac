import { readFileSync } from 'node:fs'
import { LedgerError } from '../node/core/errors.ts'
import type { z } from 'zod'
import type { ChainConfig } from './config/chains.ts'
import { nearest } from './config/nearest.ts'
import { OTHERS, SETTINGS } from './config/settings.ts'
import type { Setting } from './config/settings.ts'

type Name = keyof typeof SETTINGS
type Defaulted = {
  [N in Name]: (typeof SETTINGS)[N] extends { byDefault: string } ? N : never
}[Name]
type Value<N extends Name> = z.output<(typeof SETTINGS)[N]['schema']>

/** The values of all settings; those without a default may be absent. */
type Settings = { readonly [N in Defaulted]: Value<N> } & {
  readonly [N in Exclude<Name, Defaulted>]?: Value<N>
}

export interface Config extends Settings {
  /** Undefined: the local chain. */
  readonly chains: readonly ChainConfig[] | undefined
}

/**
 * Reads the configuration from the environment. Any value may be `file:<path>`: then the file holds it.
 *
 * @throws LedgerError invalid/CONFIG_INVALID with `details.mistakes`: all that is wrong, a line each, without values
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const mistakes = unknownNames(env)
  const values: Partial<Record<Name, unknown>> = {}
  for (const [name, setting] of Object.entries(SETTINGS) as [Name, Setting<unknown>][]) {
    const result = read(name, setting, env[name])
    mistakes.push(...result.mistakes)
    if (result.value !== undefined) values[name] = result.value
  }
  const settings = values as Settings
  mistakes.push(...contradictions(settings, env))
  if (mistakes.length > 0) throw new LedgerError('invalid', 'CONFIG_INVALID', { mistakes })
  return { ...settings, chains: chainsOf(settings) }
}

/** One row for each variable, for the documentation. */
export function describeConfig(): {
  readonly name: string
  readonly meaning: string
  readonly byDefault: string
}[] {
  return Object.entries(SETTINGS as Record<string, Setting<unknown>>).map(
    ([name, { meaning, byDefault, without }]) => ({
      name,
      meaning,
      byDefault: byDefault ?? without ?? 'none',
    }),
  )
}

function read(
  name: Name,
  { schema, byDefault }: Setting<unknown>,
  given: string | undefined,
): { value?: unknown; mistakes: string[] } {
  // An empty variable is how shells and compose files leave one out.
  const found = given === '' ? undefined : given
  let text = found ?? byDefault
  if (text === undefined) return { mistakes: [] }
  if (found?.startsWith('file:') === true) {
    try {
      text = readFileSync(found.slice('file:'.length), 'utf8').trim()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      return { mistakes: [`${name} names a file that cannot be read (${code ?? 'unknown'})`] }
    }
  }
  const parsed = schema.safeParse(text)
  if (parsed.success) return { value: parsed.data, mistakes: [] }
  return { mistakes: parsed.error.issues.map(({ message }) => `${name} ${message}`) }
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = [...Object.keys(SETTINGS), ...OTHERS]
  return Object.keys(env)
    .filter((name) => name.startsWith('ONCE_') && !known.includes(name))
    .map((name) => {
      const suggestion = nearest(name, known)
      return `${name} is unknown${suggestion === undefined ? '' : `; is it ${suggestion}?`}`
    })
}

function contradictions(
  { ONCE_CHAINS: list }: Settings,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const has = (name: Name) => (env[name] ?? '') !== ''
  const [url, key] = [has('ONCE_CHAIN_RPC_URL'), has('ONCE_CHAIN_KEY')]
  return [
    ...(url && !key ? ['ONCE_CHAIN_RPC_URL needs ONCE_CHAIN_KEY beside it'] : []),
    ...(has('ONCE_RELAYER_KEY') && !has('ONCE_AUTHORITY')
      ? ['ONCE_RELAYER_KEY needs ONCE_AUTHORITY beside it']
      : []),
    ...(key && !url ? ['ONCE_CHAIN_KEY needs ONCE_CHAIN_RPC_URL beside it'] : []),
    ...(list !== undefined && (url || key)
      ? [
          'ONCE_CHAINS takes the place of ONCE_CHAIN_RPC_URL and ONCE_CHAIN_KEY; set one or the other',
        ]
      : []),
  ]
}

function chainsOf(settings: Settings): readonly ChainConfig[] | undefined {
  const { ONCE_CHAIN_RPC_URL: rpcUrl, ONCE_CHAIN_KEY: key } = settings
  if (rpcUrl !== undefined && key !== undefined) return [{ name: 'chain', rpcUrl, key }]
  return settings.ONCE_CHAINS
}
