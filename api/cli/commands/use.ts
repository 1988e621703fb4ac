import { Command } from 'commander'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { NamedHolder } from '../../../node/core/parties/namedHolder.ts'
import type { UseReason, UseDraft } from '../../client/index.ts'
import { Context, misuse } from '../context.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { fetches, writeEvidence } from '../fetching.ts'
import type { FetchOptions } from '../fetching.ts'
import { writeExactly, writeOutput, writeStream } from '../output.ts'
import { signs } from '../signing/options.ts'
import type { SigningOptions } from '../signing/options.ts'
import { withSession } from '../signing/session.ts'
import type { Session } from '../signing/session.ts'
import { agreeing } from '../signing/signAct.ts'
import {
  collect,
  parseAddress,
  parseHolder,
  parseId,
  parseNames,
  parseUntil,
} from '../signing/values.ts'
import { formatUse } from '../using/present.ts'
import { readPrepared, requireRegistries, writePrepared } from '../using/requestFile.ts'
import { subjectOf } from '../using/subject.ts'
import { parseWait } from '../wait.ts'

export function useCommand(): Command {
  return new Command('use')
    .description('use a certificate or material under grants: a department’s derived copy')
    .addCommand(requestCommand())
    .addCommand(prepareCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(copyCommand())
    .addCommand(documentCommand())
    .addCommand(evidenceCommand())
}

interface CaseOptions extends SigningOptions {
  readonly material?: boolean
  readonly type?: string
  readonly grant?: readonly Hex[]
  readonly fields?: string[]
  readonly case?: string
  readonly matter?: string
  readonly officer?: string
  readonly cause?: string
  readonly neededUntil?: string
  readonly copy?: boolean
  readonly expires?: number
}

/** What a use is for: the same for those who prepare it and those who ask at once. */
function names(command: Command): Command {
  return command
    .option('--grant <id>', 'the grant; one of each holder', collect(parseId))
    .option('--fields <names>', 'what to see of it', parseNames)
    .option('--case <code>', '统一审批编码, 15 digits')
    .option('--matter <code>', 'what for, as in the grant')
    .option('--officer <name>', 'who asks in the department')
    .option('--cause <text>', 'why')
    .option('--needed-until <day>', 'the last day on which the copy is needed')
    .option('--copy', 'to keep a derived copy, not to read only')
    .option('--material', 'it is a material, though its id is like a certificate’s')
    .option('--type <code>', 'code of its type; as in the grant unless given')
    .option(
      '--expires <time>',
      'up to when it may be asked; an hour from now unless given',
      parseUntil,
    )
}

interface RequestOptions extends CaseOptions {
  readonly prepared?: string
  readonly output?: string
  readonly document?: string
  readonly evidence?: string
}

function requestCommand(): Command {
  return names(signs(new Command('request')))
    .description('ask for a certificate or material; by the department that uses it')
    .argument('[id]', 'statement id of it; or see --prepared')
    .option('--prepared <file>', 'what the grantees prepared, in place of all that')
    .option('-o, --output <file>', 'write the derived copy there')
    .option('--document <file>', 'write the marked document there; of a whole material')
    .option('--evidence <file>', 'write the receipt’s evidence there')
    .action(async (id: string | undefined, options: RequestOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async (session) => {
        const { client, department, signing } = session
        const user = department ?? misuse('This account acts for no department.')
        const draft =
          options.prepared === undefined
            ? await drafted(id, user, options, session)
            : await loaded(options.prepared, session)
        for (const { use } of draft.authorizations)
          if (use.user !== user) misuse(`This was prepared for the department ${use.user}.`)
        const agree = agreeing(context, client, options)
        const { id: use } = await client.uses.request(await signing.signUse(draft, { agree }))
        // First of all: what cannot be written now is fetched by this id later.
        context.result({ id: use }, `Released: ${use}`)
        if (options.output !== undefined)
          await writeExactly(options.output, await client.uses.copy(use))
        // What the request was answered with proves the receipt, and not yet who issued and granted.
        if (options.evidence !== undefined)
          await writeOutput(options.evidence, await client.uses.evidence(use, { anchored: true }))
        if (options.document !== undefined) {
          const { bytes } = await client.uses.document(use, { anchored: true })
          await writeStream(options.document, bytes)
        }
      })
    })
}

interface PrepareOptions extends CaseOptions {
  readonly user?: Hex
  readonly join?: string
  readonly output: string
}

/** A department cannot see what a grantee was shown: the grantee opens it for this one use. */
function prepareCommand(): Command {
  return names(signs(new Command('prepare')))
    .description('let a department use what one was granted, once; by the grantee')
    .argument('[id]', 'statement id of the certificate or material; or see --join')
    .option('--user <department>', 'the department', parseAddress)
    .option('--join <file>', 'add one’s own to what another holder’s grantee prepared')
    .requiredOption('-o, --output <file>', 'what to hand to the department')
    .action(async (id: string | undefined, options: PrepareOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, options, async (session) => {
        const { client, registries, signing } = session
        const before = options.join === undefined ? undefined : await loaded(options.join, session)
        const draft = before
          ? await joining(before, options, session)
          : await drafted(
              id,
              options.user ?? misuse('Name the department: --user.'),
              options,
              session,
            )
        const agree = agreeing(context, client, options)
        const { authorizations, ...asked } = await signing.cosignUse(draft, { agree })
        const all = [...(before?.authorizations ?? []), ...authorizations]
        await writePrepared(options.output, { v: 1, registries, ...asked, authorizations: all })
        context.result(
          { file: options.output },
          `Wrote ${options.output}. Hand it to the department; it expires.`,
        )
      })
    })
}

