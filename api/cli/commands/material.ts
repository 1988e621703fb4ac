import { Command } from 'commander'
import type { Material } from '../../http/materials/schema.ts'
import { Context } from '../context.ts'

export function materialCommand(): Command {
  return new Command('material')
    .description('materials that were handed in')
    .addCommand(showCommand())
    .addCommand(withdrawCommand())
}

function showCommand(): Command {
  return new Command('show')
    .description('what the ledger knows about a material, and whether it may be used')
    .argument('<id>', 'statement id of the material')
    .action(async (id: string, _: object, command: Command) => {
      const context = Context.of(command)
      const material = await (await context.client()).material(id)
      context.result(material, formatMaterial(material))
    })
}

function withdrawCommand(): Command {
  return new Command('withdraw')
    .description('end the use of a material; it stays readable, and its proofs stay')
    .argument('<id>', 'statement id of the material')
    .requiredOption('--reason <text>', 'why; logged for good, and must not name the holder')
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      const context = Context.of(command)
      const { created } = await (await context.client()).withdraw(id, { reason })
      context.result({ id, created }, `${created ? 'Withdrawn' : 'Withdrawn before'}: ${id}`)
    })
}

function formatMaterial({ id, index, at, standing, statement }: Material): string {
  const { state, by, since, code } = standing
  const more = [code, by && `by ${by}`, since && `since ${since}`].filter((part) => part)
  const lines = [
    ['id', id],
    ['entry', `${index}, logged ${at}`],
    ['state', [state, ...more].join(', ')],
    ['type', statement?.type],
    ['title', statement?.title],
    ['holder', statement?.holder && `${statement.holder.codeType}:${statement.holder.code}`],
    ['version', statement?.catalogue && `${statement.catalogue.version} of its type`],
    ['replaces', statement?.supersedes],
    ['content', statement && `${statement.content.size} bytes, ${statement.content.mediaType}`],
  ]
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([name = '', value = '']) => `${name.padEnd(9)} ${value}`)
    .join('\n')
}
