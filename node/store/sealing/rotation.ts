import { LedgerError } from '../../core/errors.ts'
import type { KeyValueStore, Write } from '../keyValueStore.ts'
import { familyRange, metaKey } from '../layout.ts'
import { KeyWrapper, WRAPPED_LENGTH } from './keyWrapper.ts'

/** Data keys in one commit: 1024 take some 15 ms to wrap again. */
const BATCH = 1024

/**
 * Puts every key that the old master key wraps under the new one; contents and statements stay as they are.
 * Run it on a store that nothing else writes. After a crash at any point, run it again with the same two keys:
 * each wrapped key names its master key, and the key ring says that a change is under way until it is done.
 *
 * @throws LedgerError invalid/MASTER_KEY_WRONG when neither key opens what is stored
 * @throws LedgerError corrupt/SEAL_BROKEN, corrupt/KEY_RING_MISSING
 */
export async function rewrapAll(
  store: KeyValueStore,
  oldMasterKey: Uint8Array,
  newMasterKey: Uint8Array,
): Promise<{ readonly rewrapped: number }> {
  await beginRotation(store, ringWrappers(oldMasterKey, newMasterKey))
  const rewrapped = await rewrapDataKeys(store, {
    from: KeyWrapper.derive(oldMasterKey, 'data-key'),
    to: KeyWrapper.derive(newMasterKey, 'data-key'),
  })
  await endRotation(store)
  // The old wrappings are superseded, not yet gone from the disk.
  await store.compact(familyRange('dataKey'))
  await store.compact(familyRange('meta'))
  return { rewrapped }
}

interface Change {
  readonly from: KeyWrapper
  readonly to: KeyWrapper
}

function ringWrappers(oldMasterKey: Uint8Array, newMasterKey: Uint8Array): Change {
  return {
    from: KeyWrapper.derive(oldMasterKey, 'key-ring'),
    to: KeyWrapper.derive(newMasterKey, 'key-ring'),
  }
}

async function beginRotation(store: KeyValueStore, { from, to }: Change): Promise<void> {
  const record = await readRing(store)
  const first = record.subarray(0, WRAPPED_LENGTH)
  if (record.length === 2 * WRAPPED_LENGTH) {
    // Both must open, or a third key would be mixed in.
    from.unwrap(first)
    to.unwrap(record.subarray(WRAPPED_LENGTH))
    return
  }
  const secret = to.hasWrapped(first) ? to.unwrap(first) : from.unwrap(first)
  await putRing(store, Buffer.concat([from.wrap(secret), to.wrap(secret)]))
}

async function rewrapDataKeys(store: KeyValueStore, change: Change): Promise<number> {
  let rewrapped = 0
  let writes: Write[] = []
  const flush = async () => {
    await store.commit(writes)
    rewrapped += writes.length
    writes = []
  }
  for await (const [key, wrapped] of store.scan(familyRange('dataKey'))) {
    if (change.to.hasWrapped(wrapped)) continue
    writes.push({ type: 'put', key, value: change.to.wrap(change.from.unwrap(wrapped)) })
    if (writes.length === BATCH) await flush()
  }
  await flush()
  return rewrapped
}

async function endRotation(store: KeyValueStore): Promise<void> {
  const record = await readRing(store)
  await putRing(store, record.subarray(WRAPPED_LENGTH))
}

async function readRing(store: KeyValueStore): Promise<Uint8Array> {
  const record = await store.get(metaKey('keyRing'))
  if (record === undefined) throw new LedgerError('corrupt', 'KEY_RING_MISSING')
  return record
}

async function putRing(store: KeyValueStore, value: Uint8Array): Promise<void> {
  await store.commit([{ type: 'put', key: metaKey('keyRing'), value }])
}
