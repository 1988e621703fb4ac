import type { Readable } from 'node:stream'

/**
 * Port: where the bytes of materials lie. It stores what it is given; sealing and digests happen above it.
 *
 * Small contents are written as a group with one fsync. Large ones are streamed into a file each.
 * The location of every content is kept by the caller, in the key-value store.
 *
 * Whatever writes may throw
 * - unavailable/STORE_FULL        the disk has no room: nothing of this call remains
 * - corrupt/STORE_WRITE_FAILED    any other failure of the disk
 */
export interface ContentStore {
  /**
   * Appends small contents, durably, with one fsync; answers in their order. At most LARGEST_IN_SEGMENT bytes each.
   * Then commit each location and settle it, or remove it.
   */
  putGroup(contents: readonly Uint8Array[]): Promise<SegmentLocation[]>

  /** Starts a large content: write it, keep it, commit its location, settle it. */
  begin(): Promise<ContentWriter>

  /**
   * Says that the location of a content was committed. Until then the content can be read, but it is not moved, and
   * after a restart a large one is asked for and a small one gone unless its location was committed.
   */
  settle(location: Location): Promise<void>

  /**
   * Streams `length` bytes from `offset`; never holds more than a chunk in memory. The stream fails with
   * corrupt/CONTENT_MISSING, corrupt/CONTENT_CORRUPT.
   *
   * A small content may have moved since its location was read: whoever finds it missing reads the location again.
   */
  read(location: Location, offset?: number, length?: number): Readable

  /** The whole content, for small ones. @throws LedgerError corrupt/CONTENT_MISSING, corrupt/CONTENT_CORRUPT */
  readAll(location: Location): Promise<Uint8Array>

  /** Frees the space of a content that nothing refers to, any more or ever. Segment space waits for `reclaim`. */
  remove(location: Location): Promise<void>

  /**
   * Rewrites segments that are mostly dead or small, a few at a time: call it until it drops none. It may run
   * beside everything else, and leaves alone those with contents that were put and neither settled nor removed.
   * `live` lists all locations that are committed, and is asked twice.
   *
   * `moved` commits new locations, before the old segment goes; it leaves out what no longer lies at `from`,
   * because it was erased meanwhile.
   */
  reclaim(
    live: () => AsyncIterable<Kept>,
    moved: (moves: readonly Move[]) => Promise<void>,
  ): Promise<Reclaimed>

  /**
   * Ends what a crash interrupted: a large content whose location was committed is settled, any other goes.
   * Called once at start, before any write.
   */
  recover(isKept: (location: FileLocation) => Promise<boolean>): Promise<void>

  /** Every large content that is settled, for the audit. */
  listFiles(): AsyncIterable<FileLocation>

  /**
   * Reads every segment through and names what is no whole content, without keys or locations, for the audit.
   * At the end of a segment a crash may have left such bytes: they are damage if a location lies in them.
   */
  findDamage(): AsyncIterable<SegmentDamage>

  close(): Promise<void>
}

export interface ContentWriter {
  /** Resolves when the next chunk may come. The chunk is not changed meanwhile. */
  write(chunk: Uint8Array): Promise<void>
  /** Resolves when all of it survives a power cut. */
  keep(): Promise<FileLocation>
  /** Leaves nothing behind. */
  abort(): Promise<void>
}

/** Bytes of a content that may lie in a segment. */
export const LARGEST_IN_SEGMENT = 4 * 2 ** 20

/** A range of an append-only segment; offset and length in bytes. */
export interface SegmentLocation {
  readonly in: 'segment'
  readonly segment: number
  readonly offset: number
  readonly length: number
}

/** A file of its own; `name` is random, length in bytes. */
export interface FileLocation {
  readonly in: 'file'
  readonly name: string
  readonly length: number
}

export type Location = SegmentLocation | FileLocation

/** `key` is the caller's name for it. */
export interface Kept {
  readonly key: string
  readonly location: Location
}

export interface Move {
  readonly key: string
  readonly from: SegmentLocation
  readonly to: SegmentLocation
}

export interface Reclaimed {
  /** Segments that are gone. */
  readonly segments: number
  /** What that gave back to the disk. */
  readonly bytes: number
}

/** From `offset` on, `length` bytes are not what was written. */
export interface SegmentDamage {
  readonly segment: number
  readonly offset: number
  readonly length: number
}
