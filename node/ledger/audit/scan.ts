import { isLedgerError } from '../../core/errors.ts'
import type { KeyRange, KeyValueStore } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'
import type { Report } from './report.ts'

/** Undefined: the value is there, but damaged, which has been reported. */
export type Stored = Uint8Array | undefined

/**
 * The pairs of a range, on past whatever is damaged. A key that belongs to no family is reported and left out.
 */
export async function* readOn(
  store: KeyValueStore,
  range: KeyRange,
  report: Report,
): AsyncGenerator<readonly [key: layout.Key, value: Stored, text: string]> {
  let rest = range
  let last = ''
  for (;;) {
    try {
      for await (const [text, value] of store.scan(rest)) {
        last = text
        const key = parseKey(text, report)
        if (key !== undefined) yield [key, value, text]
      }
      return
    } catch (error) {
      const damaged = damagedKey(error)
      // Without a place to go on from, or with one that lies behind, the rest cannot be read.
      if (damaged === undefined || damaged <= last) {
        report.add('STORE_UNREADABLE', `after key ${last}`, reasonOf(error))
        return
      }
      const key = parseKey(damaged, report)
      if (key !== undefined) {
        report.add('VALUE_DAMAGED', describeKey(key), indexOf(key))
        yield [key, undefined, damaged]
      }
      const { gte: _, ...unbounded } = rest
      rest = { ...unbounded, gt: damaged }
      last = damaged
    }
  }
}

/** The value of one key; `damaged` has been reported. */
export async function readOne(
  store: KeyValueStore,
  key: string,
  report: Report,
): Promise<Uint8Array | 'missing' | 'damaged'> {
  try {
    return (await store.get(key)) ?? 'missing'
  } catch (error) {
    const parsed = layout.parseKey(key)
    if (damagedKey(error) === undefined) {
      report.add('STORE_UNREADABLE', describeKey(parsed), reasonOf(error))
    } else {
      report.add('VALUE_DAMAGED', describeKey(parsed), indexOf(parsed))
    }
    return 'damaged'
  }
}

/** A family's values by index, from `from` up to, not including, `to`. */
export async function readIndexes(
  store: KeyValueStore,
  family: layout.IndexedFamily,
  [from, to]: readonly [number, number],
  report: Report,
): Promise<Map<number, Stored>> {
  const values = new Map<number, Stored>()
  for await (const [key, value] of readOn(store, layout.indexRange(family, from, to), report)) {
    if (key.family === family) values.set(key.index, value)
  }
  return values
}

/** The record that a key names, in words. */
export function describeKey(key: layout.Key): string {
  switch (key.family) {
    case 'tile':
      return `tile ${key.level}/${key.index}`
    case 'anchor':
      return `anchor ${key.target}/${key.size}`
    case 'meta':
      return `record ${key.name}`
    case 'mirror':
      return `mirror record ${key.table} ${key.id}`
    case 'file':
      return `file record ${key.name}`
    case 'newest':
      return `record of the newest ${key.kind} ${key.blinded}`
    case 'id':
    case 'idempotency':
    case 'pendingUse':
      return `${NAMES[key.family]} ${key.blinded}`
    default:
      return `${NAMES[key.family]} ${key.index}`
  }
}

const NAMES = {
  entry: 'entry',
  statement: 'statement',
  dataKey: 'data key',
  location: 'content location',
  id: 'id record',
  idempotency: 'idempotency record',
  pendingUse: 'pending use',
  term: 'term record',
  states: 'state proofs',
  relay: 'relay record',
  unsettled: 'mark of an unsettled act',
} as const

/** Whether a record holds this index. */
export function leadsTo(record: Uint8Array, index: number): boolean {
  try {
    return layout.decodeIndex(record) === index
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return false
  }
}

export function reasonOf(error: unknown): { readonly reason: string } {
  return { reason: isLedgerError(error) ? error.code : String(error) }
}

function parseKey(text: string, report: Report): layout.Key | undefined {
  try {
    return layout.parseKey(text)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    // The key may hold anything: shown only as far as it can be.
    report.add('KEY_UNKNOWN', `key ${JSON.stringify(text.slice(0, 64))}`)
    return undefined
  }
}

function indexOf(key: layout.Key): { readonly index?: number } {
  switch (key.family) {
    case 'entry':
    case 'statement':
    case 'dataKey':
    case 'location':
      return { index: key.index }
    default:
      return {}
  }
}

/** Key of a value that is not what was stored. */
function damagedKey(error: unknown): string | undefined {
  if (!isLedgerError(error, 'STORE_CORRUPT')) return undefined
  const { key } = error.details
  return typeof key === 'string' ? key : undefined
}
