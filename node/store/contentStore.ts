import type { Readable } from 'node:stream'

/**
 * Port: where the bytes of materials lie. It stores what it is given; sealing and digests happen above it.
 *
 * Small contents are written as a group with one fsync. Large ones are streamed into a file each.
 * The location of every content is kept by the caller, in the key-value store.
 */
export interface ContentStore {
  /** Appends all contents, durably, with one fsync; answers in their order. */
  putGroup(contents: readonly Uint8Array[]): Promise<Location[]>

  /** Starts a large content. Nothing of it remains unless `keep` has resolved and the location was committed. */
  begin(): Promise<ContentWriter>

  /** Streams `length` bytes from `offset` (both bytes); never holds more than a chunk in memory. */
  read(location: Location, offset?: number, length?: number): Readable

  /** The whole content, for small ones. @throws LedgerError corrupt/CONTENT_MISSING */
  readAll(location: Location): Promise<Uint8Array>

  /** Frees the space of erased contents. Segment space is reclaimed by `reclaim`. */
  remove(location: Location): Promise<void>

  /**
   * Rewrites segments that are mostly dead and asks the caller to commit the new locations
   * before the old segment goes. `liveIn` names what is still alive in a segment.
   */
  reclaim(
    liveIn: (segment: number) => Promise<{ key: string; location: SegmentLocation }[]>,
    moved: (moves: { key: string; to: SegmentLocation }[]) => Promise<void>,
  ): Promise<{ reclaimedBytes: number }>

  /**
   * Removes what a crash left half-written. `isKept` tells whether a large file's location was committed.
   * Called once at start, before any write.
   */
  recover(isKept: (location: FileLocation) => Promise<boolean>): Promise<void>

  /** Every large file that is stored, for the audit. */
  listFiles(): AsyncIterable<FileLocation>

  close(): Promise<void>
}

export interface ContentWriter {
  write(chunk: Uint8Array): Promise<void>
  /** Flushes to disk and answers where it will lie. */
  keep(): Promise<FileLocation>
  /** Leaves nothing behind. */
  abort(): Promise<void>
}

/** A range of an append-only segment file; offset and length in bytes. */
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
