import { expect } from 'chai'
import type {
  Anchor,
  Chain,
  Fees,
  LogOnChain,
  SignedTransaction,
  TransactionState,
} from '../../node/chain/chain.ts'
import { bumpFees } from '../../node/chain/fees.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import { until } from '../chain/support/anvil.ts'
import { GrowingLog } from '../ledger/anchoring/support/growingLog.ts'
import { codeOf } from './codeOf.ts'

/** A chain and its accidents. */
export interface ChainUnderTest {
  readonly chain: Chain
  automine(on: boolean): Promise<void>
  mine(blocks?: number): Promise<void>
  /** Replaces the newest blocks by empty ones. */
  reorganise(depth: number): Promise<void>
  dropPending(): Promise<void>
}

let logs = 0

export async function openLog(chain: Chain, origin: string): Promise<LogOnChain> {
  const opened = await until(
    () => chain.openLog(origin),
    (log) => log !== undefined,
  )
  if (opened === undefined) throw new Error('no log')
  return opened
}

/** What every chain does. `open` gives one that makes a block for each transaction. */
export function behavesLikeChain(name: string, open: () => Promise<ChainUnderTest>): void {
  describe(`${name} as a chain`, () => {
    let test: ChainUnderTest
    let chain: Chain
    let log: LogOnChain
    let source: GrowingLog

    beforeEach(async () => {
      test = await open()
      chain = test.chain
      // Chains that are slow to start serve several tests, each with a log of its own.
      source = new GrowingLog(`test.example/${name}/${++logs}`)
      log = await openLog(chain, source.origin)
    })

    afterEach(() => chain.close())

    function anchorOf(size: number, from = 0): Anchor {
      return { size, root: source.root(size), proof: source.proof(from, size) }
    }

    async function sign(anchor: Anchor, offer: { nonce?: number; fees?: Fees } = {}) {
      const nonce = offer.nonce ?? (await chain.nonces()).pending
      const fees = offer.fees ?? (await chain.marketFees())
      return chain.signAnchor(log, anchor, { nonce, fees })
    }

    async function sent(anchor: Anchor): Promise<SignedTransaction> {
      const signed = await sign(anchor)
      await chain.send(signed)
      return signed
    }

    const settled = (transaction: SignedTransaction) =>
      until(
        () => chain.transactionState(transaction),
        ({ state }) => state === 'mined' || state === 'reverted',
      )

    async function anchored(anchor: Anchor): Promise<TransactionState> {
      return settled(await sent(anchor))
    }

    it('opens the same log however often it is asked', async () => {
      expect(await chain.openLog(source.origin)).to.deep.equal(log)
      expect(log.chainId).to.equal(await chain.chainId())
    })

    it('opens the log that is known rather than one of its own name', async () => {
      expect(await chain.openLog('test.example/renamed', log.logId)).to.deep.equal(log)
    })

    it('holds size 0 before the first anchor', async () => {
      const latest = await chain.latest(log)
      expect(latest?.size).to.equal(0)
      expect(latest?.root).to.deep.equal(source.root(0))
      expect(await chain.rootAt(log, 1)).to.equal(undefined)
    })

    it('knows nothing of a log that nobody created', async () => {
      const stranger = { ...log, logId: `0x${'99'.repeat(32)}` as const }
      expect(await chain.latest(stranger)).to.equal(undefined)
    })

    it('keeps every anchored root', async () => {
      await anchored(anchorOf(3))
      await anchored(anchorOf(7, 3))
      const latest = await chain.latest(log)
      expect([latest?.size, latest?.root]).to.deep.equal([7, source.root(7)])
      expect(await chain.rootAt(log, 3)).to.deep.equal(source.root(3))
      expect(await chain.rootAt(log, 7)).to.deep.equal(source.root(7))
      expect(await chain.rootAt(log, 5)).to.equal(undefined)
    })

    it('refuses a checkpoint that does not extend the last, and names why', async () => {
      await anchored(anchorOf(3))
      const fork = new GrowingLog(source.origin, 'another entry')
      const anchor = { size: 7, root: fork.root(7), proof: fork.proof(3, 7) }
      try {
        await sign(anchor)
        expect.fail('signed')
      } catch (error) {
        expect(isLedgerError(error, 'ANCHOR_REVERTED') && error.details['error']).to.match(
          /merkle.*old.*root.*mismatch/i,
        )
      }
    })

    it('takes the same checkpoint again without any effect', async () => {
      await anchored(anchorOf(3))
      expect((await anchored(anchorOf(3, 3))).state).to.equal('mined')
      expect((await chain.latest(log))?.size).to.equal(3)
    })

    it('takes the same transaction twice', async () => {
      await test.automine(false)
      const signed = await sent(anchorOf(3))
      await chain.send(signed)
      await test.mine()
      expect((await settled(signed)).state).to.equal('mined')
      await chain.send(signed)
    })

    it('tells where a transaction was mined', async () => {
      const state = await anchored(anchorOf(3))
      const { number, hash } = await chain.head()
      expect(state).to.deep.equal({ state: 'mined', block: { number, hash } })
    })

    it('tells what waits, what it never heard of and what was forgotten', async () => {
      await test.automine(false)
      const signed = await sign(anchorOf(3))
      expect(await chain.transactionState(signed)).to.deep.equal({ state: 'dropped' })
      await chain.send(signed)
      expect(await chain.transactionState(signed)).to.deep.equal({ state: 'pending' })
      await test.dropPending()
      expect(await chain.transactionState(signed)).to.deep.equal({ state: 'dropped' })
    })

    it('tells that another transaction took the nonce', async () => {
      const loser = await sign(anchorOf(3))
      await anchored(anchorOf(5))
      expect(await chain.transactionState(loser)).to.deep.equal({ state: 'replaced' })
      expect(await codeOf(chain.send(loser))).to.equal('NONCE_USED')
    })

    it('counts the nonces that are mined and those that wait', async () => {
      const { mined } = await chain.nonces()
      await test.automine(false)
      await sent(anchorOf(3))
      expect(await chain.nonces()).to.deep.equal({ mined, pending: mined + 1 })
    })

    it('replaces a transaction that waits for one that offers more, and for no other', async () => {
      await test.automine(false)
      const first = await sent(anchorOf(3))
      const { nonce, fees } = first
      const same = await sign(anchorOf(5), { nonce, fees })
      expect(await codeOf(chain.send(same))).to.equal('FEE_TOO_LOW')
      const better = await sign(anchorOf(5), { nonce, fees: bumpFees(fees, fees) })
      await chain.send(better)
      await test.mine()
      expect((await settled(better)).state).to.equal('mined')
      expect(await chain.transactionState(first)).to.deep.equal({ state: 'replaced' })
      expect((await chain.latest(log))?.size).to.equal(5)
    })

    it('names the error of a transaction that was mined and reverted', async () => {
      await test.automine(false)
      const { pending: nonce } = await chain.nonces()
      // Signed while both would succeed, each alone.
      const larger = await sign(anchorOf(5), { nonce })
      const smaller = await sign(anchorOf(3), { nonce: nonce + 1 })
      await chain.send(larger)
      await chain.send(smaller)
      await test.mine()
      const state = await settled(smaller)
      expect(state.state).to.equal('reverted')
      expect((await chain.latest(log))?.size).to.equal(5)
    })

    it('gives the hash of every block up to the head', async () => {
      await anchored(anchorOf(3))
      const { number, hash } = await chain.head()
      expect(await chain.blockHash(number)).to.equal(hash)
      expect(await chain.blockHash(number + 1)).to.equal(undefined)
      await test.mine(2)
      expect(await chain.blockHash(number)).to.equal(hash)
      expect((await chain.head()).number).to.equal(number + 2)
    })

    it('forgets what a reorganisation takes back', async () => {
      await anchored(anchorOf(3))
      const { number, hash } = await chain.head()
      await anchored(anchorOf(7, 3))
      await test.reorganise(2)
      expect(await chain.blockHash(number)).to.not.equal(hash)
      expect((await chain.latest(log))?.size).to.equal(0)
    })

    it('refuses everything once it is closed', async () => {
      await chain.close()
      expect(await codeOf(chain.head())).to.equal('CHAIN_CLOSED')
      expect(await codeOf(chain.latest(log))).to.equal('CHAIN_CLOSED')
    })
  })
}
