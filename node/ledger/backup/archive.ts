import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { once } from 'node:events'
import { pack as createPack } from 'tar-stream'
import type { Pack } from 'tar-stream'

/** Writes members of a tar archive, one after the other, no faster than they are read, and digests them. */
export class ArchiveWriter {
  readonly stream: Pack = createPack()
  readonly #digest: Hash = createHash('sha256')
  readonly #time: Date

  /** @param time of every member, so that the same ledger gives the same archive */
  constructor(time: Date) {
    this.#time = time
    // Whoever reads learns of it; without a listener it would end the process.
    this.stream.on('error', () => {})
  }

  /** @param size bytes of all chunks */
  async add(
    name: string,
    size: number,
    chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    digestHead(this.#digest, name, size)
    const header = { name, size, mtime: this.#time, mode: 0o600 }
    const { promise: written, resolve, reject } = Promise.withResolvers<void>()
    const sink = this.stream.entry(header, (error) => (error ? reject(error) : resolve()))
    // Where the writing below fails first, nobody asks for this any more.
    written.catch(() => {})
    try {
      for await (const chunk of chunks) {
        this.#digest.update(chunk)
        if (!sink.write(chunk)) await Promise.race([once(sink, 'drain'), written])
      }
    } catch (error) {
      this.stream.destroy(error as Error)
      throw error
    }
    sink.end(null)
    await written
  }

  /** SHA-256 of the members so far, hex. */
  digest(): string {
    return this.#digest.copy().digest('hex')
  }

  end(): void {
    this.stream.finalize()
  }
}

/** What a digest of members takes in before the bytes of each. */
export function digestHead(digest: Hash, name: string, size: number): void {
  digest.update(`${name}\0${size}\0`)
}
