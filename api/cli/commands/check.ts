import { Command, InvalidArgumentError } from 'commander'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { Question } from '../../../node/core/checks/questions.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import { describeQuestion } from '../../client/index.ts'
import type { Check } from '../../http/checks/schema.ts'
import { fetches, writeEvidence } from '../fetching.ts'
import type { FetchOptions } from '../fetching.ts'
import { Context, misuse } from '../context.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import { withSession } from '../signing/session.ts'
import { agreeing } from '../signing/signAct.ts'
import { collect, parseHolder, parseId, parseUntil } from '../signing/values.ts'
import { subjectOf } from '../using/subject.ts'

export function checkCommand(): Command {
  return new Command('check')
    .description('ask of a certificate or material, yes or no, without seeing it 数据核验')
    .addCommand(askCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(evidenceCommand())
}

interface AskOptions extends SigningOptions {
  readonly case: string
  readonly matter: string
  readonly officer: string
  readonly cause: string
  readonly material?: boolean
  readonly type?: string
  readonly grant?: readonly Hex[]
  readonly is?: readonly Question[]
  readonly valid?: readonly Question[]
  readonly age?: readonly Question[]
  readonly expires?: number
}

function askCommand(): Command {
  return signs(new Command('ask'))
    .description('ask questions; by the department that is to know')
    .argument('<id>', 'statement id of the certificate or material')
    .option('--is <field=value>', 'whether the field says this', collect(parseIs))
    .option('--valid <day>', 'whether it could be used on that day', collect(parseValid))
    .option(
      '--age <field=years@day>',
      'whether whoever it is was so old by that day',
      collect(parseAge),
    )
    .option('--grant <id>', 'the grant; one of each holder', collect(parseId))
    .requiredOption('--case <code>', '统一审批编码, 15 digits')
    .requiredOption('--matter <code>', 'what for, as in the grant')
    .requiredOption('--officer <name>', 'who asks in the department')
    .requiredOption('--cause <text>', 'why')
    .option('--material', 'it is a material, though its id is like a certificate’s')
    .option('--type <code>', 'code of its type; as in the grant unless given')
    .option('--expires <time>', 'up to when it may be asked; in an hour unless given', parseUntil)
    .action(async (id: string, options: AskOptions, command: Command) => {
      const context = Context.of(command)
      const { type, grant = [], is = [], valid = [], age = [] } = options
      const questions = [...valid, ...is, ...age]
      if (questions.length === 0) misuse('Ask something: --is, --valid or --age.')
      if (grant.length === 0) misuse('Say under which grant: --grant <id>, one of each holder.')
      await withSession(context, options, async (session) => {
        if (session.department === undefined) misuse('This account acts for no department.')
        const granted = {
          ...subjectOf(id, options),
          ...(type !== undefined && { type }),
          grants: grant.map((each) => ({ grant: each })),
        }
        const { case: caseCode, matter, officer, cause, expires: notAfter } = options
        const reason = { case: caseCode, matter, officer, cause }
        const signing = { agree: agreeing(context, session.client, options), notAfter }
        const check = await session.signing.check(granted, questions, reason, signing)
        context.result(check, formatCheck(check))
      })
    })
}

function listCommand(): Command {
  return signs(new Command('list'), { asks: false })
    .description('tell the checks that concern one, newest first')
    .option(
      '--holder <id>',
      'of what this holder holds, by id or code; else of one’s department',
      parseHolder,
    )
    .action(
      async ({ holder, ...choice }: KeyChoice & { holder?: NamedHolder }, command: Command) => {
        const context = Context.of(command)
        await withSession(context, choice, async ({ client, department }) => {
          const of = holder
            ? { holder: await client.holders.idOf(holder) }
            : { user: department ?? misuse('Name a --holder.') }
          await context.results(client.checks.list(of), formatCheck)
        })
      },
    )
}

function showCommand(): Command {
  return signs(new Command('show'), { asks: false })
    .description('tell what was asked and answered')
    .argument('<check>', 'statement id of the check')
    .action(async (id: string, choice: KeyChoice, command: Command) => {
      const context = Context.of(command)
      await withSession(context, choice, async ({ client }) => {
        const check = await client.checks.get(id)
        context.result(check, formatCheck(check))
      })
    })
}

function evidenceCommand(): Command {
  return fetches(signs(new Command('evidence'), { asks: false }))
    .description('fetch the evidence of what was asked and answered')
    .argument('<check>', 'statement id of the check')
    .action(async (id: string, options: FetchOptions & KeyChoice, command: Command) => {
      await withSession(Context.of(command), options, ({ client }) =>
        writeEvidence(options, (waiting) => client.checks.evidence(id, waiting)),
      )
    })
}

function formatCheck({ id, at, subject, context, questions, answers }: Check): string {
  return [
    `${at}  ${id}  ${subject.kind} ${subject.id}, for case ${context.case}`,
    ...questions.map((question, place) => {
      return `  ${answers[place] === true ? 'yes' : 'no '}  ${describeQuestion(question).en}`
    }),
  ].join('\n')
}

function parseIs(text: string): Question {
  const [, field, value] = /^([^=]+)=(.+)$/.exec(text) ?? []
  return parsed({ kind: 'is', field, value }, 'It is a field and a text: location=…')
}

function parseValid(day: string): Question {
  return parsed({ kind: 'validOn', day }, 'It is a day: 2026-01-02.')
}

function parseAge(text: string): Question {
  const [, field, years, day] = /^([^=]+)=(\d{1,3})@(.+)$/.exec(text) ?? []
  const question = { kind: 'ageAtLeast', field, years: Number(years), day }
  return parsed(question, 'It is a field, years and a day: birthDate=65@2026-01-02.')
}

function parsed(question: object, rule: string): Question {
  const { data } = Question.safeParse(question)
  if (data === undefined) throw new InvalidArgumentError(rule)
  return data
}
