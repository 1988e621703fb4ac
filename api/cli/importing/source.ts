import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { LedgerError } from '../../../node/core/errors.ts'
import type { ImportedFile } from '../../../node/imports/submission.ts'
import { digestFile } from '../digestFile.ts'
import { mediaTypeOf } from '../mediaType.ts'

export interface SourceFile extends ImportedFile {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly modified: number
  /** Undefined of a large one: it is read once more when it is sent. */
  readonly bytes: Uint8Array | undefined
}

export interface FileState {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
}

/** Bytes that a batch takes along. */
const SMALL = 128 * 1024

/** The folder that a manifest speaks of; nothing outside of it is read. */
export class SourceFolder {
  readonly #folder: string
  /** Where the folders in it really are. */
  readonly #within = new Map<string, Promise<string>>()

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(path: string): Promise<SourceFolder> {
    return new SourceFolder(await realpath(path))
  }

  /** @throws LedgerError notFound/IMPORT_FILE_MISSING, invalid/IMPORT_FILE_OUTSIDE */
  async stat(name: string): Promise<FileState> {
    const handle = await this.#open(name)
    try {
      const { size, mtimeMs } = await handle.file.stat()
      return { path: handle.path, size, modified: mtimeMs }
    } finally {
      await handle.file.close()
    }
  }

  /** @throws LedgerError as `stat`; invalid/CONTENT_EMPTY */
  async read(name: string): Promise<SourceFile> {
    const { path, file } = await this.#open(name)
    try {
      const stats = await file.stat()
      if (!stats.isFile()) throw missing()
      const { size, mtimeMs: modified } = stats
      const mediaType = mediaTypeOf(path)
      if (size > SMALL) {
        const { digests } = await digestFile(path, ['sha-256'])
        return { path, size, modified, mediaType, digest: digests[0] ?? '', bytes: undefined }
      }
      const bytes = await readAll(file, size)
      const digest = `sha-256:${createHash('sha256').update(bytes).digest('hex')}`
      return { path, size: bytes.length, modified, mediaType, digest, bytes }
    } finally {
      await file.close()
    }
  }

  async #open(name: string): Promise<{ path: string; file: FileHandle }> {
    const [, folder = '.', base = ''] = /^(?:(.*)[/\\])?([^/\\]*)$/s.exec(name) ?? []
    try {
      const path = join(await this.#folderIn(folder), base)
      return { path, file: await open(path, constants.O_RDONLY | constants.O_NOFOLLOW) }
    } catch (cause) {
      const { code = '' } = cause as NodeJS.ErrnoException
      throw MISSING.has(code) ? missing(cause) : cause
    }
  }

  /** Links may lead anywhere: where they end counts. @throws LedgerError invalid/IMPORT_FILE_OUTSIDE */
  async #folderIn(name: string): Promise<string> {
    const known = this.#within.get(name)
    if (known !== undefined) return known
    const found = realpath(join(this.#folder, name.replaceAll('\\', '/'))).then((path) => {
      if (path === this.#folder || path.startsWith(`${this.#folder}${sep}`)) return path
      throw new LedgerError('invalid', 'IMPORT_FILE_OUTSIDE')
    })
    this.#within.set(name, found)
    return found
  }
}

/** Names of files that are not there, or cannot be read. */
const MISSING: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ERR_INVALID_ARG_VALUE',
])

/** As long as it was: what grows meanwhile is refused by its digest. */
async function readAll(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(size)
  let length = 0
  while (length < size) {
    const { bytesRead } = await file.read(bytes, length, size - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}

function missing(cause?: unknown): LedgerError {
  return new LedgerError('notFound', 'IMPORT_FILE_MISSING', {}, { cause })
}
