import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { LogClient, OnceClient } from '../../api/client/index.ts'
import { auditRemote } from '../../api/cli/auditing/remote.ts'
import { SeenCheckpoint } from '../../api/cli/auditing/seenCheckpoint.ts'
import { encodeHex } from '../../node/core/bytes.ts'
import { LedgerError } from '../../node/core/errors.ts'
import type { Finding } from '../../node/ledger/audit/findings.ts'
import { Report } from '../../node/ledger/audit/report.ts'
import { auditAll, copyTestLedger, openTestLedger } from '../ledger/audit/testLedger.ts'
import type { TestLedger } from '../ledger/audit/testLedger.ts'
import { TestChain } from '../ledger/audit/testChain.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'

/** What a client gets of a ledger, without the way in between. Any answer may be replaced. */
function clientOf(
  ledger: TestLedger,
  lies: Partial<LogClient> & Pick<Partial<OnceClient>, 'audit'> = {},
): OnceClient {
  const { reader, signer } = ledger
  const { audit, ...logLies } = lies
  const log: Partial<LogClient> = {
    checkpoint: async () => reader.published.note,
    tile: (level, index, width) => reader.tile(level, index, width),
    entryBundle: (index, width) => reader.entryBundle(index, width),
    async *anchors() {},
    entry: async (index) => {
      const entry = JSON.parse(Buffer.from(await reader.entry(index)).toString())
      return { index, entry, leafHash: '', proof: '' }
    },
    ...logLies,
  }
  const client: Partial<OnceClient> = {
    log: log as LogClient,
    describe: async () => ({
      v: 1,
      origin: signer.origin,
      logKey: signer.vkey,
      chains: [],
      api: { version: '', openapi: '', documentation: '' },
    }),
    async *audit() {
      const { findings, summary } = await auditAll(ledger)
      for (const finding of findings) yield { ...finding, message: '' }
      yield { end: true, ...summary }
    },
    ...(audit && { audit }),
  }
  return client as OnceClient
}

const refusing = () => Promise.reject(new LedgerError('notFound', 'TILE_NOT_FOUND'))

const flipped = (bytes: Uint8Array, position: number): Uint8Array =>
  Uint8Array.from(bytes, (byte, at) => (at === position ? byte ^ 1 : byte))

