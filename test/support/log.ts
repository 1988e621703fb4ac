import { KeyRing } from '../../node/store/sealing/keyRing.ts'
import type { KeyValueStore } from '../../node/store/keyValueStore.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { openLog } from '../../node/ledger/open.ts'
import type { Log, LogOptions } from '../../node/ledger/open.ts'
import type { MaterialSubmitted } from '../../node/core/statement.ts'

export const TEST_ORIGIN = 'test.example/log'
export const TEST_MASTER_KEY = Buffer.alloc(32, 7)

export interface TestLog extends Log {
  readonly store: KeyValueStore
  readonly ring: KeyRing
}

/** A log on the given stores, in memory unless told otherwise. */
export async function openTestLog(
  options: Partial<LogOptions> & { store?: KeyValueStore } = {},
): Promise<TestLog> {
  const { store = new MemoryKeyValueStore(), ...rest } = options
  const ring = await KeyRing.open(store, TEST_MASTER_KEY)
  const log = await openLog(
    { store, ring },
    { origin: TEST_ORIGIN, now: Date.now, queueLimit: 10_000, onGroup: () => {}, ...rest },
  )
  return { ...log, store, ring }
}

/** A statement about a content that stays with its department. */
export function testStatement(id: string, type = 'T1'): MaterialSubmitted {
  return {
    v: 1,
    id,
    kind: 'material.submitted',
    type,
    content: {
      digests: [`sha-256:${'ab'.repeat(32)}`],
      size: 3,
      mediaType: 'text/plain',
      kept: 'department',
    },
    submitter: 'tester',
  }
}
