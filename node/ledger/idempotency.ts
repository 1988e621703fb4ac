import { equalBytes } from '../core/bytes.ts'
import { LedgerError } from '../core/errors.ts'
import type { KeyValueStore, Write } from '../store/keyValueStore.ts'
import { idempotencyKey } from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import type { Idempotency } from './ledger.ts'

/** What an idempotency key was used for, and which answer it got. */
export interface Replay {
  /** SHA-256 of what the caller asked for. */
  readonly fingerprint: Uint8Array
  readonly index: number
  /** Size of the checkpoint in the answer: with it, the same answer can be given again. */
  readonly size: number
}

/** A request that the domain answers by itself, with one statement or, part by part, with several. */
export interface KeyedRequest extends Idempotency {
  /** Which part is meant; parts have names without spaces. */
  readonly part?: string
}

type KeyName = Pick<Idempotency, 'principal' | 'key'>

/**
 * What idempotency keys were answered with. The writer goes by the same records where an answer is one statement that
 * the caller himself describes; whoever has more to do before it is logged asks here first, and lets requests with one
 * key take turns.
 */
export class IdempotencyKeys {
  readonly #store: KeyValueStore
  readonly #ring: KeyRing

  constructor(store: KeyValueStore, ring: KeyRing) {
    this.#store = store
    this.#ring = ring
  }

  /** Whether something was answered under this key, whatever was asked. */
  async isAnswered(name: KeyName): Promise<boolean> {
    return (await this.#read(name)) !== undefined
  }

  /**
   * What this request, or this part of it, was answered with.
   *
   * @throws LedgerError conflict/IDEMPOTENCY_KEY_REUSED: the key was used for another request
   */
  async find(request: KeyedRequest): Promise<Replay | undefined> {
    const whole = await this.#read(request)
    if (whole === undefined) return undefined
    if (!equalBytes(whole.fingerprint, request.fingerprint)) throw keyReused()
    return request.part === undefined ? whole : this.#read(partOf(request))
  }

  /** For the batch of the statement that answers the request, or a part of it. */
  writes(request: KeyedRequest, index: number): Write[] {
    const names = request.part === undefined ? [request] : [request, partOf(request)]
    return names.map((name) => {
      const key = replayKey(this.#ring, name)
      const { fingerprint } = request
      const value = sealReplay(this.#ring, key, { fingerprint, index, size: index + 1 })
      return { type: 'put', key, value }
    })
  }

  async #read(name: KeyName): Promise<Replay | undefined> {
    const key = replayKey(this.#ring, name)
    const sealed = await this.#store.get(key)
    return sealed && openReplay(this.#ring, key, sealed)
  }
}

/** For turns: one name for each key of each principal. */
export function nameOfKey({ principal, key }: KeyName): string {
  return `key ${JSON.stringify([principal, key])}`
}

/** Where the answer to a key is kept. The principal is part of it: nobody may replay, or block, another's key. */
export function replayKey(ring: KeyRing, { principal, key }: KeyName): string {
  return idempotencyKey(ring.blind('idempotency', JSON.stringify([principal, key])))
}

export function keyReused(): LedgerError {
  return new LedgerError('conflict', 'IDEMPOTENCY_KEY_REUSED')
}

const LENGTH = 32 + 6 + 6

/** fingerprint(32) ‖ index(6) ‖ size(6), big-endian, sealed under its key. */
export function sealReplay(ring: KeyRing, key: string, replay: Replay): Uint8Array {
  const bytes = Buffer.allocUnsafe(LENGTH)
  bytes.set(replay.fingerprint)
  bytes.writeUIntBE(replay.index, 32, 6)
  bytes.writeUIntBE(replay.size, 38, 6)
  return ring.sealRecord(key, bytes)
}

/** @throws LedgerError corrupt/SEAL_BROKEN, corrupt/IDEMPOTENCY_RECORD_MALFORMED */
export function openReplay(ring: KeyRing, key: string, sealed: Uint8Array): Replay {
  const opened = ring.openRecord(key, sealed)
  if (opened.length !== LENGTH) throw new LedgerError('corrupt', 'IDEMPOTENCY_RECORD_MALFORMED')
  const bytes = Buffer.from(opened.buffer, opened.byteOffset, opened.length)
  return {
    fingerprint: bytes.subarray(0, 32),
    index: bytes.readUIntBE(32, 6),
    size: bytes.readUIntBE(38, 6),
  }
}

/** No key holds a space but those that a part was added to. */
function partOf({ principal, key, part }: KeyedRequest): KeyName {
  return { principal, key: `${key} ${part}` }
}
