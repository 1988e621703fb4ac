import { LedgerError } from '../../core/errors.ts'

/** Gathers small things until they are worth a member of their own. */
export class FrameBuffer {
  #frames: Uint8Array[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** head ‖ length of body(4) ‖ body. */
  add(head: Uint8Array, body: Uint8Array): void {
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32BE(body.length)
    this.#frames.push(head, length, body)
    this.#length += head.length + length.length + body.length
  }

  take(): Uint8Array {
    const frames = Buffer.concat(this.#frames, this.#length)
    this.#frames = []
    this.#length = 0
    return frames
  }
}

/** Reads frames out of bytes that are all there. */
export class FrameReader {
  readonly #bytes: Buffer
  #offset = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length
  }

  readUint(bytes: 2 | 4 | 6): number {
    return this.#take(bytes).readUIntBE(0, bytes)
  }

  /** @throws LedgerError unverified/BACKUP_MALFORMED beyond the end */
  read(length: number): Buffer {
    return this.#take(length)
  }

  #take(length: number): Buffer {
    const end = this.#offset + length
    if (end > this.#bytes.length) throw new LedgerError('unverified', 'BACKUP_MALFORMED')
    const taken = this.#bytes.subarray(this.#offset, end)
    this.#offset = end
    return taken
  }
}
