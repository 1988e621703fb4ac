import { Command, InvalidArgumentError, Option } from 'commander'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pMap from 'p-map'
import { typeFields } from '../../../node/imports/fieldTexts.ts'
import { findMaterialType, hasMaterialTypes } from '../cataloguing/materialType.ts'
import { Channel } from '../../../node/core/statements/parts.ts'
import type { OnceClient } from '../../client/index.ts'
import { Context, misuse } from '../context.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { signs } from '../signing/options.ts'
import { withClient } from '../signing/session.ts'
import { writeOutput } from '../output.ts'
import { stopOnSignal } from '../stopOnSignal.ts'
import { findFiles, isFolder } from '../submitting/files.ts'
import { describe } from '../submitting/request.ts'
import type { Described, SubmitChoice } from '../submitting/request.ts'
import { RunState } from '../submitting/runState.ts'
import { Submitter } from '../submitting/submitter.ts'
import { Tally } from '../submitting/tally.ts'
import { parseWait } from '../wait.ts'

interface Options extends SubmitChoice, KeyChoice {
  readonly output?: string
  readonly out?: string
  readonly state?: string
  readonly wait?: boolean | number
  readonly concurrency?: number
}

const STATE_FILE = '.once-submit.jsonl'
const CONCURRENCY = 8
/** One anchor answers all that wait for it. */
const CONCURRENCY_WAITING = 64

export function submitCommand(): Command {
  return signs(new Command('submit'), { asks: false })
    .description(
      'hand materials in and keep their evidence; an interrupted run goes on when repeated',
    )
    .argument('<paths...>', 'files, and folders with all the files in them')
    .requiredOption('--type <code>', 'type of the material, as the catalogue names it')
    .option('--title <text>', 'title for people')
    .option('--holder <type:code>', 'whose it is, such as 001:91310110MADEM0011Y')
    .option('--id <id>', 'statement id, for a single file; made by the ledger unless given')
    .option(
      '--field <name=value>',
      'a field of the material, as its type has it: 2025, true, a;b; may be given again',
      collect,
    )
    .option('--case <code>', 'case code of 15 digits')
    .option('--supersedes <id>', 'statement id of the earlier version, for a single file')
    .option(
      '--certificate-identifier <text>',
      '电子证照标识 of the certificate that it is a copy of',
    )
    .addOption(new Option('--channel <channel>', 'by which way it came').choices(Channel.options))
    .addOption(
      new Option(
        '--receipt-mode <mode>',
        '0 upload, 1 certificate reference, 2 courier, 3 counter, 4 online form, 5 data sharing',
      ).choices(['0', '1', '2', '3', '4', '5']),
    )
    .option('--reason <text>', 'why it is handed in for the case although it could be exempted')
    .option(
      '--media-type <type>',
      'media type of the content; guessed by the file name unless given',
    )
    .option('--digests-only', 'the content stays here: only its digest is handed in')
    .option('--wait <anchored[:seconds]>', 'wait until the entry is anchored', parseWait)
    .addOption(
      new Option('-o, --output <file>', 'evidence of a single file, instead of stdout').conflicts(
        'out',
      ),
    )
    .option('--out <folder>', 'evidence of many files, instead of beside each')
    .option('--state <file>', 'where a run of many files notes what it has done')
    .option('--concurrency <n>', 'files under way at once', parseCount)
    .action(async (paths: string[], options: Options, command: Command) => {
      const context = Context.of(command)
      const [only] = paths
      const isSingle = paths.length === 1 && only !== undefined && !(await isFolder(only))
      const isOne = isSingle && options.out === undefined
      if (!isOne) requireForMany(options)
      const described = describe(options)
      await withClient(context, options, (client) =>
        (isOne ? submitOne : submitMany)({ context, client, described, paths, options }),
      )
    })
}

interface Run {
  readonly context: Context
  readonly client: OnceClient
  readonly described: Described
  readonly paths: readonly string[]
  readonly options: Options
}

async function submitOne(run: Run): Promise<void> {
  const { context, paths, options } = run
  const submitter = await createSubmitter(run)
  for await (const file of findFiles(paths)) {
    const { id, created, evidence } = await submitter.submit(file)
    await writeOutput(options.output, evidence)
    context.say(`${created ? 'Submitted' : 'Was there already'}: ${file.path} as ${id}.`)
  }
}

function requireForMany({ id, supersedes, output }: Options): void {
  if (id !== undefined) misuse('--id is for a single file: many cannot have the same.')
  if (supersedes !== undefined) misuse('--supersedes is for a single file: one takes its place.')
  if (output !== undefined) misuse('--output is for a single file; use --out for many.')
}

async function submitMany(run: Run): Promise<void> {
  const { context, client, paths, options } = run
  const stop = stopOnSignal()
  const submitter = await createSubmitter(run, stop)
  const files = await Array.fromAsync(findFiles(paths))
  const [{ name }, { origin }] = await Promise.all([client.whoAmI(), client.describe()])
  const owner = { submitter: name, origin }
  await using state = await RunState.open(await statePath(paths, options), owner)
  submitter.requireOwn(files, state)
  const tally = new Tally(context, files.length, stop)
  try {
    await pMap(
      files,
      async (file) => {
        if (!tally.isOver)
          await tally.count(file, () => submitter.submitToFile(file, options.out, state))
      },
      { concurrency: options.concurrency ?? (options.wait ? CONCURRENCY_WAITING : CONCURRENCY) },
    )
  } finally {
    tally.conclude()
  }
}

async function createSubmitter(
  { context, client, described, options }: Run,
  signal?: AbortSignal,
): Promise<Submitter> {
  const wait = options.wait === undefined ? {} : { anchored: options.wait }
  const type = await findMaterialType(client.catalogue, described.type)
  // A ledger without a catalogue takes every type for one; with one, it may be a slip of the hand.
  if (type === undefined && (await hasMaterialTypes(client.catalogue)))
    context.say(
      `The catalogue has no material type ${described.type}: what is handed in is kept, but no case finds it. See \`once catalogue show materialType\`.`,
    )
  return new Submitter(client, typeFields(described, type), options, {
    ...wait,
    ...(signal && { signal }),
  })
}

async function statePath(paths: readonly string[], { state, out }: Options): Promise<string> {
  if (state !== undefined) return state
  if (out !== undefined) {
    await mkdir(out, { recursive: true })
    return join(out, STATE_FILE)
  }
  const [first = '.'] = paths
  return join((await isFolder(first)) ? first : dirname(first), STATE_FILE)
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It is a number from 1 on.')
  return Number(text)
}
