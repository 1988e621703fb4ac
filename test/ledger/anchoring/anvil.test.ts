import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Chain } from '../../../node/chain/chain.ts'
import { startEmbeddedChain } from '../../../node/chain/embedded/embeddedChain.ts'
import type { EmbeddedChain } from '../../../node/chain/embedded/embeddedChain.ts'
import { EthersChain } from '../../../node/chain/ethers/ethersChain.ts'
import { EvidenceAnchor } from '../../../node/core/evidence.ts'
import { openAnchoring } from '../../../node/ledger/anchoring/anchoring.ts'
import { Anchorer } from '../../../node/ledger/anchoring/anchorer.ts'
import { systemClock } from '../../../node/ledger/anchoring/clock.ts'
import type { AnchoringEvent } from '../../../node/ledger/anchoring/cycle.ts'
import { EMBEDDED_POLICY } from '../../../node/ledger/anchoring/policy.ts'
import { toEvidenceAnchor } from '../../../node/ledger/anchoring/records.ts'
import { rpc, until } from '../../chain/support/anvil.ts'
import { LyingNode } from '../../chain/support/lyingNode.ts'
import { suiteAnvil } from '../../chain/support/suiteAnvil.ts'
import { temporaryFolder } from '../../store/temporaryFolder.ts'
import { GrowingLog } from './support/growingLog.ts'
import { ManualClock } from './support/manualClock.ts'
import { MemoryAnchorStore, statesOf } from './support/memoryAnchorStore.ts'

const POLICY = { ...EMBEDDED_POLICY, finalDepth: 3 }

/** An anchorer that looks when it is told to, on a real chain with the real contract. */
class Bench {
  readonly log = new GrowingLog(`test.example/anvil/${++benches}`)
  readonly store = new MemoryAnchorStore()
  readonly clock = new ManualClock()
  readonly events: AnchoringEvent[] = []

  open(chain: Chain, policy = POLICY): Promise<Anchorer> {
    const report = (event: AnchoringEvent) => this.events.push(event)
    const parts = { log: this.log, store: this.store, clock: this.clock, random: () => 1, report }
    return Anchorer.open({ name: 'main', chain, policy }, parts)
  }

  /** Looks until the log is anchored at `size`. */
  async anchor(anchorer: Anchorer, size: number): Promise<void> {
    this.log.size = size
    this.clock.advance(POLICY.interval)
    await until(
      async () => {
        this.clock.advance(await anchorer.look())
        return anchorer.status()
      },
      ({ anchoredSize, state }) => anchoredSize === size && state === 'idle',
    )
  }
}

let benches = 0

