import { Command, InvalidArgumentError, Option } from 'commander'
import { readFile } from 'node:fs/promises'
import { MonthlyFigures } from '../../../node/core/figures/figures.ts'
import { Month } from '../../../node/core/figures/month.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { CSV_MARK } from '../../http/csv.ts'
import { formatTable } from '../../http/figures/table.ts'
import { Context } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { compareFigures } from '../figures/compare.ts'
import { formatDifference, formatFigures } from '../figures/present.ts'
import { recount } from '../figures/recount.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { writeExactly } from '../output.ts'
import { signs } from '../signing/options.ts'
import { withClient } from '../signing/session.ts'
import { parseAddress } from '../signing/values.ts'

interface FiguresOptions extends KeyChoice {
  readonly department?: Hex
  readonly csv?: boolean
  readonly output?: string
  readonly data?: string
  readonly against?: string
}

export function figuresCommand(): Command {
  return signs(new Command('figures'), { asks: false })
    .description('what departments exempted, reused and asked for in a month')
    .argument('[month]', '2026-11; this month unless given', parseMonth)
    .option('--department <address>', 'of this one alone', parseAddress)
    .option('--csv', 'as a table')
    .option('-o, --output <file>', 'write it there')
    .option('--data <folder>', 'count anew, from the data folder of a node that does not run')
    .addOption(
      new Option(
        '--against <file>',
        'figures that were given out, JSON: count anew whether they are right; with --data',
      ).conflicts(['csv', 'output', 'department']),
    )
    .action(async (month: Month | undefined, options: FiguresOptions, command: Command) => {
      const context = Context.of(command)
      const { data, against } = options
      if (against !== undefined) {
        if (data === undefined) command.error('error: --against needs --data')
        await verify(context, data, against, month)
        return
      }
      const figures =
        data === undefined
          ? await withClient(context, options, (client) =>
              client.figures.get({ month, department: options.department }),
            )
          : only(await recount({ dataFolder: data, month }), options.department)
      await show(context, figures, options)
    })
}

async function show(
  context: Context,
  figures: MonthlyFigures,
  { csv, output }: FiguresOptions,
): Promise<void> {
  const table = csv === true ? formatTable(figures) : undefined
  if (output !== undefined && output !== '-')
    return writeExactly(output, table ?? `${JSON.stringify(figures)}\n`)
  // The mark is for files that are opened on desks.
  if (table !== undefined) return writeExactly(output, table.slice(CSV_MARK.length))
  context.result(figures, formatFigures(figures))
}

/** Counts up to the very entry that the figures were made of. */
async function verify(
  context: Context,
  dataFolder: string,
  path: string,
  month: Month | undefined,
): Promise<void> {
  const said = await readFigures(path)
  const counted = await recount({ dataFolder, month: month ?? said.month, upTo: said.size })
  const differences = compareFigures(said, counted)
  for (const difference of differences) context.result(difference, formatDifference(difference))
  const { length } = differences
  context.say(length === 0 ? 'The log says the same.' : `${length} figures are not what was said.`)
  if (length > 0) process.exitCode = EXIT.found
}

/** @throws LedgerError invalid/FIGURES_FILE_MALFORMED {file} */
async function readFigures(path: string): Promise<MonthlyFigures> {
  const text = await readFile(path, 'utf8')
  try {
    return MonthlyFigures.parse(JSON.parse(text))
  } catch (cause) {
    throw new LedgerError('invalid', 'FIGURES_FILE_MALFORMED', { file: path }, { cause })
  }
}

function only(figures: MonthlyFigures, wanted: Hex | undefined): MonthlyFigures {
  if (wanted === undefined) return figures
  const departments = figures.departments.filter(({ department }) => department === wanted)
  return { ...figures, departments }
}

function parseMonth(text: string): Month {
  const { data } = Month.safeParse(text)
  if (data === undefined) throw new InvalidArgumentError('It is a month such as 2026-11.')
  return data
}
