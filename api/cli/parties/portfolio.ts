import { Command, Option } from 'commander'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import type { PortfolioOptions } from '../../client/index.ts'
import { SECTIONS } from '../../http/holders/portfolioSchema.ts'
import { Context } from '../context.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import { withSession } from '../signing/session.ts'
import { parseCount, parseHolder } from '../signing/values.ts'
import { formatPortfolio } from './presentPortfolio.ts'

type Options = SigningOptions & Pick<PortfolioOptions, 'industry' | 'of' | 'cursor' | 'limit'>

export function portfolioCommand(): Command {
  return signs(new Command('portfolio'), { asks: false })
    .description('tell what a holder has, as far as one may know, and when it ends')
    .argument('<holder>', 'its id or code', parseHolder)
    .option('--industry <code>', 'what this industry goes by: GB/T 4754, such as H62 for catering')
    .addOption(new Option('--of <section>', 'one section alone').choices(SECTIONS))
    .option('--limit <count>', 'of each section, 1 to 100; 20 unless given', parseCount)
    .option('--cursor <cursor>', 'the next page of that section')
    .action(async (holder: NamedHolder, options: Options, command: Command) => {
      const context = Context.of(command)
      const { industry, of, cursor, limit } = options
      await withSession(context, options, async ({ client }) => {
        const id = await client.holders.idOf(holder)
        const portfolio = await client.holders.portfolio(id, { industry, of, cursor, limit })
        context.result(portfolio, formatPortfolio(portfolio))
      })
    })
}
