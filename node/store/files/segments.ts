import { mkdir, readdir, stat, unlink } from 'node:fs/promises'
import type { FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { LedgerError } from '../../core/errors.ts'
import { LARGEST_IN_SEGMENT } from '../contentStore.ts'
import type { SegmentDamage, SegmentLocation } from '../contentStore.ts'
import { assertRoom, isMissing, syncFolder, writeError } from '../disk.ts'
import {
  decodeFrameHeader,
  encodeFrameHeader,
  frameChecksum,
  FRAME_HEADER_LENGTH,
} from './frame.ts'
import { Handles } from './handles.ts'
import { walkSegment } from './walk.ts'
import { Pins } from '../pins.ts'

/** The segment that takes contents now. */
interface Current {
  readonly segment: number
  readonly handle: FileHandle
  /** Bytes that are durable. What lies beyond is nobody's. */
  end: number
}

export interface SegmentsOptions {
  /** Bytes after which a new segment begins. */
  readonly segmentLimit: number
  /** Bytes of the disk that stay free. */
  readonly reserve: number
  readonly openFile: typeof open
}

/**
 * Small contents, one after the other in append-only files.
 *
 * Each start begins a segment of its own, at its first write. So whatever a crash left at the end of the last
 * one is never looked at, cut off or written over; `reclaim` merges what stayed small.
 */
export class Segments {
  readonly segmentLimit: number
  readonly #folder: string
  readonly #options: SegmentsOptions
  readonly #handles = new Handles()
  #next: number
  readonly #pins = new Pins()
  #current: Current | undefined
  /** Groups are written one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(folder: string, next: number, options: SegmentsOptions) {
    this.#folder = folder
    this.#next = next
    this.#options = options
    this.segmentLimit = options.segmentLimit
  }

  static async open(folder: string, options: SegmentsOptions): Promise<Segments> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const last = Math.max(-1, ...(await listSegments(folder)))
    return new Segments(folder, last + 1, options)
  }

  async putGroup(contents: readonly Uint8Array[]): Promise<SegmentLocation[]> {
    if (contents.some((content) => content.length > LARGEST_IN_SEGMENT))
      throw new TypeError('a content of this size has a file of its own')
    return this.#inTurn(async () => {
      const locations = await this.#put(contents)
      for (const location of locations) this.#pins.add(location)
      return locations
    })
  }

  /** A content that was put got its location committed, or never will. */
  release(location: SegmentLocation): void {
    this.#pins.release(location)
  }

  moveGroup(contents: readonly Uint8Array[]): Promise<SegmentLocation[]> {
    return this.#inTurn(() => this.#put(contents))
  }

  #inTurn<T>(put: () => Promise<T>): Promise<T> {
    const putting = this.#last.then(put)
    this.#last = putting.catch(() => undefined)
    return putting
  }

  async #put(contents: readonly Uint8Array[]): Promise<SegmentLocation[]> {
    const locations: SegmentLocation[] = []
    assertRoom(this.#folder, this.#options.reserve + lengthOf(contents))
    for (let start = 0; start < contents.length;) {
      const current = await this.#writable()
      const count = fitting(contents, start, this.segmentLimit - current.end)
      locations.push(...(await this.#append(current, contents.slice(start, start + count))))
      start += count
    }
    return locations
  }

  /** The current segment while it has room, else a new one. */
  async #writable(): Promise<Current> {
    const current = this.#current
    if (current !== undefined && current.end < this.segmentLimit) return current
    await this.#leaveCurrent()
    return (this.#current = await this.#begin())
  }

  async #begin(): Promise<Current> {
    const segment = this.#next++
    try {
      // 'wx': never into a file that is there already.
      const handle = await this.#options.openFile(this.#path(segment), 'wx', 0o600)
      await syncFolder(this.#folder)
      return { segment, handle, end: 0 }
    } catch (cause) {
      throw writeError(cause)
    }
  }

  async #append(current: Current, contents: readonly Uint8Array[]): Promise<SegmentLocation[]> {
    const { segment, end } = current
    const locations: SegmentLocation[] = []
    const pieces: Uint8Array[] = []
    let offset = end
    for (const content of contents) {
      pieces.push(encodeFrameHeader(content), content)
      offset += FRAME_HEADER_LENGTH
      locations.push({ in: 'segment', segment, offset, length: content.length })
      offset += content.length
    }
    try {
      await writeAll(current.handle, pieces, end)
    } catch (cause) {
      await this.#takeBack(current)
      throw writeError(cause)
    }
    try {
      await current.handle.datasync()
    } catch (cause) {
      // The system forgets what it could not write: nothing in this file is sure beyond `end`, now or later.
      await this.#leaveCurrent()
      throw writeError(cause)
    }
    current.end = offset
    return locations
  }

  /** Gives the room of a half-written group back. */
  async #takeBack(current: Current): Promise<void> {
    try {
      await current.handle.truncate(current.end)
    } catch {
      await this.#leaveCurrent()
    }
  }

  async #leaveCurrent(): Promise<void> {
    const left = this.#current
    this.#current = undefined
    await left?.handle.close().catch(() => undefined)
  }

  async readAll(location: SegmentLocation): Promise<Uint8Array> {
    const { segment, offset, length } = location
    const frame = Buffer.allocUnsafe(FRAME_HEADER_LENGTH + length)
    const bytesRead = await this.#read(location, frame, offset - FRAME_HEADER_LENGTH)
    const header = decodeFrameHeader(frame.subarray(0, bytesRead))
    const content = frame.subarray(FRAME_HEADER_LENGTH)
    if (bytesRead < frame.length)
      throw new LedgerError('corrupt', 'CONTENT_MISSING', { ...location })
    if (header?.length !== length || header.checksum !== frameChecksum(content))
      throw new LedgerError('corrupt', 'CONTENT_CORRUPT', { segment, offset, length })
    return content
  }

  async #read(location: SegmentLocation, into: Buffer, position: number): Promise<number> {
    try {
      const path = this.#path(location.segment)
      return await this.#handles.use(path, async (handle) => {
        const { bytesRead } = await handle.read(into, 0, into.length, position)
        return bytesRead
      })
    } catch (cause) {
      if (!isMissing(cause))
        throw new LedgerError('corrupt', 'CONTENT_UNREADABLE', { ...location }, { cause })
      throw new LedgerError('corrupt', 'CONTENT_MISSING', { ...location }, { cause })
    }
  }

  /** Bytes of each segment that `reclaim` may look at: nothing is being put there, or waits to be committed. */
  async sizes(): Promise<Map<number, number>> {
    const sizes = new Map<number, number>()
    for (const segment of await listSegments(this.#folder)) {
      if (segment >= (this.#current?.segment ?? this.#next) || this.#pins.has(segment)) continue
      sizes.set(segment, (await stat(this.#path(segment))).size)
    }
    return sizes
  }

  async drop(segment: number): Promise<void> {
    const path = this.#path(segment)
    await this.#handles.forget(path)
    await unlink(path)
  }

  async *findDamage(): AsyncGenerator<SegmentDamage> {
    for (const segment of await listSegments(this.#folder)) {
      const end = segment === this.#current?.segment ? this.#current.end : undefined
      for await (const damage of walkSegment(this.#path(segment), end)) yield { segment, ...damage }
    }
  }

  async close(): Promise<void> {
    await this.#last
    await this.#leaveCurrent()
    await this.#handles.close()
  }

  #path(segment: number): string {
    return join(this.#folder, `${segment.toString(16).padStart(8, '0')}.segment`)
  }
}

async function listSegments(folder: string): Promise<number[]> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{8}\.segment$/.test(name))
  return names.map((name) => parseInt(name, 16)).toSorted((a, b) => a - b)
}

/** How many contents from `start` on fit into `room` bytes; always one, so that every content finds a place. */
function fitting(contents: readonly Uint8Array[], start: number, room: number): number {
  let end = start
  for (let bytes = 0; end < contents.length; end++) {
    bytes += FRAME_HEADER_LENGTH + (contents[end]?.length ?? 0)
    if (bytes > room && end > start) break
  }
  return end - start
}

/** The system may write less than it was given, and says why only when asked again. */
async function writeAll(handle: FileHandle, pieces: Uint8Array[], position: number): Promise<void> {
  const total = lengthOf(pieces)
  const { bytesWritten } = await handle.writev(pieces, position)
  if (bytesWritten === total) return
  const rest = Buffer.concat(pieces).subarray(bytesWritten)
  for (let written = 0; written < rest.length;) {
    const at = position + bytesWritten + written
    written += (await handle.write(rest, written, rest.length - written, at)).bytesWritten
  }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((bytes, piece) => bytes + piece.length, 0)
}
