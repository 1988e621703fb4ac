import { isLedgerError } from '../node/core/errors.ts'
import type { LedgerError } from '../node/core/errors.ts'
import manifest from '../package.json' with { type: 'json' }
import { loadConfig } from './config.ts'
import type { Config } from './config.ts'
import { SENTENCES } from './http/problems.ts'
import { serve } from './serve.ts'
import type { Serving } from './serve.ts'

/** Exit codes, as in docs/operations.md. */
const FAILED = 1
const MISCONFIGURED = 2

await run()

async function run(): Promise<void> {
  // What somebody asks for there would not be done: a port, another folder.
  if (import.meta.main && process.argv.length > 2) {
    console.error(
      'A start takes no arguments: it is configured by the environment, such as ONCE_PORT and ONCE_DATA;\n' +
        'docs/operations.md lists all that there is.',
    )
    process.exitCode = MISCONFIGURED
    return
  }
  try {
    const config = loadConfig(process.env)
    const serving = await serve(config)
    console.log(introduction(config, serving))
    stopOnSignals(serving)
  } catch (error) {
    console.error(explain(error))
    process.exitCode = isLedgerError(error, 'CONFIG_INVALID') ? MISCONFIGURED : FAILED
  }
}

function introduction(config: Config, { url, node }: Serving): string {
  const { ledger, targets, masterKeyCreated } = node
  const chains =
    targets.map(({ name, url }) => `${name} at ${new URL(url).host}`).join(', ') ||
    'none: nothing is anchored'
  const tokens = config.ONCE_TOKENS ? 'as configured' : `${config.ONCE_DATA}/tokens.json`
  return [
    `OnceLedger ${manifest.version}`,
    `  log      ${ledger.origin}, ${ledger.size} entries`,
    `  data     ${config.ONCE_DATA}`,
    `  chain    ${chains}`,
    `  tokens   ${tokens}`,
    `  API      ${url}, described at ${url}/docs`,
    ...(masterKeyCreated
      ? [
          `Warning: the master key was made now, in ${config.ONCE_DATA}/master.key. Keep a copy in another`,
          'place: without it nothing that is stored can ever be read again.',
        ]
      : []),
    'Ready. Ctrl-C stops it.',
  ].join('\n')
}

function stopOnSignals(serving: Serving): void {
  let isStopping = false
  const stop = (): void => {
    // Asked twice: whoever waits has lost patience, and a crash loses nothing.
    if (isStopping) process.exit(FAILED)
    isStopping = true
    console.log('Stopping …')
    serving.close().then(
      () => console.log('Stopped.'),
      (error: unknown) => {
        console.error(explain(error))
        process.exit(FAILED)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

function explain(error: unknown): string {
  if (isLedgerError(error, 'CONFIG_INVALID'))
    return ['The configuration is wrong:', ...mistakesOf(error)].join('\n')
  if (isLedgerError(error)) {
    const sentence = `${SENTENCES[error.code] ?? 'The start failed.'} (${error.code})`
    return [sentence, ...mistakesOf(error)].join('\n')
  }
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is in use; stop what uses it, or set ONCE_PORT.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** A line each. */
function mistakesOf({ details }: LedgerError): string[] {
  const mistakes = details['mistakes'] as readonly string[] | undefined
  return mistakes?.map((mistake) => `  ${mistake}`) ?? []
}