function drafted(
  id: string | undefined,
  user: Hex,
  options: CaseOptions,
  { signing }: Session,
): Promise<UseDraft> {
  if (id === undefined) misuse('Say what to use: its statement id.')
  const { grant = [], fields = [], copy, type, expires: notAfter } = options
  if (grant.length === 0) misuse('Say under which grant: --grant <id>, one of each holder.')
  const wanted = {
    ...subjectOf(id, options),
    ...(type !== undefined && { type }),
    grants: grant.map((each) => ({ grant: each })),
    use: { fields, manner: copy === true ? 'copy' : 'read' },
  } as const
  return signing.draftUse(wanted, reasonOf(options), { user, notAfter })
}

/** The same subject, case and salt: one request is for one use. */
function joining(before: UseDraft, options: CaseOptions, { signing }: Session): Promise<UseDraft> {
  const { subject, fields, manner, context, authorizations } = before
  const { user = misuse('Nobody prepared it before.'), notAfter } = authorizations[0]?.use ?? {}
  const { type, grant = misuse('Say under which grant: --grant <id>.') } = options
  const wanted = {
    ...subject,
    ...(type !== undefined && { type }),
    grants: grant.map((each) => ({ grant: each })),
    use: { fields, manner },
  }
  return signing.draftUse(wanted, context, { user, notAfter })
}

async function loaded(path: string, { registries }: Session): Promise<UseDraft> {
  const prepared = await readPrepared(path)
  requireRegistries(prepared, registries)
  const { v: _, registries: __, ...request } = prepared
  return request
}

function reasonOf(options: CaseOptions): UseReason {
  const { case: caseCode, matter, officer, cause, neededUntil } = options
  if (
    caseCode === undefined ||
    matter === undefined ||
    officer === undefined ||
    cause === undefined
  )
    misuse('A use names its --case, --matter, --officer and --cause.')
  const until = neededUntil === undefined ? {} : { until: neededUntil }
  return { case: caseCode, matter, officer, cause, ...until }
}

interface ListOptions extends KeyChoice {
  readonly holder?: NamedHolder
  readonly live?: boolean
}

function listCommand(): Command {
  return signs(new Command('list'), { asks: false })
    .description('tell the uses and refusals that concern one, newest first')
    .option(
      '--holder <id>',
      'of what this holder holds, by id or code; else those that one’s department asked for',
      parseHolder,
    )
    .option('--live', 'go on telling as they happen, until Ctrl-C; with --holder')
    .action(async ({ holder, live, ...choice }: ListOptions, command: Command) => {
      const context = Context.of(command)
      await withSession(context, choice, async ({ client, department }) => {
        const id = holder && (await client.holders.idOf(holder))
        if (live === true) {
          const of = id ?? misuse('--live needs a --holder.')
          for await (const use of client.uses.live(of)) context.result(use, formatUse(use))
          return
        }
        const of = id ? { holder: id } : { user: department ?? misuse('Name a --holder.') }
        await context.results(client.uses.list(of), formatUse)
      })
    })
}

function showCommand(): Command {
  return signs(new Command('show'), { asks: false })
    .description('tell what was asked, and what became of it')
    .argument('<use>', 'statement id of the use')
    .action(async (id: string, choice: KeyChoice, command: Command) => {
      const context = Context.of(command)
      await withSession(context, choice, async ({ client }) => {
        const use = await client.uses.get(id)
        context.result(use, formatUse(use))
      })
    })
}

function copyCommand(): Command {
  return signs(new Command('copy'), { asks: false })
    .description('fetch the derived copy; for the department that asked, until it expires')
    .argument('<use>', 'statement id of the use')
    .option('-o, --output <file>', 'write it there instead of to stdout')
    .action(
      async (
        id: string,
        { output, ...choice }: KeyChoice & { output?: string },
        command: Command,
      ) => {
        const context = Context.of(command)
        await withSession(context, choice, async ({ client }) => {
          await writeExactly(output, await client.uses.copy(id))
        })
      },
    )
}

function documentCommand(): Command {
  return signs(new Command('document'), { asks: false })
    .description('fetch a whole material, marked; for the department that asked, until it expires')
    .argument('<use>', 'statement id of the use')
    .option(
      '-o, --output <file>',
      'write it there; - writes to stdout; named by the use unless given',
    )
    .option(
      '--wait <anchored[:seconds]>',
      'how long to wait for the anchor of its evidence',
      parseWait,
    )
    .option('--no-wait', 'as it is: the evidence inside may lack its anchor for good')
    .action(
      async (
        id: string,
        { output, wait, ...choice }: KeyChoice & { output?: string; wait?: boolean | number },
        command: Command,
      ) => {
        const context = Context.of(command)
        await withSession(context, choice, async ({ client }) => {
          const options = { anchored: wait ?? true }
          const { mediaType, fileName, bytes } = await client.uses.document(id, options)
          const path = output ?? fileName
          await writeStream(path, bytes)
          if (path !== '-')
            context.result({ file: path, mediaType }, `Wrote ${path} (${mediaType}).`)
        })
      },
    )
}

function evidenceCommand(): Command {
  return fetches(signs(new Command('evidence'), { asks: false }))
    .description('fetch the receipt of a use: what it takes to check it offline')
    .argument('<use>', 'statement id of the use')
    .action(async (id: string, options: FetchOptions & KeyChoice, command: Command) => {
      await withSession(Context.of(command), options, ({ client }) =>
        writeEvidence(options, (waiting) => client.uses.evidence(id, waiting)),
      )
    })
}
