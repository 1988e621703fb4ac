import type { Readable } from 'node:stream'
import { utf8 } from '../core/bytes.ts'
import { LedgerError } from '../core/errors.ts'
import type { Hex } from '../core/ethereum/hex.ts'
import { canonicalize } from '../core/json.ts'
import type { DrawnDocument, Spared, UseReleased } from '../core/statements/use.ts'
import type { UseRequest } from '../core/uses/documents.ts'
import { DERIVED_COPY_MEDIA_TYPE, encodeDerivedCopy } from '../core/uses/derivedCopy.ts'
import type { DerivedCopy } from '../core/uses/derivedCopy.ts'
import { useStatementId } from '../core/uses/request.ts'
import { useIdsOf } from '../core/uses/signatures.ts'
import type { CopyMaker } from '../derived/copyMaker.ts'
import { nameOfKey } from '../ledger/idempotency.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { ByteRange, Materials } from '../materials/materials.ts'
import type { Reception } from '../materials/reception.ts'
import type { PageRequest } from '../store/pages.ts'
import { UseAnswerer } from './answering.ts'
import type { Allowed, AnsweringParts } from './answering.ts'
import type { CarriesOn } from './carrying.ts'
import type { CountedUses } from './counting.ts'
import { drawDocument, makeDerivedCopy } from './derivedCopies.ts'
import type { CopyParts } from './derivedCopies.ts'
import { composeUseEvidence } from './evidence.ts'
import type { TakenUp } from './judging.ts'
import { UseRecords } from './records.ts'
import type { UseMasking } from './masking.ts'
import type { PendingUse } from './pendingUses.ts'
import { previewUse } from './preview.ts'
import { sparing } from './sparing.ts'
import { alreadyMade } from './spentUses.ts'
import type { Asking, RecordedUse, UseDraft, UsePage, UsePreview, UseRecord, Uses } from './uses.ts'

export interface UsesParts extends AnsweringParts {
  readonly reception: Reception
  readonly materials: Materials
  readonly masking: UseMasking
  readonly nameOfMatter: CopyParts['nameOfMatter']
  readonly maker: Pick<CopyMaker, 'draw'>
}

/** What is given for an allowed use. */
interface Releasing {
  readonly allowed: Allowed
  readonly copy: DerivedCopy
  readonly document: DrawnDocument | undefined
  readonly counted: CountedUses
  /** Sensitive fields that the copy shows in clear. */
  readonly plain: readonly string[]
  /** What the case need not be handed in any more. */
  readonly spares?: Spared
}

/** Bytes of a request, as RFC 8785 writes it. */
const LONGEST = 56 * 1024

/** Uses on top of the ledger: each answer is a statement, its derived copy sealed beside it. */
export class LedgerUses implements Uses, CarriesOn {
  readonly #parts: UsesParts
  readonly #records: UseRecords
  readonly #answerer: UseAnswerer

  constructor(parts: UsesParts) {
    this.#parts = parts
    this.#records = new UseRecords(parts)
    this.#answerer = new UseAnswerer(parts)
  }

  async request(request: UseRequest, asking: Asking = {}): Promise<Appended> {
    // A receipt holds all of it, and a statement holds no more.
    if (utf8(canonicalize(request)).length > LONGEST)
      throw new LedgerError('tooLarge', 'USE_TOO_LONG', { maxBytes: LONGEST })
    const { chain, pending, spent } = this.#parts
    const { idempotency, signal } = asking
    const id = useStatementId(request, chain.registries)
    const uses = useIdsOf(request, chain.registries)
    const keys = idempotency ? [nameOfKey(idempotency)] : []
    return spent.inTurn([...uses, ...keys], async () => {
      const again = await this.#again(id, uses, asking)
      if (again !== undefined) return again
      const held = await pending.find(id)
      return this.#answer({ id, request, held, isAsked: true, idempotency }, signal)
    })
  }

