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
/** Entry, sealed statement, wrapped key. */
const PIECES = 3

/** Memory is made in multiples of this, so that what held one batch holds most others; unused, it is not resident. */
const UNIT = 2 ** 22

/** @param spare memory that nobody uses any more: taken where it suffices */
export function packStatements(
  stored: readonly StoredStatement[],
  spare?: ArrayBuffer,
): PackedStatements {
  const lengths = new Int32Array(PIECES * stored.length)
  const indexes = new Float64Array(stored.length)
  let total = 0
  for (const [i, one] of stored.entries()) {
    indexes[i] = one.index
    for (let piece = 0; piece < PIECES; piece++) {
      const length = pieceOf(one, piece)?.length
      lengths[PIECES * i + piece] = length ?? NONE
      total += length ?? 0
    }
  }
  const memory =
    spare !== undefined && spare.byteLength >= total
      ? spare
      : new ArrayBuffer(Math.ceil(total / UNIT) * UNIT)
  const bytes = new Uint8Array(memory)
  let length = 0
  for (const one of stored)
    for (let piece = 0; piece < PIECES; piece++) {
      const from = pieceOf(one, piece)
      if (from === undefined) continue
      bytes.set(from, length)
      length += from.length
    }
  return { indexes, lengths, memory }
}

function pieceOf(stored: StoredStatement, piece: number): Uint8Array | undefined {
  if (piece === 0) return stored.entry
  return piece === 1 ? stored.sealed : stored.wrapped
}

/** Lasts as long as the memory is not given away. */
export function unpackStatements({
  indexes,
  lengths,
  memory,
}: PackedStatements): StoredStatement[] {
  let from = 0
  const piece = (at: number): Buffer | undefined => {
    const length = lengths[at] as number
    if (length === NONE) return undefined
    from += length
    return Buffer.from(memory, from - length, length)
  }
  return Array.from(indexes, (index, i) => ({
    index,
    entry: piece(PIECES * i) as Buffer,
    sealed: piece(PIECES * i + 1),
    wrapped: piece(PIECES * i + 2),
  }))
}
