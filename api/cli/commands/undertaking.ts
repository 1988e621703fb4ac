import { Command, Option } from 'commander'
import { HolderRole } from '../../../node/core/catalogue/matter.ts'
import { UndertakingResult } from '../../../node/core/statements/undertaking.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import type { GivenUndertaking } from '../../http/undertakings/schema.ts'
import { Context, misuse, paint } from '../context.ts'
import { fetches, writeEvidence } from '../fetching.ts'
import type { FetchOptions } from '../fetching.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import { withSession } from '../signing/session.ts'
import { agreeing } from '../signing/signAct.ts'
import { parseHolder } from '../signing/values.ts'

export function undertakingCommand(): Command {
  return new Command('undertaking')
    .alias('commitment')
    .description(
      'give one’s word in the place of a material, and check whether it was kept 告知承诺',
    )
    .addCommand(giveCommand())
    .addCommand(checkCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(evidenceCommand())
}

interface GiveOptions extends SigningOptions {
  readonly role: string
  readonly holder?: NamedHolder
}

function giveCommand(): Command {
  return signs(new Command('give'))
    .description(
      'sign what the matter has undertaken; by the holder, or who acts for the applicant',
    )
    .argument('<case>', '统一审批编码')
    .argument('<material>', 'code of the material type, as the matter asks for it')
    .option('--role <part>', 'whose material it is', parseRole, 'APPLICANT')
    .option('--holder <id>', 'of several in that part, for which, by id or code', parseHolder)
    .action(async (code: string, material: string, options: GiveOptions, command: Command) => {
      const context = Context.of(command)
      const { role, holder } = options
      await withSession(context, options, async ({ client, signing }) => {
        const named = holder && { holder: await client.holders.idOf(holder) }
        const what = { case: code, material, role, ...named }
        const agree = agreeing(context, client, options)
        const { id, created } = await signing.undertake(what, { agree })
        const said = created ? `Given: ${id}` : `It had been given before: ${id}`
        context.result({ ...what, id, created }, said)
      })
    })
}

interface CheckOptions extends KeyChoice {
  readonly result: UndertakingResult
  readonly reason: string
  readonly officer: string
}

function checkCommand(): Command {
  return signs(new Command('check'), { asks: false })
    .description('say whether one was kept; by a department that handles the case')
    .argument('<undertaking>', 'statement id')
    .addOption(
      new Option('--result <result>', 'what was found')
        .choices(UndertakingResult.options)
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'what was found, for the holder to read')
    .requiredOption('--officer <name>', 'who looked in the department')
    .action(async (id: string, options: CheckOptions, command: Command) => {
      const context = Context.of(command)
      const { result, reason, officer } = options
      await withSession(context, options, async ({ client }) => {
        const { created } = await client.undertakings.check(id, { result, reason, officer })
        const said = created ? `${id} was found ${result}.` : `${id} had been found ${result}.`
        context.result({ id, result, created }, said)
      })
    })
}

interface ListOptions extends KeyChoice {
  readonly case?: string
  readonly holder?: NamedHolder
}

function listCommand(): Command {
  return signs(new Command('list'), { asks: false })
    .description('tell those of a case, of a holder, or of one’s department; newest first')
    .option('--case <code>', 'of this case')
    .option('--holder <id>', 'given for this holder, or by it, by id or code', parseHolder)
    .action(async ({ case: code, holder, ...choice }: ListOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, choice, async ({ client, department }) => {
        const of =
          code !== undefined
            ? { case: code }
            : holder
              ? { holder: await client.holders.idOf(holder) }
              : { department: department ?? misuse('Name a --case or a --holder.') }
        await context.results(client.undertakings.list(of), formatUndertaking)
      })
    })
}

function showCommand(): Command {
  return signs(new Command('show'), { asks: false })
    .description('tell what was undertaken, word for word, and whether it was kept')
    .argument('<undertaking>', 'statement id')
    .action(async (id: string, choice: KeyChoice, command: Command) => {
      const context = Context.of(command)
      await withSession(context, choice, async ({ client }) => {
        const undertaking = await client.undertakings.get(id)
        context.result(undertaking, formatUndertaking(undertaking))
      })
    })
}

interface EvidenceOptions extends KeyChoice, FetchOptions {
  readonly checked?: boolean
}

function evidenceCommand(): Command {
  return fetches(signs(new Command('evidence'), { asks: false }))
    .description('fetch the evidence that it was given, or of its newest check')
    .argument('<undertaking>', 'statement id')
    .option('--checked', 'of its newest check')
    .action(async (id: string, options: EvidenceOptions, command: Command) => {
      const of = options.checked === true ? 'checked' : 'given'
      await withSession(Context.of(command), options, ({ client }) =>
        writeEvidence(options, (waiting) => client.undertakings.evidence(id, of, waiting)),
      )
    })
}

const COLOURS = { given: 'yellow', kept: 'green', broken: 'red' } as const

function formatUndertaking({ id, at, state, sentence, due, checks }: GivenUndertaking): string {
  const until = due === '' ? '' : `, due ${due}`
  return [
    `${at}  ${id}  ${paint(COLOURS[state], state)}${until}`,
    `  ${sentence.zh}`,
    `  ${sentence.en}`,
    ...checks.map(({ at: when, result, officer, reason }) => {
      return `  ${when}  ${result}, by ${officer}: ${reason}`
    }),
  ].join('\n')
}

function parseRole(text: string): string {
  return HolderRole.safeParse(text).data ?? misuse('A part is written so: APPLICANT.')
}
