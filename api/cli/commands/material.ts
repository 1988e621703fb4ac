import { Command, Option } from 'commander'
import { MATERIAL_STATES } from '../../../node/materials/states.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import type { MaterialListing } from '../../client/index.ts'
import { Context } from '../context.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { formatMaterial, formatMaterialLine } from '../materials/present.ts'
import { writeStream } from '../output.ts'
import { signs } from '../signing/options.ts'
import { withClient } from '../signing/session.ts'
import { parseHolder } from '../signing/values.ts'

interface ListOptions extends KeyChoice, Pick<MaterialListing, 'type' | 'state'> {
  readonly holder?: NamedHolder
  readonly handedIn?: boolean
}

export function materialCommand(): Command {
  return new Command('material')
    .description('materials that were handed in')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(contentCommand())
    .addCommand(withdrawCommand())
}

function listCommand(): Command {
  return signs(new Command('list'), { asks: false })
    .description('what one has as a holder, or handed in as a department; newest first')
    .addOption(
      new Option(
        '--holder <id>',
        'what this holder has, by id or code; of those that the key is bound to',
      )
        .argParser(parseHolder)
        .conflicts('handedIn'),
    )
    .option('--handed-in', 'what was handed in by the key, though it is a holder’s too')
    .option('--type <code>', 'of this type alone')
    .addOption(
      new Option('--state <state>', 'in this state alone').choices(
        MATERIAL_STATES.filter((state) => state !== 'erased'),
      ),
    )
    .action(async (options: ListOptions, command: Command) => {
      const context = Context.of(command)
      const { holder, handedIn, type, state } = options
      await withClient(context, options, async (client) => {
        const of = handedIn === true ? 'handedIn' : undefined
        const id = holder && (await client.holders.idOf(holder))
        await context.results(
          client.materials.list({ of, holder: id, type, state }),
          formatMaterialLine,
        )
      })
    })
}

function showCommand(): Command {
  return signs(new Command('show'), { asks: false })
    .description('what the ledger knows about a material, and whether it may be used')
    .argument('<id>', 'statement id of the material')
    .action(async (id: string, choice: KeyChoice, command: Command) => {
      const context = Context.of(command)
      await withClient(context, choice, async (client) => {
        const material = await client.material(id)
        context.result(material, formatMaterial(material))
      })
    })
}

function contentCommand(): Command {
  return signs(new Command('content'), { asks: false })
    .description('fetch the content of a material that one has or handed in')
    .argument('<id>', 'statement id of the material')
    .option('-o, --output <file>', 'write it there instead of to stdout')
    .action(async (id: string, options: KeyChoice & { output?: string }, command: Command) => {
      const context = Context.of(command)
      const { output } = options
      await withClient(context, options, async (client) => {
        const { bytes } = await client.content(id)
        await writeStream(output, bytes)
        if (output !== undefined) context.say(`Wrote ${output}.`)
      })
    })
}

function withdrawCommand(): Command {
  return signs(new Command('withdraw'), { asks: false })
    .description('end the use of a material; it stays readable, and its proofs stay')
    .argument('<id>', 'statement id of the material')
    .requiredOption('--reason <text>', 'why; logged for good, and must not name the holder')
    .action(async (id: string, options: KeyChoice & { reason: string }, command: Command) => {
      const context = Context.of(command)
      const { reason } = options
      const { created } = await withClient(context, options, (client) =>
        client.withdraw(id, { reason }),
      )
      context.result({ id, created }, `${created ? 'Withdrawn' : 'Withdrawn before'}: ${id}`)
    })
}
