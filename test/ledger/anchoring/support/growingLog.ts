import { utf8 } from '../../../../node/core/bytes.ts'
import type { AnchoredLog } from '../../../../node/ledger/anchoring/ports.ts'
import { consistencyProof, leafHash, mthOfEqualLeaves } from '../../../reference/merkle.ts'
import type { Mth } from '../../../reference/merkle.ts'

/** A log of any size, all of whose entries are the same; another `entry` makes a fork of it. */
export class GrowingLog implements AnchoredLog {
  readonly origin: string
  size = 0
  readonly #mth: Mth

  constructor(origin = 'test.example/log', entry = 'entry') {
    this.origin = origin
    this.#mth = mthOfEqualLeaves(leafHash(utf8(entry)))
  }

  checkpoint() {
    const { size } = this
    return { size, root: this.root(size), note: `${this.origin}\n${size}\n` }
  }

  root(size: number): Uint8Array {
    return this.#mth(0, size)
  }

  async rootAt(size: number): Promise<Uint8Array> {
    return this.root(size)
  }

  async consistencyProof(from: number, to: number): Promise<Uint8Array[]> {
    return this.proof(from, to)
  }

  proof(from: number, to: number): Uint8Array[] {
    return from === 0 || from === to ? [] : consistencyProof(this.#mth, from, to)
  }
}