describe('anchorer on anvil', () => {
  const anvil = suiteAnvil()
  let bench: Bench
  let chain: Chain
  let anchorer: Anchorer

  beforeEach(async () => {
    bench = new Bench()
    await anvil.current.automine(true)
    chain = anvil.current.chain()
    anchorer = await bench.open(chain)
  })

  afterEach(() => anchorer.close())

  const states = () => statesOf(bench.store)

  it('keeps the proofs of every anchor, as evidence needs them', async () => {
    await bench.anchor(anchorer, 5)
    await bench.anchor(anchorer, 300)
    for (const size of [5, 300]) {
      const record = await bench.store.get('main', size)
      const anchor = EvidenceAnchor.parse(toEvidenceAnchor(record!))
      expect(anchor.blockHash).to.equal(record?.mined?.block.hash)
      expect(anchor).to.include.keys('header', 'accountProof', 'storageProof', 'transactionProof')
    }
  })

  it('replaces a transaction that is stuck by one that pays more', async () => {
    await bench.anchor(anchorer, 5)
    await anvil.current.automine(false)
    bench.log.size = 9
    bench.clock.advance(POLICY.interval)
    await anchorer.look()
    bench.clock.advance(POLICY.stuckAfter)
    await anchorer.look()
    const attempts = (await bench.store.get('main', 9))?.attempts ?? []
    expect(attempts.length).to.equal(2)
    expect(await chain.transactionState(attempts[0]!)).to.deep.equal({ state: 'dropped' })
    expect(await chain.transactionState(attempts[1]!)).to.deep.equal({ state: 'pending' })
    await anvil.current.mine()
    await bench.anchor(anchorer, 9)
    expect((await bench.store.get('main', 9))?.mined?.transaction).to.equal(
      attempts[1]?.transaction,
    )
  })

  it('sends again what the chain forgot', async () => {
    await bench.anchor(anchorer, 5)
    await anvil.current.automine(false)
    bench.log.size = 9
    bench.clock.advance(POLICY.interval)
    await anchorer.look()
    await anvil.current.dropPending()
    await anchorer.look()
    await anvil.current.mine()
    await bench.anchor(anchorer, 9)
    expect((await bench.store.get('main', 9))?.attempts.length).to.equal(1)
  })

  it('makes again what a reorganisation took back', async () => {
    await bench.anchor(anchorer, 5)
    await bench.anchor(anchorer, 9)
    const before = await bench.store.get('main', 9)
    await anvil.current.reorganise(1)
    await bench.anchor(anchorer, 9)
    const after = await bench.store.get('main', 9)
    expect(after?.proof?.block.hash).to.not.equal(before?.proof?.block.hash)
    expect(bench.events.map(({ type }) => type)).to.include('lost')
    expect((await states()).join()).to.match(/^5 (confirmed|final),9 (confirmed|final)$/)
  })

  it('creates registry and log again after a reorganisation that took all of them', async () => {
    await bench.anchor(anchorer, 5)
    const { number } = await chain.head()
    await anvil.current.reorganise(number)
    await bench.anchor(anchorer, 9)
    expect(await states()).to.deep.equal(['5 confirmed', '9 confirmed'])
    const latest = await chain.latest(anchorer.status().log!)
    expect(latest?.root).to.deep.equal(bench.log.root(9))
  })

  describe('behind a node with limits', () => {
    let node: LyingNode

    beforeEach(async () => {
      node = await LyingNode.start(anvil.current.embedded.url)
    })

    afterEach(() => node.close())

    async function limited(timeout?: number): Promise<Anchorer> {
      await anchorer.close()
      const { key } = anvil.current.embedded
      return bench.open(new EthersChain({ url: node.url, key, ...(timeout && { timeout }) }))
    }

    it('anchors without proofs where the node knows no eth_getProof', async () => {
      node.lies.set('eth_getProof', () => ({
        error: { code: -32601, message: 'Method not found' },
      }))
      anchorer = await limited()
      await bench.anchor(anchorer, 5)
      const anchor = toEvidenceAnchor((await bench.store.get('main', 5))!)
      expect(EvidenceAnchor.parse(anchor))
        .to.include.keys('transaction')
        .and.not.include.keys('header')
    })

    it('anchors without proofs where the node never answers that question', async () => {
      node.lies.set('eth_getProof', () => 'silence')
      anchorer = await limited(500)
      await bench.anchor(anchorer, 5)
      expect((await bench.store.get('main', 5))?.proof).to.equal(undefined)
    })

    it('takes the proofs of a later block where the anchor’s own was pruned', async () => {
      anchorer = await limited()
      await bench.anchor(anchorer, 5)
      bench.log.size = 9
      bench.clock.advance(POLICY.interval)
      await anchorer.look()
      const [attempt] = (await bench.store.get('main', 9))?.attempts ?? []
      const witness = anvil.current.chain()
      const state = await until(
        () => witness.transactionState(attempt!),
        (seen) => seen.state === 'mined',
      )
      await witness.close()
      await anvil.current.mine(70)
      await bench.anchor(anchorer, 9)
      const { mined, proof } = (await bench.store.get('main', 9))!
      expect(state).to.deep.include({ block: mined?.block })
      expect(proof?.block.number).to.be.greaterThan(mined!.block.number)
    })

    it('goes on after any nonsense', async () => {
      anchorer = await limited()
      await bench.anchor(anchorer, 5)
      node.lies.set('*', () => ({ result: { nonsense: true } }))
      bench.log.size = 9
      bench.clock.advance(POLICY.interval)
      await anchorer.look()
      expect(anchorer.status().error?.code).to.equal('CHAIN_NONSENSE')
      node.lies.clear()
      await bench.anchor(anchorer, 9)
      expect(anchorer.status().error).to.equal(undefined)
    })
  })
})

