import { randomUUID } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** A file on its way: it has its name once it is complete and on the disk, and leaves nothing behind before. */
export class FileDraft {
  readonly #path: string
  readonly #draft: string
  readonly #file: FileHandle
  #length = 0

  private constructor(path: string, draft: string, file: FileHandle) {
    this.#path = path
    this.#draft = draft
    this.#file = file
  }

  /** @param mode of the file, as for chmod */
  static async open(path: string, mode = 0o600): Promise<FileDraft> {
    const draft = `${path}.${randomUUID()}`
    return new FileDraft(path, draft, await open(draft, 'wx', mode))
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#file.writeFile(chunk)
    this.#length += chunk.length
  }

  async keep(): Promise<void> {
    await this.#file.sync()
    await this.#file.close()
    await rename(this.#draft, this.#path)
  }

  /** As `keep`, but never in the place of another file: then EEXIST. */
  async keepNew(): Promise<void> {
    await this.#file.sync()
    await link(this.#draft, this.#path)
    await this.discard()
  }

  async discard(): Promise<void> {
    await this.#file.close()
    await rm(this.#draft, { force: true })
  }
}
