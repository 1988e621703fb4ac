import type { Readable } from 'node:stream'
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { requireHolderCode } from '../core/checks/holder.ts'
import { encodeHex, utf8 } from '../core/bytes.ts'
import { parseEntry } from '../core/entry.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { sha256 } from '../core/hash/hash.ts'
import { canonicalize } from '../core/json.ts'
import type { MaterialErased, MaterialSubmitted } from '../core/statement.ts'
import type { Appended, Idempotency, Ledger, OpenedStatement } from '../ledger/ledger.ts'
import { describeElsewhere, describeKept } from './description.ts'
import type { ByteRange, Erasure, Material, Materials, SubmitRequest } from './materials.ts'
import type { Reception } from './reception.ts'

export interface MaterialsParts {
  readonly ledger: Ledger
  readonly reception: Reception
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The room of a content may be reclaimed. */
  readonly onErased?: () => void
}

/** Materials on top of the ledger: a statement for each, its content sealed beside it. */
export class LedgerMaterials implements Materials {
  readonly #ledger: Ledger
  readonly #reception: Reception
  readonly #now: () => number
  readonly #onErased: () => void

  constructor({ ledger, reception, now, onErased = () => {} }: MaterialsParts) {
    this.#ledger = ledger
    this.#reception = reception
    this.#now = now
    this.#onErased = onErased
  }

  async submit(request: SubmitRequest): Promise<Appended> {
    const { submission, content, promised = [] } = request
    if (submission.holder) requireHolderCode(submission.holder, this.#now())
    if (content === undefined) {
      const statement = stateMaterial(request, describeElsewhere(submission))
      return this.#ledger.append({ statement, ...idempotencyOf(request, statement) })
    }
    const stated = [...(submission.content.digests ?? []), ...promised]
    const received = await this.#reception.receive(content, stated)
    try {
      const described = describeKept(submission, stated, received)
      const statement = stateMaterial(request, described)
      const appended = await this.#ledger.append({
        statement,
        dataKey: received.dataKey,
        content: received.content,
        ...idempotencyOf(request, statement),
      })
      await (appended.created ? received.settle() : received.discard())
      return appended
    } catch (error) {
      await received.discard()
      throw error
    }
  }

  async get(id: string): Promise<Material> {
    const { index, opened } = await this.#find(id)
    const { at } = parseEntry(await this.#ledger.getEntry(index))
    return { index, at, statement: opened?.statement, erased: opened === undefined }
  }

  async openContent(id: string, range?: ByteRange): Promise<Readable> {
    const { location, dataKey } = await this.#require(id)
    if (location === undefined) throw new LedgerError('notFound', 'CONTENT_NOT_KEPT', { id })
    try {
      return await this.#reception.read(location, dataKey, range)
    } catch (error) {
      if (!isLedgerError(error, 'CONTENT_MISSING')) throw error
      // It may have moved, with its segment, since its location was read.
      const moved = (await this.#require(id)).location
      if (moved === undefined || isDeepStrictEqual(moved, location)) throw error
      return this.#reception.read(moved, dataKey, range)
    }
  }

  async evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array> {
    const { index } = await this.#require(id)
    return wait
      ? this.#ledger.evidenceWhenAnchored(index, wait.anchored)
      : this.#ledger.evidence(index)
  }

  async erase(id: string, { reason, legalBasis, by }: Erasure): Promise<Appended> {
    const { index, opened } = await this.#find(id)
    const statement: MaterialErased = {
      v: 1,
      // Follows from the material's id: two erasures of one material are the same entry.
      id: `erasure-${encodeHex(sha256(utf8(id)).subarray(0, 24))}`,
      kind: 'material.erased',
      material: id,
      index,
      reason,
      legalBasis,
      by,
    }
    try {
      const appended = await this.#ledger.append({
        statement,
        erases: { index, location: opened?.location },
      })
      if (opened?.location) {
        await this.#reception.remove(opened.location)
        this.#onErased()
      }
      return appended
    } catch (error) {
      // The same id with other words: it was erased before, for another reason.
      if (isLedgerError(error, 'STATEMENT_ID_TAKEN')) {
        throw new LedgerError('conflict', 'MATERIAL_ERASED', { id }, { cause: error })
      }
      throw error
    }
  }

  async #require(id: string): Promise<OpenedMaterial> {
    const { index, opened } = await this.#find(id)
    if (opened === undefined) throw new LedgerError('notFound', 'MATERIAL_ERASED', { id })
    return { ...opened, index }
  }

  /** @throws LedgerError notFound/MATERIAL_NOT_FOUND */
  async #find(
    id: string,
  ): Promise<{ index: number; opened: Omit<OpenedMaterial, 'index'> | undefined }> {
    const index = await this.#ledger.findIndex(id)
    if (index === undefined) throw new LedgerError('notFound', 'MATERIAL_NOT_FOUND', { id })
    const { kind } = parseEntry(await this.#ledger.getEntry(index))
    if (kind !== 'material.submitted')
      throw new LedgerError('notFound', 'MATERIAL_NOT_FOUND', { id })
    return { index, opened: await this.#open(index) }
  }

  async #open(index: number): Promise<Omit<OpenedMaterial, 'index'> | undefined> {
    try {
      const opened = await this.#ledger.openStatement(index)
      if (opened.statement.kind !== 'material.submitted') {
        throw new LedgerError('corrupt', 'STATEMENT_KIND_MISMATCH', { index })
      }
      return { ...opened, statement: opened.statement }
    } catch (error) {
      if (isLedgerError(error, 'STATEMENT_ERASED')) return undefined
      throw error
    }
  }
}

interface OpenedMaterial extends OpenedStatement {
  readonly statement: MaterialSubmitted
  readonly index: number
}

function stateMaterial(
  { submission, submitter }: SubmitRequest,
  content: MaterialSubmitted['content'],
): MaterialSubmitted {
  const { id, content: _, ...described } = submission
  return {
    ...described,
    v: 1,
    id: id ?? randomUUID(),
    kind: 'material.submitted',
    content,
    submitter,
  }
}

/** The id counts only where the caller chose it: the same request must give the same fingerprint. */
function idempotencyOf(
  { submission, submitter, idempotencyKey }: SubmitRequest,
  statement: MaterialSubmitted,
): { idempotency?: Idempotency } {
  if (idempotencyKey === undefined) return {}
  const fingerprint = sha256(utf8(canonicalize({ ...statement, id: submission.id ?? '' })))
  return { idempotency: { principal: submitter, key: idempotencyKey, fingerprint } }
}
