import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { TERM_KINDS } from '../../node/core/terms/term.ts'
import { rebuildIndex } from '../../node/ledger/rebuild/rebuild.ts'
import type { AuditParts } from '../../node/ledger/audit/audit.ts'
import type { Write } from '../../node/store/keyValueStore.ts'
import * as layout from '../../node/store/layout.ts'
import { KeyRing } from '../../node/store/sealing/keyRing.ts'
import { faultsIn } from '../ledger/audit/testLedger.ts'
import { openEveryTerm } from '../ledger/terms/everyTerm.ts'
import { openFiles, TENANT } from '../materials/support/bank.ts'
import type { Stores } from '../materials/support/bank.ts'
import { TEST_MASTER_KEY } from '../support/log.ts'
import type { Survived } from './support/dying.ts'

const MAIN = fileURLToPath(new URL('../../api/cli/main.ts', import.meta.url))
const DYING = new URL('./support/dying.ts', import.meta.url).href
/** Each has several terms: more than are repaired in one write. */
const MANY = 150
/** Bytes, enough for a file of its own. */
const LARGE = 600_000
const KILLS = 4
const NOTHING = new Uint8Array(0)
const NEVER = 'never'

type Pairs = ReadonlyMap<string, string>

describe('once rebuild, killed', function () {
  this.timeout(120_000)
  let folder: string
  let damaged: string
  let repaired: Pairs
  let survived: Survived

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'once-rebuild-killed-'))
    damaged = join(folder, 'damaged')
    await makeDamaged(damaged)
    const data = await copied('uninterrupted')
    survived = (await rebuild(data, NEVER)) as Survived
    repaired = await soundPairsAt(data)
    // Ids, terms and files, made and removed, each in a write of its own at least, and some in more.
    expect(survived.writes).to.be.at.least(8)
  })
  after(() => rm(folder, { recursive: true, force: true }))

  async function copied(name: string): Promise<string> {
    const data = join(folder, name)
    await cp(damaged, data, { recursive: true })
    return data
  }

  it('comes to the same when it is run again, killed before each of its writes', async () => {
    for (let write = 0; write < survived.writes; write++) {
      const data = await copied(`killed-${write}`)
      expect(await rebuild(data, `${write} before`)).to.equal('SIGKILL')
      const half = await openParts(data)
      await rebuildIndex(half)
      expect(await soundPairs(half)).to.deep.equal(repaired)
      await close(half)
    }
  })

  it('comes to the same however often it is killed, in the midst of a write or whenever', async () => {
    const data = await copied('often')
    for (let kill = 0; kill < KILLS; kill++) {
      await rebuild(data, `${1 + Math.floor(Math.random() * 2)} during`)
      await rebuild(data, String(Math.random() * survived.milliseconds))
    }
    await rebuild(data, NEVER)
    expect(await soundPairsAt(data)).to.deep.equal(repaired)
  })
})

/** Runs it to its end, unless it dies. */
async function rebuild(data: string, dies: string): Promise<Survived | NodeJS.Signals> {
  const child = spawn(process.execPath, ['--import', DYING, MAIN, 'rebuild', '--data', data], {
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: join(data, '..', 'cache'),
      ONCE_MASTER_KEY: TEST_MASTER_KEY.toString('hex'),
      DIES: dies,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const [out, errors, told, [code, signal]] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    text(child.stdio[3] as Readable),
    once(child, 'exit'),
  ])
  if (signal === 'SIGKILL') return signal
  expect(code, errors).to.equal(0)
  expect(out).to.include('Read ')
  return JSON.parse(told) as Survived
}

/** Half of what finds statements is gone, and as much leads astray. */
async function makeDamaged(data: string): Promise<void> {
  const bank = await openEveryTerm(await openFiles(data))
  const drafts = Array.from({ length: MANY }, (_, i) => ({ id: `many-${i}`, holder: TENANT }))
  await Promise.all(drafts.map((draft) => bank.submit(draft, Buffer.from(draft.id))))
  await bank.submit({ id: 'large' }, Buffer.alloc(LARGE, 'large'))
  expect(await bank.faults()).to.deep.equal([])
  const pairs = await pairsOf(bank)
  const keys = [...pairs.keys()].filter((key) => /^[xnif]\//.test(key))
  const lost = keys.filter((key, i) => i % 2 === 0 || key.startsWith('f/'))
  const newest = keys.filter((key) => key.startsWith('n/') && !lost.includes(key))
  const stray = Array.from({ length: MANY }, (_, i) => String(i).padStart(22, 'S'))
  await bank.store.commit([
    ...lost.map((key): Write => ({ type: 'del', key })),
    ...newest.map((key) => put(key, layout.encodeIndex(0))),
    ...TERM_KINDS.slice(0, 4).flatMap((kind) =>
      stray.map((blinded, i) => put(layout.termKey(kind, blinded, i), NOTHING)),
    ),
    ...stray.map((blinded, i) => put(layout.idKey(blinded), layout.encodeIndex(i))),
    put(layout.fileKey('0f'.repeat(16)), layout.encodeIndex(1)),
  ])
  expect(await bank.faults()).to.have.length.above(MANY)
  await bank.close()
}

const put = (key: string, value: Uint8Array): Write => ({ type: 'put', key, value })

async function openParts(data: string) {
  const stores = await openFiles(data)
  const reopenRing = () => KeyRing.open(stores.store, TEST_MASTER_KEY)
  return { ...stores, ring: await reopenRing(), reopenRing }
}

async function close({ store, contents }: Stores): Promise<void> {
  await contents.close()
  await store.close()
}

async function soundPairsAt(data: string): Promise<Pairs> {
  const parts = await openParts(data)
  const pairs = await soundPairs(parts)
  await close(parts)
  return pairs
}

/** All that the store holds, in which the audit finds nothing. */
async function soundPairs(parts: AuditParts): Promise<Pairs> {
  expect(await faultsIn(parts)).to.deep.equal([])
  return pairsOf(parts)
}

async function pairsOf({ store }: Pick<Stores, 'store'>): Promise<Pairs> {
  const pairs = new Map<string, string>()
  for await (const [key, value] of store.scan({}))
    pairs.set(key, Buffer.from(value).toString('hex'))
  return pairs
}
