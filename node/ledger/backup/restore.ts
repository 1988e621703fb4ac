import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { extract as createExtract } from 'tar-stream'
import type { Extract } from 'tar-stream'
import { z } from 'zod'
import { decodeUtf8 } from '../../core/bytes.ts'
import { isLedgerError, LedgerError } from '../../core/errors.ts'
import type { ContentStore } from '../../store/contentStore.ts'
import type { KeyValueStore, Write } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import { Bitmap } from '../audit/bitmap.ts'
import { digestHead } from './archive.ts'
import { Manifest, parseMemberName, Trailer } from './format.ts'
import type { MemberName } from './format.ts'
import { FrameReader } from './frames.ts'

export interface RestoreTarget {
  /** Both empty, and nobody else's. */
  readonly store: KeyValueStore
  readonly contents: ContentStore
}

export interface Restored {
  readonly manifest: Manifest
  readonly trailer: Trailer
}

type Member = Extract extends AsyncIterable<infer Source> ? Source : never

/** Writes in one commit, and contents in one group. */
const AT_ONCE = 1024

/**
 * Fills empty stores from an archive. They hold nothing sound unless this resolves: whoever calls throws
 * them away otherwise.
 *
 * @throws LedgerError unverified/BACKUP_MALFORMED, unverified/BACKUP_VERSION_UNSUPPORTED
 * @throws LedgerError unverified/BACKUP_TRUNCATED when it ends before its trailer
 * @throws LedgerError unverified/BACKUP_DAMAGED when it is not what was written
 */
export async function restoreBackup(
  source: AsyncIterable<Uint8Array>,
  target: RestoreTarget,
): Promise<Restored> {
  const extract = createExtract()
  // What goes wrong with the source ends the archive, and is told where its members are read.
  const feeding = feed(source, extract).catch((error: unknown) => extract.destroy(error as Error))
  const restorer = new Restorer(target)
  try {
    for await (const member of extract) await restorer.take(member)
  } catch (error) {
    throw isLedgerError(error) ? error : unreadable(error)
  } finally {
    extract.destroy()
    await feeding
  }
  return restorer.finish()
}

async function feed(source: AsyncIterable<Uint8Array>, extract: Extract): Promise<void> {
  const closed = once(extract, 'close')
  for await (const chunk of source) {
    if (extract.destroyed) return
    if (!extract.write(chunk)) await Promise.race([once(extract, 'drain'), closed])
  }
  extract.end(null)
}

class Restorer {
  readonly #store: KeyValueStore
  readonly #contents: ContentStore
  readonly #digest: Hash = createHash('sha256')
  #manifest: Manifest | undefined
  #trailer: Trailer | undefined
  #generation = 0
  #records = 0
  /** Entries that the records say have a content. */
  readonly #wanted = new Bitmap()

  constructor({ store, contents }: RestoreTarget) {
    this.#store = store
    this.#contents = contents
  }

