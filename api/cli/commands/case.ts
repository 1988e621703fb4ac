import { Argument, Command, Option } from 'commander'
import type { CaseOpening } from '../../../node/cases/cases.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import type { Considered } from '../../../node/core/resolution/document.ts'
import { Outcome, STAGES } from '../../../node/core/statements/case.ts'
import { Channel } from '../../../node/core/statements/parts.ts'
import type { Stage } from '../../../node/core/statements/case.ts'
import type { OnceClient } from '../../client/index.ts'
import { Context, misuse } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import {
  formatCase,
  formatConsidered,
  formatResolution,
  formatReused,
  leftIn,
  presentReused,
} from '../handling/present.ts'
import { collectConsidered, collectField, collectParty } from '../handling/values.ts'
import type { NamedParties } from '../handling/values.ts'
import { fetches, writeEvidence } from '../fetching.ts'
import type { FetchOptions } from '../fetching.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import { withSession } from '../signing/session.ts'
import { agreeing } from '../signing/signAct.ts'
import { collect, parseAddress, parseHolder, parseUntil } from '../signing/values.ts'

export function caseCommand(): Command {
  return new Command('case')
    .description('cases: open them, bring them forward, and see what they need')
    .addCommand(openCommand())
    .addCommand(stageCommand())
    .addCommand(showCommand())
    .addCommand(listCommand())
    .addCommand(resolveCommand())
    .addCommand(reuseCommand())
    .addCommand(evidenceCommand())
}

interface PartyOptions {
  readonly agent?: NamedHolder[]
  readonly party?: NamedParties
  readonly field?: Record<string, string>
}

/** Who takes part, and what is applied for. */
function takesParties(command: Command): Command {
  return command
    .option(
      '--agent <id>',
      'holder that acts for the applicant, then who acts for it',
      collect(parseHolder),
    )
    .option('--party <part=id>', 'holder of what else it takes: LANDLORD=0x…', collectParty)
    .option('--field <name=text>', 'what is applied for, as the matter names it', collectField)
}

function partiesOf({ agent, party, field }: PartyOptions) {
  return {
    ...(agent && { agents: agent }),
    ...(party && { parties: party }),
    ...(field && { fields: field }),
  }
}

interface OpenOptions extends KeyChoice, PartyOptions {
  readonly matter: string
  readonly applicant: NamedHolder
  readonly channel: Channel
  readonly theme?: string
  readonly bundle?: string
  readonly day?: string
  readonly decidedBy?: Hex
}

function openCommand(): Command {
  return takesParties(signs(new Command('open'), { asks: false }))
    .description(
      'open a case, which the department of the account accepts; holders by their ids or codes (001:91310110MADEM002XN)',
    )
    .argument('<code>', '统一审批编码, 15 digits')
    .requiredOption('--matter <code>', 'what is applied for, as in the catalogue')
    .requiredOption('--applicant <id>', 'the holder', parseHolder)
    .addOption(
      new Option('--channel <way>', 'by which way somebody came')
        .choices(Channel.options)
        .default('counter'),
    )
    .option('--theme <code>', 'the theme that it is part of')
    .option(
      '--bundle <code>',
      'the first case of that theme that was filed in one go with this one',
    )
    .option('--day <day>', 'by the catalogue of that day; today unless given')
    .option('--decided-by <department>', 'unless it is the owner of the matter', parseAddress)
    .action(async (code: string, options: OpenOptions, command: Command) => {
      const context = Context.of(command)
      const { matter, applicant, channel, theme, bundle, day, decidedBy } = options
      const opening: CaseOpening = {
        case: code,
        matter: { code: matter },
        applicant,
        channel,
        ...partiesOf(options),
        ...(theme !== undefined && { theme }),
        ...(bundle !== undefined && { bundle }),
        ...(day !== undefined && { day }),
        ...(decidedBy && { decidedBy }),
      }
      await withSession(context, options, async ({ client }) => {
        const { created } = await client.cases.open(opening)
        context.result({ case: code, created }, created ? `Opened ${code}.` : `${code} was there.`)
      })
    })
}

interface StageOptions extends KeyChoice {
  readonly outcome?: Outcome
  readonly note?: string
}

function stageCommand(): Command {
  return signs(new Command('stage'), { asks: false })
    .description('bring a case to its next stage')
    .argument('<code>', '统一审批编码')
    .addArgument(new Argument('<stage>', 'where it came').choices(STAGES))
    .addOption(new Option('--outcome <result>', 'of a decision').choices(Outcome.options))
    .option('--note <text>', 'for the parties to read')
    .action(async (code: string, stage: Stage, options: StageOptions, command: Command) => {
      const context = Context.of(command)
      const { outcome, note } = options
      const staging = { stage, ...(outcome && { outcome }), ...(note !== undefined && { note }) }
      await withSession(context, options, async ({ client }) => {
        const { created } = await client.cases.stage(code, staging)
        const said = created ? `${code} came to ${stage}.` : `${code} had come to ${stage} before.`
        context.result({ case: code, stage, created }, said)
      })
    })
}

function showCommand(): Command {
  return signs(new Command('show'), { asks: false })
    .description(
      'tell how far a case came; for who applies, who acts for them, and those who handle it',
    )
    .argument('<code>', '统一审批编码')
    .action(async (code: string, choice: KeyChoice, command: Command) => {
      const context = Context.of(command)
      await withSession(context, choice, async ({ client }) => {
        const found = await client.cases.get(code)
        context.result(found, formatCase(found))
      })
    })
}