describe('anchorer on an embedded chain', () => {
  const folder = temporaryFolder()
  let bench: Bench
  let embedded: EmbeddedChain
  let anchorer: Anchorer

  async function start(): Promise<void> {
    embedded = await startEmbeddedChain({ folder: folder.path })
    const { url, key } = embedded
    anchorer = await bench.open(new EthersChain({ url, key, minesOnDemand: true }))
  }

  async function stop(): Promise<void> {
    await anchorer.close()
    await embedded.close()
  }

  beforeEach(async () => {
    bench = new Bench()
    await start()
    await bench.anchor(anchorer, 5)
  })

  afterEach(stop)

  const states = () => statesOf(bench.store)
  const lost = () => bench.events.filter(({ type }) => type === 'lost').length

  it('continues after a stop of both', async () => {
    await stop()
    await start()
    await bench.anchor(anchorer, 9)
    expect(await states()).to.deep.equal(['5 final', '9 final'])
    expect(lost()).to.equal(0)
  })

  it('shows the lag while the chain is down, and anchors all of it afterwards', async () => {
    await embedded.close()
    bench.log.size = 9
    bench.clock.advance(POLICY.interval)
    await anchorer.look()
    expect(anchorer.status()).to.deep.include({ state: 'retrying', anchoredSize: 5 })
    expect(anchorer.status().error?.code).to.equal('CHAIN_UNREACHABLE')
    expect(anchorer.status().lag.entries).to.equal(4)
    await anchorer.close()
    await start()
    await bench.anchor(anchorer, 20)
    expect(await states()).to.deep.equal(['5 final', '20 final'])
  })

  it('notices that the state lags after a crash, and anchors again what it lost', async () => {
    await embedded.save()
    await bench.anchor(anchorer, 9)
    await bench.anchor(anchorer, 12)
    const { url } = embedded
    const { pid } = JSON.parse(readFileSync(join(folder.path, 'process.json'), 'utf8')) as {
      pid: number
    }
    process.kill(pid, 'SIGKILL')
    await until(
      () => rpc(url, 'eth_chainId').catch(() => undefined),
      (answer) => answer !== undefined && isOther(pid),
    )
    await bench.anchor(anchorer, 12)
    expect(await states()).to.deep.equal(['5 final', '9 reorganised', '12 final'])
    expect(lost()).to.equal(1)
    expect((await anchorer.anchorCovering(6))?.size).to.equal(12)
    expect((await anchorer.anchorCovering(4))?.size).to.equal(5)
  })

  it('makes everything anew when the state is gone', async () => {
    await stop()
    rmSync(join(folder.path, 'state.json'))
    rmSync(join(folder.path, 'previous.json'), { force: true })
    await start()
    await bench.anchor(anchorer, 5)
    expect(await states()).to.deep.equal(['5 final'])
    expect(lost()).to.equal(1)
  })

  it('makes everything anew under another account when the whole folder is gone', async () => {
    const before = anchorer.status().log
    await stop()
    rmSync(folder.path, { recursive: true })
    await start()
    await bench.anchor(anchorer, 9)
    expect(anchorer.status().log?.registry).to.equal(before?.registry)
    expect(anchorer.status().log?.logId).to.not.equal(before?.logId)
    expect(await states()).to.deep.equal(['5 final', '9 final'])
  })

  it('anchors within a moment when it runs by itself', async () => {
    const { url, key } = embedded
    const log = new GrowingLog('test.example/by-itself')
    const parts = { log, store: bench.store, clock: systemClock, random: Math.random }
    const chain = new EthersChain({ url, key, minesOnDemand: true })
    const policy = { ...EMBEDDED_POLICY, interval: 10 }
    const anchoring = await openAnchoring([{ name: 'itself', chain, policy }], parts)
    for (const size of [3, 70, 1_000]) {
      log.size = size
      anchoring.wake()
      const record = await anchoring.waitAnchored(size, AbortSignal.timeout(20_000))
      expect(record.size).to.equal(size)
    }
    await anchoring.close()
  })

  function isOther(pid: number): boolean {
    const text = readFileSync(join(folder.path, 'process.json'), 'utf8')
    return (JSON.parse(text) as { pid: number }).pid !== pid
  }
})
