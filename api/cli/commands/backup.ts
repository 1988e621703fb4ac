import { Command } from 'commander'
import { Readable } from 'node:stream'
import { isLedgerError, LedgerError } from '../../../node/core/errors.ts'
import { createBackup } from '../../../node/ledger/backup/backup.ts'
import { checkBackup } from '../../../node/ledger/backup/archiveReader.ts'
import { parseCheckpoint } from '../../../node/core/tlog/checkpoint.ts'
import { parseNote } from '../../../node/core/tlog/note.ts'
import { Context, misuse } from '../context.ts'
import { exists } from '../exists.ts'
import { FileDraft } from '../fileDraft.ts'
import { ProgressBar } from '../progressBar.ts'
import { openStoppedNode } from '../stoppedNode.ts'

interface Options {
  readonly data?: string
}

export function backupCommand(): Command {
  return new Command('backup')
    .description('copy the whole ledger into one file, also while it runs')
    .argument('<file>', 'the archive to make')
    .option('--data <folder>', 'back up the data folder of a node that does not run')
    .action(async (path: string, { data }: Options, command: Command) => {
      const context = Context.of(command)
      if (await exists(path)) misuse(`${path} exists already: name another file.`)
      const source = await openSource(context, data)
      try {
        const { manifest, trailer } = await copy(context, source.chunks, path)
        const { size } = parseCheckpoint(parseNote(trailer.checkpoint).text)
        const { contents, records } = trailer
        context.say(
          'The master key is not in it: without that key nobody can restore it. Keep the key in another place.',
        )
        context.result(
          { file: path, origin: manifest.origin, size, contents, records },
          `Wrote ${path}: ${manifest.origin}, ${size} entries, ${contents} contents.`,
        )
      } finally {
        await source.close()
      }
    })
}

interface Source {
  readonly chunks: AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** The folder that was named; else the ledger that answers; else the data folder of this machine's node. */
async function openSource(context: Context, data: string | undefined): Promise<Source> {
  if (data !== undefined) return openFolder(context, data)
  try {
    return await openLive(context)
  } catch (error) {
    const isDown = isLedgerError(error) && error.kind === 'unavailable'
    if (!isDown || context.urlIsGiven || !(await exists(context.dataFolder))) throw error
    return openFolder(context, context.dataFolder)
  }
}

async function openLive(context: Context): Promise<Source> {
  const transport = await context.transport(1)
  const body = await transport.call('/v1/backup', {}, (response) => response.body)
  const stream = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
  context.say(`Backing up ${context.url}.`)
  return { chunks: received(stream), close: async () => void stream.destroy() }
}

/** What comes over a connection that may break. */
async function* received(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch (cause) {
    throw new LedgerError('unavailable', 'LEDGER_UNREACHABLE', {}, { cause })
  }
}

async function openFolder(context: Context, dataFolder: string): Promise<Source> {
  const node = await openStoppedNode(dataFolder)
  context.say(`Backing up the data folder ${dataFolder}.`)
  return { chunks: createBackup(node, Date.now()), close: () => node.close() }
}

/** The file gets its name only once it was read to its end and found whole. */
async function copy(
  context: Context,
  source: AsyncIterable<Uint8Array>,
  path: string,
): ReturnType<typeof checkBackup> {
  const draft = await FileDraft.open(path)
  const bar = new ProgressBar('{value} MiB', context)
  try {
    const checked = await checkBackup(
      (async function* () {
        for await (const chunk of source) {
          await draft.write(chunk)
          bar.count(draft.length / 2 ** 20)
          yield chunk
        }
      })(),
    )
    await draft.keep()
    return checked
  } catch (error) {
    await draft.discard()
    throw error
  } finally {
    bar.stop()
  }
}
