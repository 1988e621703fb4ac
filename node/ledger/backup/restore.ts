import { LedgerError } from '../../core/errors.ts'
import type { ContentStore } from '../../store/contentStore.ts'
import type { KeyValueStore, Write } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import { decodeLocation, locationErasures, locationWrites } from '../../store/locations.ts'
import { Bitmap } from '../audit/bitmap.ts'
import { malformed, readBackup } from './archiveReader.ts'
import type { MemberTaker, ReadBackup } from './archiveReader.ts'
import type { Trailer } from './format.ts'
import { FrameReader } from './frames.ts'

export interface RestoreTarget {
  /** Both empty, and nobody else's. */
  readonly store: KeyValueStore
  readonly contents: ContentStore
}

/** Writes in one commit, and contents in one group. */
const AT_ONCE = 1024

/**
 * Fills empty stores from an archive. They hold nothing sound unless this resolves: whoever calls throws
 * them away otherwise.
 *
 * @throws LedgerError as `readBackup`, and what the stores throw
 */
export async function restoreBackup(
  source: AsyncIterable<Uint8Array>,
  target: RestoreTarget,
): Promise<ReadBackup> {
  const restorer = new Restorer(target)
  const read = await readBackup(source, restorer)
  await restorer.finish(read.trailer)
  return read
}

class Restorer implements MemberTaker {
  readonly #store: KeyValueStore
  readonly #contents: ContentStore
  #generation = 0
  #records = 0
  /** Entries that the records say have a content. */
  readonly #wanted = new Bitmap()

  constructor({ store, contents }: RestoreTarget) {
    this.#store = store
    this.#contents = contents
  }

  async contents(bytes: Buffer): Promise<void> {
    const frames = new FrameReader(bytes)
    while (!frames.isAtEnd) {
      const indexes: number[] = []
      const group: Uint8Array[] = []
      while (!frames.isAtEnd && group.length < AT_ONCE) {
        indexes.push(frames.readUint(6))
        group.push(frames.read(frames.readUint(4)))
      }
      const locations = await this.#contents.putGroup(group)
      await this.#store.commit(
        locations.flatMap((location, i) => locationWrites(indexes[i] as number, location)),
      )
      await Promise.all(locations.map((location) => this.#contents.settle(location)))
    }
  }

  async large(index: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const writer = await this.#contents.begin()
    try {
      for await (const chunk of chunks) await writer.write(chunk)
    } catch (error) {
      await writer.abort()
      throw error
    }
    const location = await writer.keep()
    await this.#store.commit(locationWrites(index, location))
    await this.#contents.settle(location)
  }

  async records(generation: number, bytes: Buffer): Promise<void> {
    if (generation < this.#generation) throw malformed('generation')
    if (generation > this.#generation) await this.#beginGeneration(generation)
    const frames = new FrameReader(bytes)
    let writes: Write[] = []
    while (!frames.isAtEnd) {
      const key = frames.read(frames.readUint(2)).toString('latin1')
      const value = frames.read(frames.readUint(4))
      this.#records++
      const parsed = parseKey(key)
      // Where contents lie is a matter of each folder.
      if (parsed.family === 'location') this.#wanted.add(parsed.index)
      else if (parsed.family !== 'file') writes.push({ type: 'put', key, value })
      if (writes.length < AT_ONCE) continue
      await this.#store.commit(writes)
      writes = []
    }
    await this.#store.commit(writes)
  }

  /** @throws LedgerError unverified/BACKUP_DAMAGED when something is missing */
  async finish({ generation, records, contents }: Trailer): Promise<void> {
    const kept = await this.#dropUnwanted()
    const isWhole =
      generation === this.#generation &&
      records === this.#records &&
      contents === this.#wanted.size &&
      contents === kept
    if (!isWhole) throw new LedgerError('unverified', 'BACKUP_DAMAGED', { reason: 'incomplete' })
  }

  /** What an earlier one left was overtaken by an erasure. */
  async #beginGeneration(generation: number): Promise<void> {
    if (this.#generation > 0) await this.#forgetRecords()
    this.#generation = generation
    this.#records = 0
    this.#wanted.clear()
  }

  async #forgetRecords(): Promise<void> {
    const keys: string[] = []
    for await (const [key] of this.#store.scan({})) {
      const { family } = layout.parseKey(key)
      if (family !== 'location' && family !== 'file') keys.push(key)
      if (keys.length === AT_ONCE) await this.#forget(keys.splice(0))
    }
    await this.#forget(keys)
  }

  #forget(keys: readonly string[]): Promise<void> {
    return this.#store.commit(keys.map((key): Write => ({ type: 'del', key })))
  }

  /** Contents that were erased after they had been copied go; answers how many stay. */
  async #dropUnwanted(): Promise<number> {
    let kept = 0
    for await (const [key, value] of this.#store.scan(layout.familyRange('location'))) {
      const parsed = layout.parseKey(key)
      if (parsed.family !== 'location' || this.#wanted.has(parsed.index)) {
        kept++
        continue
      }
      const location = decodeLocation(value)
      await this.#store.commit(locationErasures(parsed.index, location))
      await this.#contents.remove(location)
    }
    return kept
  }
}

function parseKey(key: string): layout.Key {
  try {
    return layout.parseKey(key)
  } catch (cause) {
    throw malformed('key', cause)
  }
}
