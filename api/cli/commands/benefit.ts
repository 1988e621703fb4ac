import { Command, Option } from 'commander'
import { randomUUID } from 'node:crypto'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { Holder } from '../../../node/core/statement.ts'
import { HolderCodeType } from '../../../node/core/statements/parts.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import { namesOf } from '../../client/index.ts'
import { CSV_MARK } from '../../http/csv.ts'
import {
  departmentIn,
  explainReasons,
  formatOutcome,
  formatRecord,
  presentOutcome,
  reasonsIn,
} from '../benefits/present.ts'
import { readSubjects } from '../benefits/subjects.ts'
import { Context, misuse } from '../context.ts'
import { EXIT } from '../exitCodes.ts'
import { fetches, writeEvidence } from '../fetching.ts'
import type { FetchOptions } from '../fetching.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { writeExactly, writeOutput } from '../output.ts'
import { signs } from '../signing/options.ts'
import { withSession } from '../signing/session.ts'
import { parseHolder } from '../signing/values.ts'

export function benefitCommand(): Command {
  return new Command('benefit')
    .description('benefits without application; `once catalogue show benefit` says which there are')
    .addCommand(checkCommand())
    .addCommand(grantCommand())
    .addCommand(batchCommand())
    .addCommand(confirmCommand())
    .addCommand(exportCommand())
    .addCommand(listCommand())
    .addCommand(evidenceCommand())
}

interface SubjectOptions extends KeyChoice {
  readonly codeType?: HolderCodeType
  readonly code?: string
}

interface OfficerOptions {
  readonly officer: string
}

const names = (command: Command) =>
  signs(command, { asks: false })
    .argument('<benefit>', 'its code')
    .addOption(
      new Option('--code-type <type>', '001 enterprise, 111 citizen, …').choices(
        HolderCodeType.options,
      ),
    )
    .option('--code <code>', 'of the subject')

const looks = (command: Command) =>
  command.requiredOption('--officer <name>', 'who looks, in the department')

function checkCommand(): Command {
  return looks(names(new Command('check')))
    .description('tell whether somebody qualifies, and why not; by the department that owns it')
    .action(async (benefit: string, options: SubjectOptions & OfficerOptions, command: Command) => {
      const context = Context.of(command)
      const run = { subject: subjectIn(options), officer: options.officer }
      await withSession(context, options, async ({ client }) => {
        const record = await client.benefits.check(benefit, run)
        const { reasons = [] } = record
        const qualifies = reasons.length === 0
        context.result(record, qualifies ? 'Qualifies.' : explainReasons(reasons))
        if (!qualifies) process.exitCode = EXIT.found
      })
    })
}

interface GrantOptions extends SubjectOptions, OfficerOptions {
  readonly evidence?: string
}

function grantCommand(): Command {
  return looks(names(new Command('grant')))
    .description('give it to somebody who qualifies, once in its period')
    .option('--evidence <file>', 'write the evidence there')
    .action(async (benefit: string, options: GrantOptions, command: Command) => {
      const context = Context.of(command)
      const run = { subject: subjectIn(options), officer: options.officer }
      await withSession(context, options, async ({ client }) => {
        const granted = await client.benefits.grant(benefit, run).catch((error: unknown) => {
          // A script reads the reasons in the refusal; a person reads them as `check` tells them.
          const reasons = context.json ? undefined : reasonsIn(error)
          if (reasons === undefined) throw error
          context.say(explainReasons(reasons))
          process.exitCode = EXIT.refused
        })
        if (granted === undefined) return
        const { id, evidence } = granted
        if (options.evidence !== undefined) await writeOutput(options.evidence, evidence)
        context.result({ id }, `Granted: ${id}`)
      })
    })
}

interface BatchOptions extends KeyChoice, OfficerOptions {
  readonly grant?: boolean
  readonly name?: string
}

function batchCommand(): Command {
  return looks(signs(new Command('batch'), { asks: false }))
    .description('check many, or grant it to all of them who qualify')
    .argument('<benefit>', 'its code')
    .argument('<file>', 'CSV with the columns codeType and code, or a line of JSON each')
    .option('--grant', 'grant, not only check')
    .option('--name <name>', 'names the batch; one that broke off is run again under its name')
    .action(async (benefit: string, file: string, options: BatchOptions, command: Command) => {
      const context = Context.of(command)
      const { officer, grant, name: batch = randomUUID() } = options
      await withSession(context, options, async ({ client }) => {
        const subjects = readSubjects(file)
        const outcomes =
          grant === true
            ? client.benefits.grantAll(benefit, subjects, { officer, batch })
            : client.benefits.checkAll(benefit, subjects, { officer, batch })
        const counts = { qualified: 0, unqualified: 0, granted: 0, refused: 0 }
        context.say(`Batch ${batch}.`)
        for await (const outcome of outcomes) {
          counts['error' in outcome ? 'refused' : outcome.result]++
          context.result(presentOutcome(outcome), formatOutcome(outcome))
        }
        const all = Object.entries(counts).filter(([, count]) => count > 0)
        context.say(`${all.map(([what, count]) => `${count} ${what}`).join(', ') || 'Nobody'}.`)
        if (counts.refused > 0) process.exitCode = EXIT.found
      })
    })
}