describe('the audit of a ledger over HTTP', () => {
  const folder = temporaryFolder()
  let ledger: TestLedger
  let seen: SeenCheckpoint

  async function audit(client: OnceClient, of: TestLedger = ledger): Promise<Finding[]> {
    const { origin, verifierKey: key } = of.signer
    const trust = { log: { origin, key }, chains: [] }
    const report = new Report()
    const options = { now: Date.now }
    const pass = auditRemote({ client, trust, seen, rpcs: [], options }, report)
    return Array.fromAsync(report.collect(pass))
  }
  const faultsOf = async (client: OnceClient, of?: TestLedger): Promise<string[]> => {
    const findings = await audit(client, of)
    return findings
      .filter(({ level }) => level !== 'note')
      .map(({ code, where }) => `${code} ${where}`)
  }

  beforeEach(async () => {
    ledger = await openTestLedger()
    await ledger.fill(300)
    const { origin, verifierKey: key } = ledger.signer
    seen = new SeenCheckpoint(join(folder.path, 'trust.json'), { origin, key })
  })

  it('finds nothing in a sound one, and remembers its checkpoint as it was signed', async () => {
    expect(await audit(clientOf(ledger))).to.deep.equal([])
    const note = readFileSync(join(folder.path, 'trust.checkpoint'), 'utf8')
    expect(note).to.equal(ledger.reader.published.note)
    await ledger.fill(0)
    expect(await audit(clientOf(ledger))).to.deep.equal([])
  })

  it('names an entry that a server alters, and does not remember that log', async () => {
    const lying = clientOf(ledger, {
      entryBundle: async (index, width) => {
        const bundle = await ledger.reader.entryBundle(index, width)
        return index === 1 ? flipped(bundle, 60) : bundle
      },
    })
    expect(await faultsOf(lying)).to.deep.equal(['ENTRY_ALTERED entry 256'])
    expect(existsSync(join(folder.path, 'trust.checkpoint'))).to.equal(false)
  })

  it('names a tile that a server alters or withholds, and entries that it withholds', async () => {
    const altering = clientOf(ledger, {
      tile: async (level, index, width) => {
        const hashes = await ledger.reader.tile(level, index, width)
        return level === 0 && index === 0 ? flipped(hashes, 5) : hashes
      },
    })
    expect(await faultsOf(altering)).to.deep.equal(['TILE_ALTERED tile 0/0'])
    const withholding = clientOf(ledger, {
      tile: (level, index, width) =>
        level === 1 ? refusing() : ledger.reader.tile(level, index, width),
      entryBundle: (index, width) =>
        index === 1 ? refusing() : ledger.reader.entryBundle(index, width),
    })
    expect(await faultsOf(withholding)).to.have.members([
      'TILE_MISSING tile 1/0',
      'ENTRY_MISSING entries 256 to 299',
    ])
  })

  it('names answers of the wrong length', async () => {
    const lying = clientOf(ledger, {
      tile: async (level, index, width) =>
        (await ledger.reader.tile(level, index, width)).subarray(level === 0 ? 1 : 0),
      entryBundle: async (index, width) =>
        (await ledger.reader.entryBundle(index, width)).subarray(0, index === 1 ? 100 : undefined),
    })
    expect(await faultsOf(lying)).to.include.members([
      'TILE_ALTERED tile 0/0',
      'TILE_ALTERED tile 0/1',
      'ENTRY_MISSING entries 256 to 299',
    ])
  })

  it('stops at a checkpoint that the pinned key did not sign', async () => {
    const other = await openTestLedger()
    expect(await faultsOf(clientOf(other))).to.deep.equal(['CHECKPOINT_BROKEN checkpoint'])
  })

  it('notices a log that was cut short since the last audit', async () => {
    const earlier = await copyTestLedger(ledger)
    await ledger.fill(0)
    await ledger.keep('later', Buffer.from('later'))
    expect(await audit(clientOf(ledger))).to.deep.equal([])
    expect(await faultsOf(clientOf(earlier))).to.deep.equal(['LOG_SHRUNK checkpoint'])
  })

  it('notices a log that was rewritten since the last audit, however sound it looks', async () => {
    const rewritten = await copyTestLedger(ledger)
    await ledger.keep('as-it-was', Buffer.from('1'))
    await rewritten.keep('as-it-is-now', Buffer.from('2'))
    await rewritten.keep('and-longer', Buffer.from('3'))
    expect((await auditAll(rewritten)).summary.result).to.equal('pass')
    expect(await audit(clientOf(ledger))).to.deep.equal([])
    expect(await faultsOf(clientOf(rewritten))).to.deep.equal(['LOG_REWRITTEN checkpoint'])
    // It does not get used to it either.
    expect(await faultsOf(clientOf(rewritten))).to.deep.equal(['LOG_REWRITTEN checkpoint'])
  })

  it('counts a remembered checkpoint for nothing that the pinned key did not sign', async () => {
    const other = await openTestLedger()
    await other.fill(900)
    await seen.write(other.reader.published.note)
    expect(await audit(clientOf(ledger))).to.deep.equal([])
  })

  it('compares anchors with the tree that it computed, not with what the server says', async () => {
    const chain = new TestChain()
    const {
      target,
      state,
      queuedAt: _,
      attempts: __,
      v: ___,
      mined,
      proof,
      ...anchor
    } = await chain.anchor(ledger)
    const shown = {
      ...anchor,
      chain: target,
      state,
      root: encodeHex(anchor.root),
      block: mined!.block,
      provable: proof !== undefined,
      queuedAt: new Date(0).toISOString(),
    }
    const root = encodeHex(new Uint8Array(32).fill(9))
    const checkpoint = ledger.signer.sign(300, new Uint8Array(32).fill(9))
    const clientWith = (record: object) =>
      clientOf(ledger, {
        async *anchors() {
          yield record as never
        },
      })
    expect(await faultsOf(clientWith(shown))).to.deep.equal([])
    expect(await faultsOf(clientWith({ ...shown, root, checkpoint }))).to.deep.equal([
      'ANCHOR_ROOT_WRONG anchor test/300',
    ])
    expect(await faultsOf(clientWith({ ...shown, root }))).to.have.members([
      'ANCHOR_CHECKPOINT_BROKEN anchor test/300',
      'ANCHOR_ROOT_WRONG anchor test/300',
    ])
  })

  it('passes on what the ledger finds in itself, and notices when it does not come to an end', async () => {
    const found = {
      code: 'CONTENT_DAMAGED',
      level: 'fault',
      where: 'content 7',
      index: 7,
      message: '',
    } as const
    const reporting = clientOf(ledger, {
      async *audit() {
        yield found
      },
    })
    expect(await faultsOf(reporting)).to.deep.equal([
      'CONTENT_DAMAGED content 7',
      'SWEEP_CUT_SHORT ledger',
    ])
    const busy = clientOf(ledger, {
      audit: () => {
        throw new LedgerError('tooMany', 'AUDIT_RUNNING')
      },
    })
    expect(await faultsOf(busy)).to.deep.equal(['SWEEP_REFUSED ledger'])
  })

  it('ends when the ledger goes away in the middle', async () => {
    const gone = clientOf(ledger, {
      entryBundle: () => Promise.reject(new LedgerError('unavailable', 'LEDGER_UNREACHABLE')),
    })
    const failed = await audit(gone).catch((error: unknown) => error)
    expect(failed).to.have.property('code', 'LEDGER_UNREACHABLE')
  })
})
