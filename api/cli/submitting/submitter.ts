import { openAsBlob } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { encodeHex, utf8 } from '../../../node/core/bytes.ts'
import { LedgerError } from '../../../node/core/errors.ts'
import { sha256 } from '../../../node/core/hash/hash.ts'
import { canonicalize } from '../../../node/core/json.ts'
import type { OnceClient, SubmitOptions } from '../../client/index.ts'
import { digestFile } from '../digestFile.ts'
import { exists } from '../exists.ts'
import { mediaTypeOf } from '../mediaType.ts'
import { replaceFile } from '../output.ts'
import { EVIDENCE_SUFFIX } from './files.ts'
import type { FoundFile } from './files.ts'
import type { Described, SubmitChoice } from './request.ts'
import type { RunState } from './runState.ts'

export interface HandedIn {
  readonly id: string
  /** False when it was in the log already. */
  readonly created: boolean
  /** Evidence JSON text. */
  readonly evidence: string
}

export type Outcome = 'created' | 'known' | 'skipped'

export interface Written {
  readonly file: string
  readonly id: string
  readonly outcome: Outcome
  /** Where the evidence lies. */
  readonly evidence: string
}

/** Hands files in, each in a way that a repetition finds again. */
export class Submitter {
  readonly #client: OnceClient
  readonly #described: Described
  readonly #choice: SubmitChoice
  readonly #options: SubmitOptions
  /** Of everything that is said of each file. */
  readonly #request: string

  constructor(
    client: OnceClient,
    described: Described,
    choice: SubmitChoice,
    options: SubmitOptions,
  ) {
    this.#client = client
    this.#described = described
    this.#choice = choice
    this.#options = options
    const { mediaType = '', digestsOnly = false } = choice
    this.#request = digestOf({ ...described, mediaType, digestsOnly })
  }

  async submit(file: FoundFile): Promise<HandedIn> {
    const { digests, size } = await digestFile(file.path, ['sha-256'])
    if (size === 0) throw new LedgerError('invalid', 'CONTENT_EMPTY', { file: file.path })
    const mediaType = this.#choice.mediaType ?? mediaTypeOf(file.path)
    const content = { digests: [...digests], size, mediaType }
    // The same file under the same name, said to be the same, is one material however often it is handed in.
    const idempotencyKey = digestOf({ request: this.#request, name: file.name, ...content })
    const options = { ...this.#options, idempotencyKey }
    return this.#choice.digestsOnly
      ? this.#client.submit({ ...this.#described, content }, undefined, options)
      : this.#client.submit({ ...this.#described, content }, await openAsBlob(file.path), options)
  }

  /** @throws LedgerError conflict/RUN_OF_ANOTHER */
  requireOwn(files: readonly FoundFile[], state: RunState): void {
    state.requireOwn(files, this.#request)
  }

  /** As `submit`, with the evidence in a file, and nothing done where that was done before. */
  async submitToFile(file: FoundFile, out: string | undefined, state: RunState): Promise<Written> {
    const evidence = `${out === undefined ? file.path : join(out, file.name)}${EVIDENCE_SUFFIX}`
    const known = state.find(file, this.#request)
    if (known !== undefined && (await exists(evidence))) {
      return { file: file.path, id: known, outcome: 'skipped', evidence }
    }
    const handedIn = await this.submit(file)
    await mkdir(dirname(evidence), { recursive: true })
    await replaceFile(evidence, `${handedIn.evidence}\n`)
    await state.add(file, this.#request, handedIn.id)
    const outcome = handedIn.created ? 'created' : 'known'
    return { file: file.path, id: handedIn.id, outcome, evidence }
  }
}

/** 43 characters; an idempotency key has 255 at most. */
function digestOf(value: object): string {
  return encodeHex(sha256(utf8(canonicalize(value))))
}
