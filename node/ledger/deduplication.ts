import { equalBytes } from '../core/bytes.ts'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import type { KeyValueStore } from '../store/keyValueStore.ts'
import { decodeIndex } from '../store/layout.ts'
import type { KeyRing } from '../store/sealing/keyRing.ts'
import { keyReused, openReplay } from './idempotency.ts'
import type { Replay } from './idempotency.ts'
import type { LogReader } from './reader.ts'

/** What an append asks for, as far as it matters for finding it again. */
export interface Asked {
  /** RFC 8785 bytes. */
  readonly statement: Uint8Array
  readonly idKey: string
  readonly replay: { readonly key: string; readonly fingerprint: Uint8Array } | undefined
}

export type Decision =
  /** Nothing of the kind is in the log. */
  | { readonly is: 'new' }
  /** In the log already; `size` of the checkpoint that the first answer had, where that was recorded. */
  | { readonly is: 'known'; readonly index: number; readonly size?: number }
  /** The same as an earlier one of this group, at that position. */
  | { readonly is: 'twin'; readonly of: number }
  | { readonly is: 'refused'; readonly reason: LedgerError }

interface Parts {
  readonly store: KeyValueStore
  readonly reader: LogReader
  readonly ring: KeyRing
}

/**
 * Strict deduplication: the same idempotency key gets the same answer, the same statement id is the
 * same entry, and whatever contradicts what was said first is refused.
 * Only the writer calls it, so nothing slips in between the decision and the commit.
 */
export async function decide(group: readonly Asked[], parts: Parts): Promise<Decision[]> {
  const [indexes, replays] = await Promise.all([
    parts.store.getMany(group.map((asked) => asked.idKey)),
    findReplays(group, parts),
  ])
  const firsts = new Map<string, number>()
  const decideOne = async (asked: Asked, position: number): Promise<Decision> => {
    const answered = asked.replay && replays.get(asked.replay.key)
    if (answered) return decideReplay(asked, answered)
    const index = indexes[position]
    if (index) return decideKnown(asked, decodeIndex(index), parts.reader)
    const twin = decideTwin(asked, group, firsts)
    if (twin) return twin
    firsts.set(asked.idKey, position)
    if (asked.replay) firsts.set(asked.replay.key, position)
    return { is: 'new' }
  }
  return Promise.all(group.map(decideOne))
}

async function findReplays(
  group: readonly Asked[],
  { store, ring }: Parts,
): Promise<Map<string, Replay>> {
  const keys = group.flatMap(({ replay }) => (replay ? [replay.key] : []))
  if (keys.length === 0) return new Map()
  const values = await store.getMany(keys)
  return new Map(
    keys.flatMap((key, position) => {
      const value = values[position]
      return value ? [[key, openReplay(ring, key, value)] as const] : []
    }),
  )
}

function decideReplay({ replay }: Asked, answered: Replay): Decision {
  return replay && equalBytes(replay.fingerprint, answered.fingerprint)
    ? { is: 'known', index: answered.index, size: answered.size }
    : refuseKey()
}

async function decideKnown(asked: Asked, index: number, reader: LogReader): Promise<Decision> {
  try {
    const { bytes } = await reader.openStatement(index)
    return equalBytes(asked.statement, bytes) ? { is: 'known', index } : idTaken()
  } catch (error) {
    // An erased statement cannot be compared any more; its id stays taken.
    if (isLedgerError(error, 'STATEMENT_ERASED')) return idTaken()
    throw error
  }
}

function decideTwin(
  asked: Asked,
  group: readonly Asked[],
  firsts: ReadonlyMap<string, number>,
): Decision | undefined {
  const sameKey = asked.replay && firsts.get(asked.replay.key)
  if (sameKey !== undefined) {
    const first = group[sameKey]?.replay
    const same = first && asked.replay && equalBytes(first.fingerprint, asked.replay.fingerprint)
    return same ? { is: 'twin', of: sameKey } : refuseKey()
  }
  const sameId = firsts.get(asked.idKey)
  if (sameId === undefined) return undefined
  const first = group[sameId]
  return first && equalBytes(first.statement, asked.statement)
    ? { is: 'twin', of: sameId }
    : idTaken()
}

const refuseKey = (): Decision => ({ is: 'refused', reason: keyReused() })

const idTaken = (): Decision => ({
  is: 'refused',
  reason: new LedgerError('conflict', 'STATEMENT_ID_TAKEN'),
})
