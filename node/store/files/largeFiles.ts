import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { LedgerError } from '../../core/errors.ts'
import type { ContentWriter, FileLocation } from '../contentStore.ts'
import { assertRoom, isMissing, syncFolder, writeError } from '../disk.ts'

/** 16 random bytes in hex. Any other name could lead out of the folder. */
const NAME = /^[0-9a-f]{32}$/

/** Bytes after which what was written so far is sent to the disk, while more comes in. */
const SYNC_EVERY = 32 * 2 ** 20

/** Bytes read at a time. */
const READ_LENGTH = 256 * 1024

export interface LargeFilesOptions {
  readonly reserve: number
  readonly openFile: typeof open
}

/**
 * Large contents, a file each. A file is written as `incoming/<name>` and stays there until its location is
 * committed; then it moves to `files/<two digits>/<name>`. So a start has to ask only about the few in `incoming`.
 */
export class LargeFiles {
  readonly #incoming: string
  readonly #files: string
  readonly #options: LargeFilesOptions

  private constructor(folder: string, options: LargeFilesOptions) {
    this.#incoming = join(folder, 'incoming')
    this.#files = join(folder, 'files')
    this.#options = options
  }

  static async open(folder: string, options: LargeFilesOptions): Promise<LargeFiles> {
    const files = new LargeFiles(folder, options)
    await mkdir(files.#incoming, { recursive: true, mode: 0o700 })
    await mkdir(files.#files, { recursive: true, mode: 0o700 })
    return files
  }

  async begin(): Promise<ContentWriter> {
    const name = randomBytes(16).toString('hex')
    const path = join(this.#incoming, name)
    assertRoom(this.#incoming, this.#options.reserve)
    try {
      const handle = await this.#options.openFile(path, 'wx', 0o600)
      const commitName = () => syncFolder(this.#incoming)
      return new FileWriter({ name, path, handle, commitName, reserve: this.#options.reserve })
    } catch (cause) {
      throw writeError(cause)
    }
  }

  async settle({ name }: FileLocation): Promise<void> {
    const [incoming, settled] = this.#paths(name)
    try {
      await mkdir(join(settled, '..'), { recursive: true, mode: 0o700 })
      await rename(incoming, settled)
    } catch (cause) {
      // Settled before.
      if (isMissing(cause)) return
      throw writeError(cause)
    }
  }

  async *read(location: FileLocation, offset: number, length: number): AsyncGenerator<Buffer> {
    const handle = await this.#open(location)
    try {
      for (let position = offset, end = offset + length; position < end;) {
        const chunk = Buffer.allocUnsafe(Math.min(READ_LENGTH, end - position))
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, position)
        if (bytesRead === 0)
          throw new LedgerError('corrupt', 'CONTENT_MISSING', { ...location, position })
        position += bytesRead
        yield chunk.subarray(0, bytesRead)
      }
    } finally {
      await handle.close()
    }
  }

  /** Looks where it is when settled, then where it came in; it may have moved between the two, so once more. */
  async #open(location: FileLocation): Promise<FileHandle> {
    const [incoming, settled] = this.#paths(location.name)
    for (const path of [settled, incoming, settled]) {
      try {
        return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
      } catch (cause) {
        if (!isMissing(cause))
          throw new LedgerError('corrupt', 'CONTENT_UNREADABLE', { ...location }, { cause })
      }
    }
    throw new LedgerError('corrupt', 'CONTENT_MISSING', { ...location })
  }

  async remove({ name }: FileLocation): Promise<void> {
    for (const path of this.#paths(name)) await rm(path, { force: true })
  }

  async recover(isKept: (location: FileLocation) => Promise<boolean>): Promise<void> {
    for (const name of (await readdir(this.#incoming)).filter((name) => NAME.test(name))) {
      const { size } = await stat(join(this.#incoming, name))
      const location = { in: 'file', name, length: size } as const
      await ((await isKept(location)) ? this.settle(location) : this.remove(location))
    }
  }

  async *list(): AsyncGenerator<FileLocation> {
    for (const digits of (await readdir(this.#files)).toSorted()) {
      if (!/^[0-9a-f]{2}$/.test(digits)) continue
      const folder = join(this.#files, digits)
      for (const name of (await readdir(folder)).toSorted()) {
        if (!NAME.test(name)) continue
        yield { in: 'file', name, length: (await stat(join(folder, name))).size }
      }
    }
  }

  #paths(name: string): [incoming: string, settled: string] {
    if (!NAME.test(name)) throw new LedgerError('corrupt', 'LOCATION_MALFORMED')
    return [join(this.#incoming, name), join(this.#files, name.slice(0, 2), name)]
  }
}

interface FileWriterParts {
  readonly name: string
  readonly path: string
  readonly handle: FileHandle
  readonly commitName: () => Promise<void>
  readonly reserve: number
}

class FileWriter implements ContentWriter {
  readonly #parts: FileWriterParts
  #length = 0
  #synced = 0
  #syncing: Promise<unknown> | undefined
  #syncError: unknown

  constructor(parts: FileWriterParts) {
    this.#parts = parts
  }

  async write(chunk: Uint8Array): Promise<void> {
    const { handle, path, reserve } = this.#parts
    assertRoom(path, reserve)
    try {
      for (let written = 0; written < chunk.length;) {
        const rest = chunk.length - written
        written += (await handle.write(chunk, written, rest, this.#length + written)).bytesWritten
      }
    } catch (cause) {
      throw writeError(cause)
    }
    this.#length += chunk.length
    if (this.#length - this.#synced >= SYNC_EVERY) this.#syncAhead()
  }

  /** Keeps the disk busy while the content comes in, instead of all at the end. */
  #syncAhead(): void {
    if (this.#syncing !== undefined) return
    this.#synced = this.#length
    this.#syncing = this.#parts.handle
      .datasync()
      .catch((error: unknown) => {
        // Kept, because the system reports a failed write only once.
        this.#syncError ??= error
      })
      .finally(() => {
        this.#syncing = undefined
      })
  }

  async keep(): Promise<FileLocation> {
    const { name, handle, commitName } = this.#parts
    try {
      await this.#syncing
      if (this.#syncError !== undefined) throw this.#syncError
      await handle.sync()
      await handle.close()
      await commitName()
    } catch (cause) {
      throw writeError(cause)
    }
    return { in: 'file', name, length: this.#length }
  }

  async abort(): Promise<void> {
    await this.#syncing
    await this.#parts.handle.close()
    await rm(this.#parts.path, { force: true })
  }
}
