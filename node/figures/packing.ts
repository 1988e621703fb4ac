import type { StoredStatement } from './storedStatements.ts'

/** Statements as another thread is given them: in memory that changes hands. */
export interface PackedStatements {
  readonly indexes: Float64Array<ArrayBuffer>
  /** Of entry, sealed statement and wrapped key of each; NONE where there is none. */
  readonly lengths: Int32Array<ArrayBuffer>
  /** Side by side from its beginning. */
  readonly memory: ArrayBuffer
}

const NONE = -1

/** Memory is made in multiples of this, so that what held one batch holds most others; unused, it is not resident. */
const UNIT = 2 ** 22

/** @param spare memory that nobody uses any more: taken where it suffices */
export function packStatements(
  stored: readonly StoredStatement[],
  spare?: ArrayBuffer,
): PackedStatements {
  const pieces = stored.flatMap(({ entry, sealed, wrapped }) => [entry, sealed, wrapped])
  const total = pieces.reduce((sum, piece) => sum + (piece?.length ?? 0), 0)
  const memory =
    spare !== undefined && spare.byteLength >= total
      ? spare
      : new ArrayBuffer(Math.ceil(total / UNIT) * UNIT)
  const bytes = new Uint8Array(memory)
  let length = 0
  for (const piece of pieces) {
    if (piece === undefined) continue
    bytes.set(piece, length)
    length += piece.length
  }
  return {
    indexes: Float64Array.from(stored, ({ index }) => index),
    lengths: Int32Array.from(pieces, (piece) => piece?.length ?? NONE),
    memory,
  }
}

/** Lasts as long as the memory is not given away. */
export function unpackStatements({
  indexes,
  lengths,
  memory,
}: PackedStatements): StoredStatement[] {
  let from = 0
  const piece = (at: number): Uint8Array | undefined => {
    const length = lengths[at] as number
    if (length === NONE) return undefined
    from += length
    return new Uint8Array(memory, from - length, length)
  }
  return Array.from(indexes, (index, i) => ({
    index,
    entry: piece(3 * i) as Uint8Array,
    sealed: piece(3 * i + 1),
    wrapped: piece(3 * i + 2),
  }))
}
