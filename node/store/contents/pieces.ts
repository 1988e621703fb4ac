/** A piece of a stream; all but the last have the same length. */
export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly last: boolean
}

/**
 * Cuts a stream into pieces of `length` bytes, each in a buffer of its own that the receiver may give away.
 * A stream without bytes is one empty piece.
 */
export async function* inPieces(
  source: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Piece> {
  let piece = new Uint8Array(length)
  let filled = 0
  for await (const chunk of source) {
    for (let taken = 0; taken < chunk.length;) {
      // A full piece waits for the next byte, which says that it is not the last.
      if (filled === length) {
        yield { bytes: piece, last: false }
        piece = new Uint8Array(length)
        filled = 0
      }
      const part = chunk.subarray(taken, taken + length - filled)
      piece.set(part, filled)
      filled += part.length
      taken += part.length
    }
  }
  yield { bytes: piece.subarray(0, filled), last: true }
}
