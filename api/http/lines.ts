const NEWLINE = 0x0a

/** Splits bytes that come in chunks into lines, without their line feeds. */
export class LineSplitter {
  readonly #maxLength: number
  #held: Uint8Array[] = []
  #heldLength = 0

  /** @param maxLength in bytes; of a longer line nothing is kept */
  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  /** The lines that end in this chunk; undefined stands for one that was too long. */
  *push(chunk: Uint8Array): Generator<Uint8Array | undefined> {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start)
      if (end === -1) break
      yield this.#finish(chunk.subarray(start, end))
      start = end + 1
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start))
  }

  /** The last line, where no line feed ends it. */
  *end(): Generator<Uint8Array | undefined> {
    if (this.#heldLength > 0) yield this.#finish(new Uint8Array())
  }

  #hold(piece: Uint8Array): void {
    this.#heldLength += piece.length
    if (this.#heldLength > this.#maxLength) this.#held = []
    else this.#held.push(piece)
  }

  #finish(piece: Uint8Array): Uint8Array | undefined {
    if (this.#heldLength === 0) return piece.length > this.#maxLength ? undefined : piece
    this.#hold(piece)
    const line = this.#heldLength > this.#maxLength ? undefined : Buffer.concat(this.#held)
    this.#held = []
    this.#heldLength = 0
    return line
  }
}
