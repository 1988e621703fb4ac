import * as z from 'zod'
import { decodeHex, decodeUtf8, encodeHex, utf8 } from '../core/bytes.ts'
import { LedgerError } from '../core/errors.ts'
import { UseDecision } from '../core/statements/use.ts'
import { Questions } from '../core/checks/questions.ts'
import { UseRequest } from '../core/uses/documents.ts'
import type { KeyedRequest } from '../ledger/idempotency.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import { familyRange, parseKey, pendingUseKey } from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { DecidableRequest } from './deciding.ts'

/** A request that every rule allows, and that the chain is asked to count. */
export interface PendingUse {
  /** Statement id of its answer. */
  readonly id: string
  readonly request: DecidableRequest
  /** By what it was decided. */
  readonly decision: UseDecision
  readonly idempotency?: KeyedRequest
}

const Record = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  request: UseRequest.extend({ questions: Questions.optional() }),
  decision: UseDecision,
  idempotency: z
    .strictObject({
      principal: z.string(),
      key: z.string(),
      part: z.string().optional(),
      /** Hex. */
      fingerprint: z.string(),
    })
    .optional(),
})

/**
 * Requests between their decision and their answer, while the chain counts. Each is on disk before its first count, and
 * goes with the batch of its answer: what a crash, or a chain that takes its time, leaves behind can be carried on.
 * Until then a material that serves once is promised to its case.
 */
export class PendingUses {
  readonly #store: KeyValueStore
  readonly #ring: KeyRing
  #held: Promise<Map<string, PendingUse>> | undefined

  constructor(store: KeyValueStore, ring: KeyRing) {
    this.#store = store
    this.#ring = ring
  }

  async all(): Promise<PendingUse[]> {
    return [...(await this.#load()).values()]
  }

  async find(id: string): Promise<PendingUse | undefined> {
    return (await this.#load()).get(id)
  }

  /** The case that a material is promised to. */
  async caseOf(material: string): Promise<string | undefined> {
    for (const { request } of (await this.#load()).values()) {
      const { subject, questions, context } = request
      // Answers to questions spend nothing.
      const spends = subject.kind === 'material' && questions === undefined
      if (spends && subject.id === material) return context.case
    }
    return undefined
  }

  /** Before anything is counted for it. */
  async hold(pending: PendingUse): Promise<void> {
    const held = await this.#load()
    const key = this.#keyOf(pending.id)
    const value = this.#ring.sealRecord(key, encode(pending))
    await this.#store.commit([{ type: 'put', key, value }])
    held.set(pending.id, pending)
  }

  /** For the batch of the statement that answers it. */
  writes(id: string): Write[] {
    return [{ type: 'del', key: this.#keyOf(id) }]
  }

  /** Once that is durable. */
  async forget(id: string): Promise<void> {
    const held = await this.#load()
    held.delete(id)
  }

  /** It never got so far that anything was counted. */
  async drop(id: string): Promise<void> {
    await this.#store.commit(this.writes(id))
    await this.forget(id)
  }

  #load(): Promise<Map<string, PendingUse>> {
    this.#held ??= this.#read()
    return this.#held
  }

  async #read(): Promise<Map<string, PendingUse>> {
    const held = new Map<string, PendingUse>()
    for await (const [key, sealed] of this.#store.scan(familyRange('pendingUse'))) {
      parseKey(key)
      const pending = decode(this.#ring.openRecord(key, sealed))
      held.set(pending.id, pending)
    }
    return held
  }

  #keyOf(id: string): string {
    return pendingUseKey(this.#ring.blind('pendingUse', id))
  }
}

function encode({ idempotency, ...pending }: PendingUse): Uint8Array {
  const keyed = idempotency && {
    ...idempotency,
    fingerprint: encodeHex(idempotency.fingerprint),
  }
  return utf8(JSON.stringify({ v: 1, ...pending, ...(keyed && { idempotency: keyed }) }))
}

/** @throws LedgerError corrupt/PENDING_USE_MALFORMED */
function decode(bytes: Uint8Array): PendingUse {
  const parsed = Record.safeParse(JSON.parse(decodeUtf8(bytes)))
  if (!parsed.success) throw new LedgerError('corrupt', 'PENDING_USE_MALFORMED')
  const { id, request, decision, idempotency } = parsed.data
  const { questions, ...asked } = request
  return {
    id,
    request: { ...asked, ...(questions && { questions }) },
    decision,
    ...(idempotency && { idempotency: keyedOf(idempotency) }),
  }
}

function keyedOf({
  part,
  fingerprint,
  ...name
}: NonNullable<z.infer<typeof Record>['idempotency']>): KeyedRequest {
  return { ...name, fingerprint: decodeHex(fingerprint), ...(part !== undefined && { part }) }
}
