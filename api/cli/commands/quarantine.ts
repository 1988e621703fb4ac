import { Command } from 'commander'
import type { QuarantinePage } from '../../http/materials/schema.ts'
import type { QuarantineClient } from '../../client/index.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import type { LedgerError } from '../../../node/core/errors.ts'
import { Context } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { explain, formatExplained, presentRefusal } from '../explain.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { signs } from '../signing/options.ts'
import { withClient } from '../signing/session.ts'

type Held = QuarantinePage['materials'][number]

export function quarantineCommand(): Command {
  return new Command('quarantine')
    .description('materials that somebody has to look at before they may be used')
    .addCommand(listCommand())
    .addCommand(
      decideCommand(
        'release',
        'let materials out: somebody looked at them, and they may be used',
        'Released',
        (client, id, reason) => client.release(id, { reason }),
      ),
    )
    .addCommand(
      decideCommand('reject', 'never let materials be used', 'Rejected', (client, id, reason) =>
        client.reject(id, { reason }),
      ),
    )
}

function listCommand(): Command {
  return signs(new Command('list'), { asks: false })
    .description('what nobody has decided about, newest first')
    .action(async (choice: KeyChoice, command: Command) => {
      const context = Context.of(command)
      let count = 0
      await withClient(context, choice, async ({ quarantine }) => {
        for await (const held of quarantine.list()) {
          context.result(held, formatHeld(held))
          count++
        }
      })
      context.say(count === 0 ? 'Nothing is in quarantine.' : `${count} in quarantine.`)
    })
}

function decideCommand(
  name: string,
  description: string,
  done: string,
  decide: (client: QuarantineClient, id: string, reason: string) => Promise<{ created: boolean }>,
): Command {
  return signs(new Command(name), { asks: false })
    .description(description)
    .argument('<ids...>', 'statement ids of the materials')
    .requiredOption('--reason <text>', 'why; logged for good, and must not name the holder')
    .action(async (ids: string[], options: KeyChoice & { reason: string }, command: Command) => {
      const context = Context.of(command)
      const { reason, ...choice } = options
      await withClient(context, choice, async ({ quarantine }) => {
        for (const id of ids) {
          try {
            const { created } = await decide(quarantine, id, reason)
            context.result({ id, created }, `${created ? done : `${done} before`}: ${id}`)
          } catch (error) {
            // One of several holds up none that come after it.
            if (ids.length === 1 || !isOfTheMaterial(error)) throw error
            context.result({ id, ...presentRefusal(error) }, formatRefused(id, error))
            process.exitCode = EXIT.found
          }
        }
      })
    })
}

/** What lies with one material, so that the next one may well be decided. */
function isOfTheMaterial(error: unknown): error is LedgerError {
  return isLedgerError(error) && OF_THE_MATERIAL.has(error.code)
}

const OF_THE_MATERIAL: ReadonlySet<string> = new Set([
  'MATERIAL_NOT_FOUND',
  'MATERIAL_NOT_YOURS',
  'MATERIAL_NOT_QUARANTINED',
  'MATERIAL_DECIDED',
])

function formatRefused(id: string, error: LedgerError): string {
  return `Refused: ${id}: ${formatExplained(explain(error))}`
}

function formatHeld({ id, at, statement }: Held): string {
  const { type, title = '', quarantine } = statement
  return [id, at, type, quarantine?.code ?? '', title].join('  ').trimEnd()
}