  async take(member: Member): Promise<void> {
    const { name, size } = member.header
    const parsed = parseMemberName(name)
    // A trailer ends it, and a manifest begins it: nothing stands before or behind.
    const isFirst = this.#manifest === undefined
    if (!parsed || this.#trailer || isFirst !== (parsed.of === 'manifest')) throw malformed(name)
    if (parsed.of === 'trailer') return this.#takeTrailer(await buffer(member))
    digestHead(this.#digest, name, size)
    if (parsed.of === 'large') return this.#takeLarge(parsed.index, member)
    const bytes = await buffer(member)
    this.#digest.update(bytes)
    await this.#takeSmall(parsed, bytes)
  }

  /** @throws LedgerError unverified/BACKUP_TRUNCATED, unverified/BACKUP_DAMAGED */
  async finish(): Promise<Restored> {
    const [manifest, trailer] = [this.#manifest, this.#trailer]
    if (!manifest || !trailer) throw new LedgerError('unverified', 'BACKUP_TRUNCATED')
    await this.#dropUnwanted()
    const { generation, records, contents } = trailer
    const isWhole =
      generation === this.#generation &&
      records === this.#records &&
      contents === this.#wanted.size &&
      (await this.#hasWanted())
    if (!isWhole) throw new LedgerError('unverified', 'BACKUP_DAMAGED', { reason: 'incomplete' })
    return { manifest, trailer }
  }

  async #takeSmall(member: MemberName, bytes: Buffer): Promise<void> {
    if (member.of === 'manifest') this.#manifest = parseJson(Manifest, bytes)
    else if (member.of === 'contents') await this.#takeContents(new FrameReader(bytes))
    else if (member.of === 'records') await this.#takeRecords(member.generation, bytes)
  }

  #takeTrailer(bytes: Buffer): void {
    this.#trailer = parseJson(Trailer, bytes)
    if (this.#digest.digest('hex') !== this.#trailer.sha256) {
      throw new LedgerError('unverified', 'BACKUP_DAMAGED', { reason: 'digest' })
    }
  }

  async #takeContents(frames: FrameReader): Promise<void> {
    while (!frames.isAtEnd) {
      const indexes: number[] = []
      const group: Uint8Array[] = []
      while (!frames.isAtEnd && group.length < AT_ONCE) {
        indexes.push(frames.readUint(6))
        group.push(frames.read(frames.readUint(4)))
      }
      const locations = await this.#contents.putGroup(group)
      await this.#store.commit(
        locations.flatMap((location, i) => layout.locationWrites(indexes[i] as number, location)),
      )
    }
  }

  async #takeLarge(index: number, member: Member): Promise<void> {
    const writer = await this.#contents.begin()
    try {
      for await (const chunk of member as AsyncIterable<Uint8Array>) {
        this.#digest.update(chunk)
        await writer.write(chunk)
      }
    } catch (error) {
      await writer.abort()
      throw error
    }
    const location = await writer.keep()
    await this.#store.commit(layout.locationWrites(index, location))
    await this.#contents.settle(location)
  }

  async #takeRecords(generation: number, bytes: Buffer): Promise<void> {
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

  /** Contents that were erased after they had been copied. */
  async #dropUnwanted(): Promise<void> {
    for await (const [key, value] of this.#store.scan(layout.familyRange('location'))) {
      const parsed = layout.parseKey(key)
      if (parsed.family !== 'location' || this.#wanted.has(parsed.index)) continue
      const location = layout.decodeLocation(value)
      await this.#store.commit(layout.locationErasures(parsed.index, location))
      await this.#contents.remove(location)
    }
  }

  async #hasWanted(): Promise<boolean> {
    let found = 0
    for await (const _ of this.#store.scan(layout.familyRange('location'))) found++
    return found === this.#wanted.size
  }
}

function parseKey(key: string): layout.Key {
  try {
    return layout.parseKey(key)
  } catch (cause) {
    throw malformed('key', cause)
  }
}

function parseJson<T extends z.ZodType>(schema: T, bytes: Buffer): z.infer<T> {
  let value: unknown
  try {
    value = JSON.parse(decodeUtf8(bytes))
  } catch (cause) {
    throw malformed('JSON', cause)
  }
  const { v } = z.object({ v: z.unknown() }).safeParse(value).data ?? {}
  if (typeof v === 'number' && v > 1) {
    throw new LedgerError('unverified', 'BACKUP_VERSION_UNSUPPORTED', { v })
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw malformed('JSON')
  return parsed.data
}

/** The archive ends in the middle, or is no tar archive at all. */
function unreadable(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause
  const { code } = cause as NodeJS.ErrnoException
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return cause
  const isCut = /unexpected end|premature/i.test(cause.message)
  return isCut
    ? new LedgerError('unverified', 'BACKUP_TRUNCATED', {}, { cause })
    : malformed(cause.message, cause)
}

function malformed(what: string, cause?: unknown): LedgerError {
  return new LedgerError('unverified', 'BACKUP_MALFORMED', { what: what.slice(0, 100) }, { cause })
}
