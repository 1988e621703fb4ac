/** A piece of a stream; all but the last have the same length. */
export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly last: boolean
}

/**
 * Cuts a stream into pieces of `length` bytes. A stream without bytes is one empty piece.
 *
 * Each piece has a buffer of its own, which the receiver may give away; it may also put buffers of `length`
 * bytes into `spare` to be filled again: new memory costs as much time as hashing what is put into it.
 */
export async function* inPieces(
  source: AsyncIterable<Uint8Array>,
  length: number,
  spare: ArrayBuffer[] = [],
): AsyncGenerator<Piece> {
  let piece = emptyPiece(length, spare)
  let filled = 0
  for await (const chunk of source) {
    for (let taken = 0; taken < chunk.length;) {
      // A full piece waits for the next byte, which says that it is not the last.
      if (filled === length) {
        yield { bytes: piece, last: false }
        piece = emptyPiece(length, spare)
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

function emptyPiece(length: number, spare: ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(spare.pop() ?? new ArrayBuffer(length))
}
