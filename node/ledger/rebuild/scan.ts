import { isLedgerError } from '../../core/errors.ts'
import type { KeyValueStore } from '../../store/keyValueStore.ts'
import * as layout from '../../store/layout.ts'

/** Something in the place of a record of that family. */
export interface Scanned<Family extends layout.Family> {
  readonly text: string
  /** Undefined where the text is no key. */
  readonly key: Extract<layout.Key, { family: Family }> | undefined
  /** Undefined where it is damaged. */
  readonly value: Uint8Array | undefined
}

/** All that lies where the keys of a family lie, also what means nothing. */
export async function* scanFamily<Family extends 'id' | 'term' | 'newest' | 'file'>(
  store: KeyValueStore,
  family: Family,
): AsyncGenerator<Scanned<Family>> {
  const whole = layout.familyRange(family)
  let range = whole
  for (;;) {
    try {
      for await (const [text, value] of store.scan(range))
        yield { text, key: parse(text, family), value }
      return
    } catch (error) {
      const text = isLedgerError(error, 'STORE_CORRUPT') ? error.details['key'] : undefined
      // Without a place to go on from, the rest cannot be read.
      if (typeof text !== 'string') throw error
      yield { text, key: parse(text, family), value: undefined }
      range = { gt: text, ...(whole.lt !== undefined && { lt: whole.lt }) }
    }
  }
}

function parse<Family extends layout.Family>(
  text: string,
  family: Family,
): Extract<layout.Key, { family: Family }> | undefined {
  try {
    const key = layout.parseKey(text)
    return key.family === family ? (key as Extract<layout.Key, { family: Family }>) : undefined
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return undefined
  }
}

/** Undefined also where it is damaged: what belongs there is put there anew. */
export async function readSound(
  store: KeyValueStore,
  key: string,
): Promise<Uint8Array | undefined> {
  try {
    return await store.get(key)
  } catch (error) {
    if (!isLedgerError(error, 'STORE_CORRUPT')) throw error
    return undefined
  }
}
