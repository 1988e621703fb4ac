import { expect } from 'chai'
import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes } from '../../../node/core/bytes.ts'
import type { ErrorKind } from '../../../node/core/errors.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import type { NoteSigner } from '../../../node/core/tlog/note.ts'
import type { VerifierKey } from '../../../node/core/tlog/verifierKey.ts'
import { makeVerifierKey, SIGNATURE_TYPE } from '../../../node/core/tlog/verifierKey.ts'
import type { TileReader } from '../../../node/core/merkle/tree.ts'
import type { Mth } from '../../reference/merkle.ts'

/** The code that `act` is refused with; a refusal without one fails the test. */
export function codeOf(act: () => unknown, kind?: ErrorKind): string {
  try {
    act()
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    if (kind !== undefined) expect(error.kind).to.equal(kind)
    return error.code
  }
  return 'accepted'
}

export interface KeyPair {
  readonly signer: NoteSigner
  readonly key: VerifierKey
}

export function keyPair(
  name: string,
  seed: number | Uint8Array,
  type: number = SIGNATURE_TYPE.ed25519,
): KeyPair {
  const secret = typeof seed === 'number' ? new Uint8Array(32).fill(seed) : seed
  const key = makeVerifierKey(name, type, ed25519.getPublicKey(secret))
  const sign = (message: Uint8Array) => ed25519.sign(message, secret)
  return { signer: { name, keyId: key.keyId, sign }, key }
}

export function witnessPair(name: string, seed: number): KeyPair {
  return keyPair(name, seed, SIGNATURE_TYPE.cosignature)
}

/** The tiles of a tree as C2SP tlog-tiles defines them: MTH(D[(n·256+i)·256^l : (n·256+i+1)·256^l]). */
export function tilesOfMth(mth: Mth): TileReader {
  const hashAt = (level: number, position: number) =>
    mth(position * 256 ** level, (position + 1) * 256 ** level)
  return (level, index, width) =>
    Promise.resolve(
      concatBytes(...Array.from({ length: width }, (_, i) => hashAt(level, index * 256 + i))),
    )
}

/** Every text that differs from `text` in one place: a character changed, dropped or doubled. */
export function* mutationsOf(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) {
    const [before, after] = [text.slice(0, i), text.slice(i + 1)]
    for (const other of ['A', 'b', '0', '1', '9', '+', '/', '=', ' ', '\n', '\t', '—', '\u0000'])
      if (other !== text[i]) yield before + other + after
    yield before + after
    yield before + text[i] + text[i] + after
  }
}