interface ConfirmOptions extends SubjectOptions, Partial<OfficerOptions> {
  readonly holder?: NamedHolder
  readonly reference?: string
}

function confirmCommand(): Command {
  return names(new Command('confirm'))
    .description('want a benefit of this period: for oneself, or for whoever said so at a counter')
    .addOption(
      new Option('--holder <id>', 'for this holder, by id or code; by its account')
        .argParser(parseHolder)
        .conflicts(['codeType', 'code', 'officer', 'reference']),
    )
    .option('--officer <name>', 'who was told so, in the department')
    .option('--reference <id>', 'of what the person signed, where the department keeps it')
    .action(async (benefit: string, options: ConfirmOptions, command: Command) => {
      const context = Context.of(command)
      const request = confirmationIn(options)
      await withSession(context, options, async ({ client }) => {
        const identified =
          'holder' in request ? { holder: await client.holders.idOf(request.holder) } : request
        const { id, created } = await client.benefits.confirm(benefit, identified)
        context.result(
          { id, created },
          `${created ? 'Confirmed' : 'It was confirmed before'}: ${id}`,
        )
      })
    })
}

interface ExportOptions extends KeyChoice {
  readonly batch?: string
  readonly output?: string
}

function exportCommand(): Command {
  return signs(new Command('export'), { asks: false })
    .description('write a table of what was granted, or of who qualified in a batch and why not')
    .argument('<benefit>', 'its code')
    .option('--batch <name>', 'of this batch; else of all grants')
    .option('-o, --output <file>', 'write it there')
    .action(async (benefit: string, options: ExportOptions, command: Command) => {
      const context = Context.of(command)
      const { batch, output } = options
      await withSession(context, options, async ({ client }) => {
        const table = await client.benefits.table(benefit, batch)
        // The mark is for files that are opened on desks.
        const isFile = output !== undefined && output !== '-'
        await writeExactly(output, isFile ? `${CSV_MARK}${table}` : table)
        if (table.trimEnd().includes('\n')) return
        context.say(batch === undefined ? 'Nothing was granted.' : `Nobody is in a batch ${batch}.`)
      })
    })
}

interface ListOptions extends KeyChoice {
  readonly holder: NamedHolder
}

function listCommand(): Command {
  return signs(new Command('list'), { asks: false })
    .description('tell every look, confirmation and grant that concerns a holder, newest first')
    .requiredOption('--holder <id>', 'that one’s account is bound to, by id or code', parseHolder)
    .action(async ({ holder, ...choice }: ListOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, choice, async ({ client }) => {
        const names = new Map<Hex, string>()
        const of = await client.holders.idOf(holder)
        await context.results(client.benefits.ofHolder(of), async (record) => {
          const by = departmentIn(record)
          if (by !== undefined && !names.has(by))
            for (const [department, name] of await namesOf(client, [by]))
              names.set(department, name)
          return formatRecord(record, names)
        })
      })
    })
}

function evidenceCommand(): Command {
  return fetches(signs(new Command('evidence'), { asks: false }))
    .description('fetch the evidence of a look, a confirmation or a grant')
    .argument('<record>', 'statement id, as list tells it')
    .action(async (id: string, options: FetchOptions & KeyChoice, command: Command) => {
      await withSession(Context.of(command), options, ({ client }) =>
        writeEvidence(options, (waiting) => client.benefits.evidence(id, waiting)),
      )
    })
}

function subjectIn({ codeType, code }: SubjectOptions): Holder {
  if (codeType === undefined || code === undefined) misuse('Say whom: --code-type and --code.')
  return { codeType, code }
}

function confirmationIn(options: ConfirmOptions) {
  const { holder, officer, reference } = options
  if (holder !== undefined) return { holder }
  if (officer === undefined || reference === undefined)
    misuse('Say for whom: --holder; or, at a counter, --code-type, --code, --officer, --reference.')
  return { subject: subjectIn(options), officer, reference }
}
