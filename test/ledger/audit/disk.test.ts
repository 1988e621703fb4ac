import { randomBytes } from 'node:crypto'
import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect } from 'chai'
import { ClassicLevel } from 'classic-level'
import type { AuditedChain } from '../../../node/ledger/audit/audit.ts'
import { isLedgerError } from '../../../node/core/errors.ts'
import { FileContentStore } from '../../../node/store/files/fileContentStore.ts'
import * as layout from '../../../node/store/layout.ts'
import { LevelKeyValueStore } from '../../../node/store/level/levelKeyValueStore.ts'
import { KeyRing } from '../../../node/store/sealing/keyRing.ts'
import { TEST_MASTER_KEY } from '../../support/log.ts'
import { temporaryFolder } from '../../store/temporaryFolder.ts'
import { faultsIn, openTestLedger } from './testLedger.ts'
import type { TestLedger } from './testLedger.ts'
import { TestChain } from './testChain.ts'

const RAW = { compression: false, keyEncoding: 'utf8', valueEncoding: 'buffer' } as const

async function withStores<T>(
  folder: string,
  use: (store: LevelKeyValueStore, contents: FileContentStore) => Promise<T>,
): Promise<T> {
  const store = await LevelKeyValueStore.open(join(folder, 'ledger'))
  try {
    const contents = await FileContentStore.open(join(folder, 'contents'))
    try {
      return await use(store, contents)
    } finally {
      await contents.close()
    }
  } finally {
    await store.close()
  }
}

const withLedger = <T>(folder: string, use: (ledger: TestLedger) => Promise<T>): Promise<T> =>
  withStores(folder, async (store, contents) => use(await openTestLedger(store, contents)))

/** What an operator learns: what the audit finds, or why the store does not even open. */
async function inspect(folder: string, chain?: AuditedChain): Promise<string[]> {
  try {
    return await withStores(folder, async (store, contents) => {
      const reopenRing = () => KeyRing.open(store, TEST_MASTER_KEY)
      const chains = new Map(chain && [['test', chain]])
      return faultsIn({ store, contents, ring: await reopenRing(), reopenRing, chains })
    })
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return [`${error.kind}/${error.code}`]
  }
}

function flip(path: string, position: number): void {
  const bytes = readFileSync(path)
  bytes[position] = (bytes[position] ?? 0) ^ (1 << (position % 8))
  writeFileSync(path, bytes)
}

/** `count` positions spread over the file, its first and last byte among them. */
function positionsIn(path: string, count: number): number[] {
  const last = readFileSync(path).length - 1
  return [...new Set(Array.from({ length: count }, (_, i) => Math.round((last * i) / (count - 1))))]
}

describe('the audit of a data folder', () => {
  const folder = temporaryFolder()
  let chain: TestChain
  const sound = () => join(folder.path, 'sound')
  const files = (pattern: string) => globSync(join(sound(), pattern)).toSorted()

  /** The findings for each of the flips, every one in a fresh copy. */
  async function inspectFlips(
    path: string,
    count: number,
    asked?: AuditedChain,
  ): Promise<Map<number, string[]>> {
    const found = new Map<number, string[]>()
    for (const position of positionsIn(path, count)) {
      const copy = join(folder.path, `${basename(path)}-${position}`)
      cpSync(sound(), copy, { recursive: true })
      flip(path.replace(sound(), copy), position)
      found.set(position, await inspect(copy, asked))
    }
    return found
  }

  beforeEach(async () => {
    chain = new TestChain()
    await withLedger(sound(), async (ledger) => {
      await ledger.keep('small', randomBytes(3_000))
      await ledger.keep('large', randomBytes(300_000), true)
      await ledger.fill(40)
    })
    // Opening turns the journal into a table; what follows is in a journal again.
    await withLedger(sound(), async (ledger) => {
      for (const id of ['later', 'last']) await ledger.keep(id, randomBytes(2_000))
      await chain.anchor(ledger)
    })
  })

  it('finds nothing in a sound one', async () => {
    expect(files('ledger/*.ldb')).to.have.length.greaterThan(0)
    expect(await inspect(sound())).to.deep.equal([])
  })

  it('finds a flipped bit anywhere in the tables of the store', async () => {
    for (const path of files('ledger/*.ldb')) {
      for (const [position, found] of await inspectFlips(path, 12)) {
        expect(found, `${basename(path)} at ${position}`).to.have.length.greaterThan(0)
      }
    }
  })

  it('finds a flipped bit anywhere in the journals of the store', async () => {
    for (const path of [...files('ledger/*.log'), ...files('ledger/MANIFEST-*')]) {
      for (const [position, found] of await inspectFlips(path, 12, chain)) {
        expect(found, `${basename(path)} at ${position}`).to.have.length.greaterThan(0)
      }
    }
  })

  it('finds a flipped bit in the very last record, from the chain if not by itself', async () => {
    // It may look as if a crash had cut the record short before it was acknowledged.
    await withLedger(sound(), async (ledger) => {
      await ledger.keep('at-the-very-end', randomBytes(10))
      const { size, root } = ledger.reader.published
      chain.roots.set(size, root)
    })
    const [journal] = files('ledger/*.log')
    flip(journal!, readFileSync(journal!).length - 1)
    const [found, ...others] = await inspect(sound(), chain)
    expect(found).to.be.oneOf(['corrupt/STORE_CORRUPT', 'LOG_ROLLED_BACK chain test'])
    expect(others).to.deep.equal([])
  })

  it('names the content in whose file a bit was flipped', async () => {
    for (const path of files('contents/files/**/*').filter((name) => /[0-9a-f]{32}$/.test(name))) {
      for (const [position, found] of await inspectFlips(path, 6)) {
        expect(found, `at ${position}`).to.deep.equal(['CONTENT_DAMAGED content 1'])
      }
    }
  })

  it('names the content in whose segment a bit was flipped, or the place in the segment', async () => {
    const paths = files('contents/segments/**/*').filter((name) => readFileSync(name).length > 0)
    expect(paths).to.have.length.greaterThan(0)
    for (const path of paths) {
      for (const [position, found] of await inspectFlips(path, 7)) {
        expect(found, `${basename(path)} at ${position}`).to.have.length(1)
        expect(found[0]).to.match(
          /^(CONTENT_DAMAGED content \d+|SEGMENT_DAMAGED segment \d+ at \d+)$/,
        )
      }
    }
  })

  it('names a value that no longer matches its checksum, and goes on after it', async () => {
    const raw = new ClassicLevel<string, Buffer>(join(sound(), 'ledger'), RAW)
    for (const key of [layout.entryKey(7), layout.statementKey(9), layout.tileKey(0, 0)]) {
      const value = (await raw.get(key))!
      value[3] = (value[3] ?? 0) ^ 16
      await raw.put(key, value)
    }
    await raw.close()
    expect(await inspect(sound())).to.have.members([
      'VALUE_DAMAGED entry 7',
      'VALUE_DAMAGED statement 9',
      'VALUE_DAMAGED tile 0/0',
    ])
  })
})
