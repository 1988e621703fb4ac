import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { LARGEST_IN_SEGMENT } from '../contentStore.ts'
import type { SegmentDamage } from '../contentStore.ts'
import { decodeFrameHeader, FRAME_HEADER_LENGTH, frameChecksum, FRAME_MAGIC } from './frame.ts'

/**
 * Reads a segment up to `end` (in bytes; all of it by default) from frame to frame. What is not a whole frame
 * is named, and the walk goes on at the next one that is.
 */
export async function* walkSegment(
  path: string,
  end?: number,
): AsyncGenerator<Omit<SegmentDamage, 'segment'>> {
  const handle = await open(path, 'r')
  try {
    const size = end ?? (await handle.stat()).size
    const window = new Window(handle, size)
    let sound = 0
    for (let offset = 0; offset < size;) {
      const length = await frameLength(window, offset)
      if (length === undefined) {
        offset = await nextMagic(window, offset + 1, size)
        continue
      }
      if (offset > sound) yield { offset: sound, length: offset - sound }
      sound = offset += length
    }
    if (size > sound) yield { offset: sound, length: size - sound }
  } finally {
    await handle.close()
  }
}

/** Bytes of the whole frame that begins at `offset`; undefined when there is none, or it was altered. */
async function frameLength(window: Window, offset: number): Promise<number | undefined> {
  const header = decodeFrameHeader(await window.at(offset, FRAME_HEADER_LENGTH))
  if (header === undefined || header.length > LARGEST_IN_SEGMENT) return undefined
  const content = await window.at(offset + FRAME_HEADER_LENGTH, header.length)
  if (content.length < header.length || frameChecksum(content) !== header.checksum) return undefined
  return FRAME_HEADER_LENGTH + header.length
}

async function nextMagic(window: Window, from: number, size: number): Promise<number> {
  for (let offset = from; offset < size; offset += SEARCHED - FRAME_MAGIC.length + 1) {
    const found = (await window.at(offset, SEARCHED)).indexOf(FRAME_MAGIC)
    if (found !== -1) return offset + found
  }
  return size
}

const SEARCHED = 1024 * 1024

/** Reads ahead, so that small frames do not cost a call of the system each. */
class Window {
  readonly #handle: FileHandle
  readonly #size: number
  readonly #bytes = Buffer.allocUnsafe(2 * LARGEST_IN_SEGMENT)
  #start = 0
  #length = 0

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle
    this.#size = size
  }

  /** Up to `length` bytes from `position`, fewer at the end; good until the next call. */
  async at(position: number, length: number): Promise<Buffer> {
    const end = Math.min(position + length, this.#size)
    if (position < this.#start || end > this.#start + this.#length) await this.#load(position)
    const start = position - this.#start
    return this.#bytes.subarray(start, Math.min(start + length, this.#length))
  }

  async #load(position: number): Promise<void> {
    this.#start = position
    this.#length = 0
    const wanted = Math.min(this.#bytes.length, this.#size - position)
    while (this.#length < wanted) {
      const at = position + this.#length
      const { bytesRead } = await this.#handle.read(
        this.#bytes,
        this.#length,
        wanted - this.#length,
        at,
      )
      if (bytesRead === 0) return
      this.#length += bytesRead
    }
  }
}
