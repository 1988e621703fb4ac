import { open, readFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { LedgerError } from '../../../node/core/errors.ts'
import type { FoundFile } from './files.ts'

const Line = z.object({
  name: z.string(),
  size: z.number(),
  modified: z.number(),
  /** Tells whether the same was asked for. */
  request: z.string(),
  id: z.string(),
  submitter: z.string(),
  origin: z.string(),
})
type Line = z.infer<typeof Line>

/** Who hands in, and where: of another, or elsewhere, the same file is another material. */
export interface Owner {
  /** Name of the authenticated principal. */
  readonly submitter: string
  /** Of the log. */
  readonly origin: string
}

/**
 * What a run has handed in, one line a file, so that an interrupted run goes on where it stopped. It only saves
 * work: what is handed in again gets the same entry, by its idempotency key.
 */
export class RunState {
  readonly #file: FileHandle
  readonly #done: ReadonlyMap<string, Line>
  readonly #owner: Owner

  private constructor(file: FileHandle, done: ReadonlyMap<string, Line>, owner: Owner) {
    this.#file = file
    this.#done = done
    this.#owner = owner
  }

  static async open(path: string, owner: Owner): Promise<RunState> {
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
    return new RunState(file, done, owner)
  }

  /**
   * Asked before a run does anything: it would hand in once more, as its own, what another has handed in.
   *
   * @throws LedgerError conflict/RUN_OF_ANOTHER {submitter, origin}
   */
  requireOwn(files: readonly FoundFile[], request: string): void {
    const { submitter, origin } = this.#owner
    for (const file of files) {
      const line = this.#find(file, request)
      if (line !== undefined && (line.submitter !== submitter || line.origin !== origin)) {
        const details = { submitter: line.submitter, origin: line.origin }
        throw new LedgerError('conflict', 'RUN_OF_ANOTHER', details)
      }
    }
  }

  /** Statement id of the file, if it was handed in as it is now. */
  find(file: FoundFile, request: string): string | undefined {
    return this.#find(file, request)?.id
  }

  async add({ name, size, modified }: FoundFile, request: string, id: string): Promise<void> {
    await this.#file.write(
      `${JSON.stringify({ name, size, modified, request, id, ...this.#owner } satisfies Line)}\n`,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }

  #find({ name, size, modified }: FoundFile, request: string): Line | undefined {
    const line = this.#done.get(name)
    const isSame = line?.size === size && line.modified === modified && line.request === request
    return isSame ? line : undefined
  }
}

function parseLine(line: string): Line | undefined {
  try {
    return Line.parse(JSON.parse(line))
  } catch {
    // Half a line, or one that does not say whose it is: what it stood for is simply handed in again.
    return undefined
  }
}
