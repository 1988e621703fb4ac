import { Command, InvalidArgumentError } from 'commander'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import { inspectText } from '../../../node/imports/encoding.ts'
import type { InspectedText } from '../../../node/imports/encoding.ts'
import { readLines } from '../../../node/imports/lines.ts'
import { kindOfManifest, readManifest } from '../../../node/imports/manifest.ts'
import type { ManifestKind } from '../../../node/imports/manifest.ts'
import type { OnceClient } from '../../client/index.ts'
import { Context } from '../context.ts'
import type { KeyChoice } from '../keys/openKey.ts'
import { signs } from '../signing/options.ts'
import { withClient } from '../signing/session.ts'
import { Importer } from '../importing/importer.ts'
import { ImportResults } from '../importing/results.ts'
import { SourceFolder } from '../importing/source.ts'
import { ImportTally } from '../importing/tally.ts'
import type { Ended } from '../importing/tally.ts'
import { stopOnSignal } from '../stopOnSignal.ts'

interface Options extends KeyChoice {
  readonly manifest: Manifest
  readonly results?: string
}

interface Manifest {
  readonly path: string
  readonly kind: ManifestKind
}

export function importCommand(): Command {
  return signs(new Command('import'), { asks: false })
    .description(
      'hand in what a manifest lists, one material a line; an interrupted run goes on when repeated',
    )
    .argument('<folder>', 'where the files lie that the manifest names')
    .requiredOption(
      '--manifest <file>',
      'CSV with names in its first line, or NDJSON; UTF-8 or GB 18030',
      parseManifest,
    )
    .option('--results <file>', 'what became of each line; <manifest>.results.ndjson unless given')
    .addHelpText('after', COLUMNS)
    .action(async (path: string, { manifest, results, ...choice }: Options, command: Command) => {
      const context = Context.of(command)
      const folder = await SourceFolder.open(path)
      const text = await inspect(manifest.path)
      const resultsPath = results ?? `${manifest.path}.results.ndjson`
      await withClient(context, choice, (client) =>
        importManifest({ context, client, folder, manifest, text, resultsPath }),
      )
    })
}

const COLUMNS = `
Columns: type, and as far as they are known: file, title, holder (001:91310110MADEM0011Y),
certificateIdentifier, caseCode, supersedes, channel, receiptMode, id, mediaType, sha256, size,
and fields.<name> for each field. A line without file states sha256 and size: its content stays
where it is. What has a wrong check character, or a type that is not in the catalogue, goes into
quarantine.`

interface Import {
  readonly context: Context
  readonly client: OnceClient
  readonly folder: SourceFolder
  readonly manifest: Manifest
  /** How the manifest is written. */
  readonly text: InspectedText
  readonly resultsPath: string
}

async function importManifest({
  context,
  client,
  folder,
  manifest,
  text: { encoding, lines },
  resultsPath,
}: Import): Promise<void> {
  const [{ origin }, { name: submitter }] = await Promise.all([client.describe(), client.whoAmI()])
  const results = await ImportResults.open(resultsPath, { origin, submitter })
  const isTable = manifest.kind === 'csv'
  const tally = new ImportTally(context, isTable ? lines - 1 : lines)
  const stop = stopOnSignal()
  const importer = new Importer({ client, submitter, folder, results, tally, isTable, stop })
  const text = readLines(createReadStream(manifest.path), encoding)
  let ended: Ended | undefined
  try {
    await importer.run(readManifest(text, manifest.kind))
  } catch (error) {
    if (stop.aborted) {
      ended = 'interrupted'
      return
    }
    if (isLedgerError(error, 'IMPORT_COLUMNS_MALFORMED')) ended = 'refused'
    else if (isLedgerError(error) && error.kind === 'unavailable') ended = 'unreachable'
    throw inFile(error, manifest.path)
  } finally {
    await results.close()
    tally.conclude(resultsPath, stop.aborted ? 'interrupted' : ended)
  }
}

/** @throws LedgerError as `inspectText`, with the file */
async function inspect(path: string): Promise<InspectedText> {
  if (!(await stat(path)).isFile())
    throw new LedgerError('invalid', 'IMPORT_MANIFEST_NOT_FOUND', { file: path })
  try {
    return await inspectText(createReadStream(path))
  } catch (error) {
    throw inFile(error, path)
  }
}

/** Whoever typed the name of the manifest can mend it. */
function inFile(error: unknown, file: string): unknown {
  const isOfManifest =
    isLedgerError(error) && (error.code.startsWith('TEXT_') || error.code.startsWith('IMPORT_'))
  if (!isOfManifest) return error
  return new LedgerError(
    error.kind,
    error.code,
    { file: basename(file), ...error.details },
    { cause: error },
  )
}

function parseManifest(path: string): Manifest {
  const kind = kindOfManifest(path)
  if (kind === undefined)
    throw new InvalidArgumentError('Its name ends in .csv, .ndjson or .jsonl.')
  return { path, kind }
}
