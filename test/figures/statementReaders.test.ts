import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { utf8 } from '../../node/core/bytes.ts'
import { commit } from '../../node/core/commitment.ts'
import { formatEntry } from '../../node/core/entry.ts'
import { canonicalize } from '../../node/core/json.ts'
import { StatementReaders } from '../../node/figures/statementReaders.ts'
import type { StoredStatement } from '../../node/figures/storedStatements.ts'
import { MemoryKeyValueStore } from '../../node/store/memory/memoryKeyValueStore.ts'
import { KeyRing } from '../../node/store/sealing/keyRing.ts'
import { TEST_MASTER_KEY } from '../support/log.ts'

const DEPARTMENT = `0x${'a'.repeat(40)}`
/** More than are read on the thread of whoever asks. */
const MANY = 100

describe('threads that read statements for the figures', () => {
  it('end when nothing was asked for a while, and start again', async () => {
    const ring = await KeyRing.open(new MemoryKeyValueStore(), TEST_MASTER_KEY)
    const readers = new StatementReaders(ring, 1)
    const stored = Array.from({ length: MANY }, (_, index) => storedRefusal(ring, index))
    try {
      for (const _ of ['first', 'again']) {
        const started = once(process, 'worker')
        const found = readers.facts(stored)
        const [thread] = (await started) as [Worker]
        const ended = once(thread, 'exit')
        expect(await found).to.deep.equal({
          facts: stored.map(() => ({
            is: 'refusal',
            department: DEPARTMENT,
            code: 'GRANT_REVOKED',
          })),
          erased: 0,
        })
        await ended
      }
    } finally {
      await readers.close()
    }
  })
})

function storedRefusal(ring: KeyRing, index: number): StoredStatement {
  const statement = utf8(
    canonicalize({ kind: 'use.refused', user: DEPARTMENT, code: 'GRANT_REVOKED' }),
  )
  const [salt, dataKey] = [randomBytes(32), randomBytes(32)]
  const commitment = commit(salt, statement)
  return {
    index,
    entry: formatEntry({ at: '2026-03-01T08:00:00.000Z', kind: 'use.refused', commitment }),
    sealed: ring.sealStatement(dataKey, Buffer.concat([salt, statement])),
    wrapped: ring.wrap(dataKey),
  }
}
