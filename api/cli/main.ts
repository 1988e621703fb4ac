import { Command, CommanderError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { auditCommand } from './commands/audit.ts'
import { backupCommand } from './commands/backup.ts'
import { benefitCommand } from './commands/benefit.ts'
import { caseCommand } from './commands/case.ts'
import { catalogueCommand } from './commands/catalogue.ts'
import { certificateCommand } from './commands/certificate.ts'
import { checkCommand } from './commands/check.ts'
import { evidenceCommand } from './commands/evidence.ts'
import { figuresCommand } from './commands/figures.ts'
import { grantCommand } from './commands/grant.ts'
import { importCommand } from './commands/import.ts'
import { keyCommand } from './commands/key.ts'
import { materialCommand } from './commands/material.ts'
import { mirrorCommand } from './commands/mirror.ts'
import { partyCommand } from './commands/party.ts'
import { requestCommand } from './commands/request.ts'
import { quarantineCommand } from './commands/quarantine.ts'
import { restoreCommand } from './commands/restore.ts'
import { rotateCommand } from './commands/rotate.ts'
import { startCommand } from './commands/start.ts'
import { submitCommand } from './commands/submit.ts'
import { trustCommand } from './commands/trust.ts'
import { undertakingCommand } from './commands/undertaking.ts'
import { useCommand } from './commands/use.ts'
import { verifyCommand } from './commands/verify.ts'
import { exitHelp } from './exitCodes.ts'
import { explain, formatExplained } from './explain.ts'

/** One file a command; a new one is a new line here. */
const COMMANDS = [
  startCommand,
  submitCommand,
  importCommand,
  materialCommand,
  quarantineCommand,
  evidenceCommand,
  verifyCommand,
  trustCommand,
  auditCommand,
  backupCommand,
  restoreCommand,
  rotateCommand,
  mirrorCommand,
  keyCommand,
  partyCommand,
  catalogueCommand,
  caseCommand,
  certificateCommand,
  grantCommand,
  requestCommand,
  undertakingCommand,
  useCommand,
  checkCommand,
  benefitCommand,
  figuresCommand,
]

function createProgram(): Command {
  const program = new Command('once')
    .description('Submit once, reuse everywhere, prove always.')
    .version(manifest.version)
    .option('--url <url>', 'where the ledger listens (ONCE_URL, else http://127.0.0.1:8080)')
    .option('--token <token>', 'bearer token (ONCE_TOKEN, else that of a node on this machine)')
    .option('--json', 'results as JSON on stdout, errors as JSON on stderr')
    .addHelpText('after', exitHelp())
    .showHelpAfterError('(once --help says what there is)')
  for (const make of COMMANDS) program.addCommand(make())
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
    await createProgram().parseAsync(argv)
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
