import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { CatalogueKind } from '../../../node/core/catalogue/entry.ts'
import type { CatalogueEntry } from '../../../node/core/catalogue/entry.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import { readCatalogueFile, readDepartmentMap } from '../../client/cataloguing/files.ts'
import type { OnceClient } from '../../client/index.ts'
import { formatEntry, formatRecord, formatThemeMaterial } from '../cataloguing/present.ts'
import { tellPublished } from '../cataloguing/publishing.ts'
import { Context, misuse } from '../context.ts'
import { fetches, writeEvidence } from '../fetching.ts'
import type { FetchOptions } from '../fetching.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { signs } from '../signing/options.ts'
import { withSession } from '../signing/session.ts'
import { parseAddress } from '../signing/values.ts'

export function catalogueCommand(): Command {
  return new Command('catalogue')
    .description('what there is to apply for, what it takes, and who answers for it')
    .addCommand(showCommand())
    .addCommand(publishCommand())
    .addCommand(loadCommand())
    .addCommand(materialsCommand())
    .addCommand(evidenceCommand())
}

interface ShowOptions {
  readonly on?: string
  readonly edition?: number
  readonly history?: boolean
}

function showCommand(): Command {
  return new Command('show')
    .description('tell the entries of a kind, or one of them')
    .addArgument(new Argument('<kind>', 'what kind of entry').choices(CatalogueKind.options))
    .argument('[code]', 'this entry alone, whole')
    .option('--on <day>', 'as it was in force then: 2023-08-05; today unless given')
    .addOption(
      new Option('--edition <number>', 'this version').argParser(parseVersion).conflicts('on'),
    )
    .addOption(new Option('--history', 'every version').conflicts(['on', 'edition']))
    .action(
      async (
        kind: CatalogueKind,
        code: string | undefined,
        options: ShowOptions,
        command: Command,
      ) => {
        const context = Context.of(command)
        const { catalogue } = await context.client()
        const { on, edition: version, history } = options
        if (code === undefined) {
          if (history || version !== undefined) misuse('Say of which entry: its code.')
          await context.results(catalogue.list(kind, on), formatRecord)
        } else if (history) {
          for (const found of await catalogue.history(kind, code))
            context.result(found, formatRecord(found))
        } else {
          const found =
            version === undefined
              ? await catalogue.get(kind, code, on)
              : await catalogue.getVersion({ kind, code, version })
          context.result(found, formatEntry(found))
        }
      },
    )
}

interface PublishOptions extends KeyChoice {
  readonly departments?: string
  readonly owner?: Hex
}

const publishes = (name: string) =>
  signs(new Command(name), { asks: false })
    .option('--departments <file>', 'addresses of departments by their codes, JSON')
    .option('--owner <address>', 'the department for all codes that nobody knows', parseAddress)

function publishCommand(): Command {
  return publishes('publish')
    .description('publish versions of entries by the account of the department that owns them')
    .argument('<file>', 'an entry, or a list of them, JSON')
    .action((file: string, options: PublishOptions, command: Command) => {
      const context = Context.of(command)
      return withSession(context, options, async ({ client }) => {
        const entries = await readEntries(file, options, client)
        await tellPublished(context, client.catalogue.publishAll(entries))
      })
    })
}

function loadCommand(): Command {
  return publishes('load')
    .description('publish all entries of a file, again and again to the same end')
    .argument(
      '<file>',
      'departments and entries, JSON, or a folder of such files; `seed`: those that come along',
    )
    .action(async (file: string, options: PublishOptions, command: Command) => {
      const context = Context.of(command)
      if (options.key === undefined && !process.env['ONCE_KEY']) {
        // To set a node up: its token publishes first versions in the name of their owners.
        const client = await context.client()
        const entries = await readEntries(file, options, client)
        await tellPublished(context, client.catalogue.publishAll(entries))
        return
      }
      await withSession(context, options, async ({ client, department }) => {
        const entries = await readEntries(file, options, client)
        const own = entries.filter(({ owner }) => owner === department)
        context.say(`${entries.length - own.length} are for their own departments to publish.`)
        await tellPublished(context, client.catalogue.publishAll(own))
      })
    })
}

function materialsCommand(): Command {
  return new Command('materials')
    .description('tell what all matters of a theme take together, each material of a holder once')
    .argument('<theme>', 'its code')
    .option('--on <day>', 'as it is in force then: 2023-08-05; today unless given')
    .action(async (code: string, { on }: { on?: string }, command: Command) => {
      const context = Context.of(command)
      const { catalogue } = await context.client()
      for (const material of (await catalogue.materialsOfTheme(code, on)).materials)
        context.result(material, formatThemeMaterial(material))
    })
}

interface EvidenceOptions extends FetchOptions {
  readonly edition?: number
}

function evidenceCommand(): Command {
  return fetches(new Command('evidence'))
    .description('fetch the evidence that a version of an entry was published')
    .addArgument(new Argument('<kind>', 'what kind of entry').choices(CatalogueKind.options))
    .argument('<code>', 'its code')
    .option('--edition <number>', 'this version; the one in force unless given', parseVersion)
    .action(
      async (kind: CatalogueKind, code: string, options: EvidenceOptions, command: Command) => {
        const { catalogue } = await Context.of(command).client()
        const version = options.edition ?? (await catalogue.get(kind, code)).entry.version
        await writeEvidence(options, (waiting) =>
          catalogue.evidence({ kind, code, version }, waiting),
        )
      },
    )
}

async function readEntries(
  name: string,
  { departments: path, owner }: PublishOptions,
  client: OnceClient,
): Promise<CatalogueEntry[]> {
  const documents = await readCatalogueFile(name)
  const departments = path === undefined ? undefined : await readDepartmentMap(path)
  return client.catalogue.entriesIn(documents, { departments, owner })
}

function parseVersion(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It is a number from 1 on.')
  return Number(text)
}