function listCommand(): Command {
  return signs(new Command('list'), { asks: false })
    .description('tell the cases that concern one, newest first')
    .option(
      '--holder <id>',
      'of this applicant or agent, by id or code; else of one’s department',
      parseHolder,
    )
    .action(
      async ({ holder, ...choice }: KeyChoice & { holder?: NamedHolder }, command: Command) => {
        const context = Context.of(command)
        await withSession(context, choice, async ({ client, department }) => {
          const of = holder
            ? { holder: await client.holders.idOf(holder) }
            : { department: department ?? misuse('Name a --holder.') }
          await context.results(client.cases.list(of), formatCase)
        })
      },
    )
}

interface ResolveOptions extends KeyChoice, PartyOptions {
  readonly matter?: string
  readonly theme?: string
  readonly applicant?: NamedHolder
  readonly day?: string
  readonly consider?: Considered[]
}

function resolveCommand(): Command {
  return takesParties(signs(new Command('resolve'), { asks: false }))
    .description('tell what a case needs, what is there, and whose grant is missing')
    .argument('[code]', '统一审批编码; or see --matter and --theme')
    .option('--matter <code>', 'without a case: what somebody would apply for')
    .option('--theme <code>', 'without a case: all matters of a theme')
    .option('--applicant <id>', 'without a case: the holder, by id or code', parseHolder)
    .option('--day <day>', 'without a case: by the catalogue of that day')
    .option('--consider <what>', 'why not this one: LEASE:material:<id>', collectConsidered)
    .action(async (code: string | undefined, options: ResolveOptions, command: Command) => {
      const context = Context.of(command)
      const { matter, theme, applicant, day, consider } = options
      await withSession(context, options, async ({ client }) => {
        const { agents, ...named } = await identified(partiesOf(options), client)
        const asked = { ...named, ...(consider && { consider }) }
        const found =
          code === undefined
            ? await client.cases.dryRun({
                ...asked,
                applicant: await client.holders.idOf(
                  applicant ?? misuse('Name a case, or an --applicant.'),
                ),
                ...(agents && { agents }),
                ...(matter !== undefined && { matter }),
                ...(theme !== undefined && { theme }),
                ...(day !== undefined && { day }),
              })
            : await client.cases.resolve(code, asked)
        context.result(found, formatResolution(found))
        for (const line of formatConsidered(found, consider)) context.say(line)
      })
    })
}

/** By ids: whoever only looks has nothing recorded, and asks for each by itself. */
async function identified(
  { agents, parties, ...rest }: ReturnType<typeof partiesOf>,
  { holders }: Pick<OnceClient, 'holders'>,
) {
  const idsOf = (all: readonly NamedHolder[]) => Promise.all(all.map((one) => holders.idOf(one)))
  const roles = await Promise.all(
    Object.entries(parties ?? {}).map(
      async ([role, named = []]) => [role, await idsOf(named)] as const,
    ),
  )
  return {
    ...rest,
    ...(agents && { agents: await idsOf(agents) }),
    ...(parties && { parties: Object.fromEntries(roles) }),
  }
}

interface ReuseOptions extends SigningOptions {
  readonly officer: string
  readonly cause: string
  readonly neededUntil?: string
  readonly expires?: number
}

function reuseCommand(): Command {
  return signs(new Command('reuse'))
    .description('use all that a case needs and that is there; by a department that handles it')
    .argument('<code>', '统一审批编码')
    .requiredOption('--officer <name>', 'who asks in the department')
    .requiredOption('--cause <text>', 'why')
    .option('--needed-until <day>', 'the last day on which the copies are needed')
    .option('--expires <time>', 'up to when it may be asked; in an hour unless given', parseUntil)
    .action(async (code: string, options: ReuseOptions, command: Command) => {
      const context = Context.of(command)
      const { officer, cause, neededUntil, expires: notAfter } = options
      const until = neededUntil === undefined ? {} : { until: neededUntil }
      await withSession(context, options, async ({ client, signing, department }) => {
        if (department === undefined) misuse('This account acts for no department.')
        const agree = agreeing(context, client, options)
        const reason = { officer, cause, ...until }
        const outcomes = await signing.reuse(code, reason, { agree, notAfter })
        for (const one of outcomes) {
          context.result(presentReused(one), formatReused(one))
          if ('error' in one) process.exitCode = EXIT.found
        }
        if (outcomes.length === 0)
          context.say('Nothing is ready to be used: see `once case resolve`.')
        const left = leftIn(await client.cases.resolve(code))
        if (left.length === 0) return
        context.say(`Not there yet: ${left.join(', ')}.`)
        process.exitCode = EXIT.found
      })
    })
}

interface EvidenceOptions extends KeyChoice, FetchOptions {
  readonly stage?: Stage
}

function evidenceCommand(): Command {
  return fetches(signs(new Command('evidence'), { asks: false }))
    .description('fetch the evidence that a case was opened, or came to a stage')
    .argument('<code>', '统一审批编码')
    .addOption(new Option('--stage <stage>', 'that it came there').choices(STAGES))
    .action(async (code: string, options: EvidenceOptions, command: Command) => {
      await withSession(Context.of(command), options, ({ client }) =>
        writeEvidence(options, (waiting) => client.cases.evidence(code, options.stage, waiting)),
      )
    })
}
