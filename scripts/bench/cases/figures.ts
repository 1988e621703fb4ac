import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { encodeHex, utf8 } from '../../../node/core/bytes.ts'
import { commit } from '../../../node/core/commitment.ts'
import { formatEntry } from '../../../node/core/entry.ts'
import { figuresOf } from '../../../node/core/figures/figures.ts'
import { MonthTally } from '../../../node/core/figures/tally.ts'
import { canonicalize } from '../../../node/core/json.ts'
import { countBatches, isWanted } from '../../../node/figures/counting.ts'
import { FactReaders } from '../../../node/figures/factReaders.ts'
import { selectWanted } from '../../../node/figures/statementScan.ts'
import type { ScannedBatch, StoredStatement } from '../../../node/figures/statementScan.ts'
import { MemoryKeyValueStore } from '../../../node/store/memory/memoryKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { below } from '../lib/case.ts'
import type { BenchCase } from '../lib/case.ts'

/** Uses in the month; `ONCE_BENCH_USES` counts others. */
const USES = Number(process.env['ONCE_BENCH_USES'] ?? 200_000)
const TARGET_USES = 1_000_000
/** Seconds for them. */
const CEILING = 30
/** Uses of one case. */
const PER_CASE = 8
const DEPARTMENTS = 40
/** Sealed statements that the month is made of, again and again. */
const POOL = 4096
const BATCH = 512

export const figures: BenchCase = {
  name: 'figures',
  summary: `recompute the figures of a month of ${USES.toLocaleString('en')} uses from sealed statements`,
  async run({ say }) {
    say(`sealing ${POOL} statements of uses`)
    const ring = await KeyRing.open(new MemoryKeyValueStore(), randomBytes(32))
    const pool = makePool(ring)
    const tally = new MonthTally()
    const sources = { find: (index: number) => addressOf(index % DEPARTMENTS) }
    const heaps: number[] = []
    let collecting = 0
    say(`counting ${USES.toLocaleString('en')} uses`)
    const began = process.cpuUsage()
    const started = performance.now()
    const readers = new FactReaders()
    for await (const { next } of countBatches(batchesOf(pool, ring), tally, { readers, sources }))
      if (Math.floor((next * 10) / USES) > heaps.length) {
        const paused = performance.now()
        heaps.push(heapInUse())
        collecting += performance.now() - paused
      }
    await readers.close()
    const departments = figuresOf(tally, {
      departmentOf: () => undefined,
      matterOf: () => undefined,
    })
    const seconds = (performance.now() - started - collecting) / 1000
    const { user, system } = process.cpuUsage(began)
    if (departments.length !== DEPARTMENTS) unexpected()
    const ofMillion = (seconds * TARGET_USES) / USES
    const growth = Math.max(0, (heaps.at(-1) ?? 0) - (heaps[0] ?? 0)) / 2 ** 20
    return {
      rows: [
        {
          what: 'a month of 1 M uses, at the rate measured',
          unit: 's',
          ours: ofMillion,
          better: 'lower',
          target: below(ofMillion, CEILING, `${CEILING} s`),
        },
        { what: 'uses counted', unit: '/s', ours: USES / seconds, better: 'higher' },
        {
          what: 'heap that the last nine tenths of the month added',
          unit: 'MiB',
          ours: growth,
          better: 'lower',
        },
      ],
      notes: [
        `each statement of ${bytesOf(pool).toLocaleString('en')} sealed bytes is unwrapped, opened, held against its ` +
          'entry and read; reading them from disk comes on top',
        `${((user + system) / USES).toFixed(0)} µs of CPU a use, of all threads; ${POOL} different statements`,
      ],
    }
  },
}

/** As a scan of the log brings them. */
async function* batchesOf(
  pool: readonly StoredStatement[],
  ring: KeyRing,
): AsyncGenerator<ScannedBatch, void> {
  for (let from = 0; from < USES; from += BATCH) {
    const next = Math.min(USES, from + BATCH)
    const stored = Array.from({ length: next - from }, (_, i) => ({
      ...(pool[(from + i) % POOL] as StoredStatement),
      index: from + i,
    }))
    yield { ...selectWanted(stored, ring, isWanted), next }
  }
}

function makePool(ring: KeyRing): StoredStatement[] {
  return Array.from({ length: POOL }, (_, i) => {
    const statement = utf8(canonicalize(useOf(i)))
    const salt = randomBytes(32)
    const dataKey = randomBytes(32)
    const commitment = commit(salt, statement)
    return {
      index: i,
      entry: formatEntry({ at: '2023-08-05T02:00:00.000Z', kind: 'use.released', commitment }),
      sealed: ring.sealStatement(dataKey, Buffer.concat([salt, statement])),
      wrapped: ring.wrap(dataKey),
    }
  })
}

const word = () => `0x${encodeHex(randomBytes(32))}`

const opening = () => ({ salt: word(), proof: Array.from({ length: 8 }, word) })

/** As long as a use under a grant that was passed on twice. */
function useOf(i: number): object {
  const grant = () => ({
    parent: word(),
    grantor: addressOf(i),
    grantee: addressOf(i + 1),
    holder: word(),
    scope: word(),
    items: word(),
    purposes: word(),
    notBefore: 0,
    notAfter: 1_700_000_000,
    depth: 3,
    uses: 0,
    epoch: 0,
    salt: word(),
    signature: `${word()}${encodeHex(randomBytes(33))}`,
  })
  return {
    v: 1,
    id: `use-${i}`,
    kind: 'use.released',
    user: addressOf(i % DEPARTMENTS),
    subject: { kind: i % 2 ? 'material' : 'certificate', id: `m${i}`, index: i, type: 'LEASE' },
    fields: ['address', 'area', 'certNo', 'owners'],
    context: { case: caseOf(i), matter: 'CO_ADDR_CHANGE', officer: '王科员', cause: '住所变更' },
    authorizations: [{ chain: [grant(), grant(), grant()], openings: [opening(), opening()] }],
  }
}

function caseOf(i: number): string {
  return String(310_110_202_300_000 + Math.floor(i / PER_CASE))
}

function addressOf(i: number): `0x${string}` {
  return `0x${(i % DEPARTMENTS).toString(16).padStart(40, '0')}`
}

function bytesOf([first]: readonly StoredStatement[]): number {
  return first?.sealed?.length ?? unexpected()
}

/** Bytes after everything that nobody holds is thrown away. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function unexpected(): never {
  throw new Error('the bench counted something else than it made')
}
