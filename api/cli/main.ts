import { Command, CommanderError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { commandsFor } from './commands.ts'
import { exitHelp } from './exitCodes.ts'
import { explain, formatExplained } from './explain.ts'

async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('once')
    .description('Submit once, reuse everywhere, prove always.')
    .version(manifest.version)
    .option('--url <url>', 'where the ledger listens (ONCE_URL, else http://127.0.0.1:8080)')
    .option('--token <token>', 'bearer token (ONCE_TOKEN, else that of a node on this machine)')
    .option('--json', 'results as JSON on stdout, errors as JSON on stderr')
    .addHelpText('after', exitHelp())
    .showHelpAfterError('(once --help says what there is)')
  for (const command of await commandsFor(words)) program.addCommand(command)
  overrideExits(program)
  return program
}

/** Commander would end the process by itself, with codes of its own. */
function overrideExits(command: Command): void {
  command.exitOverride()
  for (const sub of command.commands) overrideExits(sub)
}

async function run(argv: readonly string[]): Promise<void> {
  // Whoever reads may stop reading: `once audit | head` is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  try {
    const program = await createProgram(argv.slice(2))
    await program.parseAsync(argv)
  } catch (error) {
    report(error, argv.includes('--json'))
  }
}

function report(error: unknown, asJson: boolean): void {
  const { exitCode, ...explained } = explain(error)
  process.exitCode = exitCode
  // Commander has said it already.
  if (error instanceof CommanderError && error.code.startsWith('commander.')) return
  if (asJson) {
    process.stderr.write(`${JSON.stringify({ error: explained })}\n`)
    return
  }
  process.stderr.write(`${formatExplained(explained)}\n`)
}

await run(process.argv)