  carryOn(pending: PendingUse, signal: AbortSignal): Promise<void> {
    return this.#answerer.carryOn(pending, (taken) => this.#answer(taken, signal))
  }

  preview(draft: UseDraft): Promise<UsePreview> {
    return previewUse(draft, this.#parts)
  }

  get(id: string): Promise<UseRecord> {
    return this.#records.get(id)
  }

  openCopy(id: string): Promise<Readable> {
    return this.#records.openCopy(id)
  }

  openContent(id: string, range?: ByteRange): Promise<Readable> {
    return this.#records.openContent(id, range)
  }

  async evidence(id: string, wait?: { readonly anchored: AbortSignal }): Promise<Uint8Array> {
    const { chainId } = this.#parts.chain.registries
    return composeUseEvidence(await this.get(id), { ...this.#parts, chainId }, wait)
  }

  ofHolder(holder: Hex, page: PageRequest): Promise<UsePage> {
    return this.#records.ofHolder(holder, page)
  }

  ofUser(user: Hex, page: PageRequest): Promise<UsePage> {
    return this.#records.ofUser(user, page)
  }

  onRecorded(listener: (use: RecordedUse) => void): () => void {
    return this.#parts.recorded.subscribe(listener)
  }

  /** The same answer for the same request and key; without it nobody is told more than that there was one. */
  async #again(
    id: string,
    uses: readonly Hex[],
    { idempotency }: Asking,
  ): Promise<Appended | undefined> {
    const { ledger, spent } = this.#parts
    const replay = idempotency && (await ledger.keys.find(idempotency))
    const answer = await spent.find(uses, id)
    if (answer === undefined) return undefined
    const { index, statement } = answer
    if (replay === undefined || statement.kind !== 'use.released' || statement.id !== id)
      throw alreadyMade(answer)
    return { id, index, created: false, evidence: await ledger.evidence(index) }
  }

  /** Of two uses of what serves once, the second finds it spent. */
  async #answer(taken: TakenUp, signal: AbortSignal | undefined): Promise<Appended> {
    const { subjects, singles } = this.#parts
    return singles.inTurn(await subjects.materialsOf(taken.request.subject), () =>
      this.#answerer.answer(taken, (allowed) => this.#give(taken.id, allowed), signal),
    )
  }

  async #give(id: string, allowed: Allowed): Promise<Appended> {
    const { decided, count } = allowed
    const mask = await this.#parts.masking.of(decided)
    const copy = await makeDerivedCopy(id, decided, mask, this.#parts)
    const document = await drawDocument(copy, decided, this.#parts)
    const counted = await count()
    const given = { allowed, copy, document, counted, plain: mask.plain }
    return sparing(decided, [], this.#parts, (spared) => this.#release({ ...given, ...spared }))
  }

  async #release({
    allowed,
    copy,
    document,
    counted,
    plain,
    spares,
  }: Releasing): Promise<Appended> {
    const { decided, asked, log } = allowed
    const { ledger, reception } = this.#parts
    const { subject, holders, request } = decided
    const shown = request.fields.length > 0 ? 0 : Object.keys(copy.fields).length
    const received = await reception.receive(encodeDerivedCopy(copy), [])
    const statement: UseReleased = {
      v: 1,
      id: copy.mark.use,
      kind: 'use.released',
      subject,
      holders: [...holders],
      ...asked,
      counted: [...counted.transactions],
      ...(plain.length > 0 && { plain: [...plain] }),
      ...(shown > 0 && { shown }),
      ...(spares && { spares }),
      content: {
        digests: [...received.digests],
        size: received.size,
        mediaType: DERIVED_COPY_MEDIA_TYPE,
        kept: 'here',
      },
      ...(document && { document }),
      expires: copy.mark.expires,
    }
    return log(statement, counted, (draft) =>
      received.log((placed) => ledger.append({ ...draft, ...placed })),
    )
  }
}
