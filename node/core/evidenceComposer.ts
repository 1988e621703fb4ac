import { encodeBase64, encodeHex, utf8 } from './bytes.ts'
import type { EvidenceAnchor } from './evidence.ts'
import type { Hash } from './hash/hash.ts'
import { canonicalize } from './json.ts'
import { TLOG_PROOF_HEADER } from './tlog/tlogProof.ts'

/** What evidence says of one statement, in the forms in which a ledger keeps it. */
export interface EvidenceParts {
  /** As `encodeStatement` gives it. */
  readonly statement: Uint8Array
  readonly salt: Uint8Array
  /** As `formatEntry` gives it. */
  readonly entry: Uint8Array
  readonly index: number
  readonly proof: readonly Hash[]
}

/** Memory in which evidence is written side by side; an answer that is long on its way keeps no more than this. */
const SLAB_LENGTH = 64 * 1024

const encoder = new TextEncoder()
const PROOF = `,"proof":"${inJson(TLOG_PROOF_HEADER)}index `
const END = utf8(',"v":1}')

/**
 * Composes what `composeEvidence` does, as bytes, for the statements of one checkpoint. What they
 * share is encoded once: a checkpoint, which has characters beyond ASCII, and the hashes that
 * neighbours have in common.
 */
export class EvidenceComposer {
  readonly #start: Uint8Array
  readonly #checkpoint: Uint8Array
  readonly #lines = new Map<Hash, string>()
  #slab = new Uint8Array(0)
  #used = 0

  /**
   * @param checkpoint signed note
   * @param anchors of this very checkpoint
   */
  constructor(checkpoint: string, anchors: readonly EvidenceAnchor[]) {
    this.#start = utf8(`{"anchors":${anchors.length === 0 ? '[]' : canonicalize(anchors)},"entry":`)
    this.#checkpoint = utf8(inJson(checkpoint))
  }

  /** UTF-8 of RFC 8785 text. */
  compose({ statement, salt, entry, index, proof }: EvidenceParts): Uint8Array {
    const hashes = proof.map((hash) => this.#line(hash)).join('')
    const place = `${PROOF}${index}\\n${hashes}\\n`
    const opening = `","salt":"${encodeHex(salt)}","statement":`
    const begin = this.#reserve(
      this.#start.length +
        entry.length +
        place.length +
        this.#checkpoint.length +
        opening.length +
        statement.length +
        END.length,
    )
    this.#add(this.#start)
    this.#add(entry)
    this.#addAscii(place)
    this.#add(this.#checkpoint)
    this.#addAscii(opening)
    this.#add(statement)
    this.#add(END)
    return this.#slab.subarray(begin, this.#used)
  }

  #line(hash: Hash): string {
    let line = this.#lines.get(hash)
    if (line === undefined) this.#lines.set(hash, (line = `${encodeBase64(hash)}\\n`))
    return line
  }

  #reserve(length: number): number {
    if (this.#used + length > this.#slab.length) {
      this.#slab = new Uint8Array(Math.max(length, SLAB_LENGTH))
      this.#used = 0
    }
    return this.#used
  }

  #add(bytes: Uint8Array): void {
    this.#slab.set(bytes, this.#used)
    this.#used += bytes.length
  }

  #addAscii(text: string): void {
    this.#used += encoder.encodeInto(text, this.#slab.subarray(this.#used)).written
  }
}

/** As it stands between the quotes of a JSON string. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
