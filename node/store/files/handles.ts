import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** Files that stay open for reading. */
const LIMIT = 64

interface Entry {
  readonly opening: Promise<FileHandle>
  users: number
  /** Out of the cache: the last user closes it. */
  left: boolean
}

/** Keeps the files that were read last open, so that a read is one call of the system instead of three. */
export class Handles {
  /** In order of last use. */
  readonly #entries = new Map<string, Entry>()

  async use<T>(path: string, read: (handle: FileHandle) => Promise<T>): Promise<T> {
    const entry = this.#take(path)
    entry.users++
    try {
      return await read(await entry.opening)
    } catch (error) {
      this.#leave(path, entry)
      throw error
    } finally {
      entry.users--
      await closeIfDone(entry)
      await this.#shrink()
    }
  }

  #take(path: string): Entry {
    const entry = this.#entries.get(path) ?? {
      // Never through a link: the folder holds nothing but what this store made.
      opening: open(path, constants.O_RDONLY | constants.O_NOFOLLOW),
      users: 0,
      left: false,
    }
    this.#entries.delete(path)
    this.#entries.set(path, entry)
    return entry
  }

  /** The file is about to go; whoever reads it may finish. */
  async forget(path: string): Promise<void> {
    const entry = this.#entries.get(path)
    if (entry === undefined) return
    this.#leave(path, entry)
    await closeIfDone(entry)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((path) => this.forget(path)))
  }

  async #shrink(): Promise<void> {
    if (this.#entries.size <= LIMIT) return
    for (const oldest of this.#entries.keys()) return this.forget(oldest)
  }

  #leave(path: string, entry: Entry): void {
    entry.left = true
    if (this.#entries.get(path) === entry) this.#entries.delete(path)
  }
}

async function closeIfDone(entry: Entry): Promise<void> {
  if (!entry.left || entry.users > 0) return
  // A file that did not open has nothing to close, and its user has the error.
  const handle = await entry.opening.catch(() => undefined)
  await handle?.close()
}
