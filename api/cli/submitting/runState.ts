import { open, readFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import type { FoundFile } from './files.ts'

const Line = z.object({
  name: z.string(),
  size: z.number(),
  modified: z.number(),
  /** Tells whether the same was asked for. */
  request: z.string(),
  id: z.string(),
})
type Line = z.infer<typeof Line>

/**
 * What a run has handed in, one line a file, so that an interrupted run goes on where it stopped. It only saves
 * work: what is handed in again gets the same entry, by its idempotency key.
 */
export class RunState {
  readonly #file: FileHandle
  readonly #done: ReadonlyMap<string, Line>

  private constructor(file: FileHandle, done: ReadonlyMap<string, Line>) {
    this.#file = file
    this.#done = done
  }

  static async open(path: string): Promise<RunState> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    const done = new Map<string, Line>()
    for (const line of text.split('\n')) {
      const parsed = parseLine(line)
      if (parsed) done.set(parsed.name, parsed)
    }
    const file = await open(path, 'a')
    // A run that was killed may have left half a line.
    if (text !== '' && !text.endsWith('\n')) await file.write('\n')
    return new RunState(file, done)
  }

  /** Statement id of the file, if it was handed in as it is now. */
  find({ name, size, modified }: FoundFile, request: string): string | undefined {
    const line = this.#done.get(name)
    const isSame = line?.size === size && line.modified === modified && line.request === request
    return isSame ? line.id : undefined
  }

  async add({ name, size, modified }: FoundFile, request: string, id: string): Promise<void> {
    await this.#file.write(
      `${JSON.stringify({ name, size, modified, request, id } satisfies Line)}\n`,
    )
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

function parseLine(line: string): Line | undefined {
  try {
    return Line.parse(JSON.parse(line))
  } catch {
    // Half a line: what it stood for is simply handed in again.
    return undefined
  }
}
