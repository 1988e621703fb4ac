import { expect } from 'chai'
import { keccak256 } from 'ethers'
import type {
  Anchor,
  BlockId,
  Chain,
  LogOnChain,
  SignedTransaction,
} from '../../node/chain/chain.ts'
import { EthersChain } from '../../node/chain/ethers/ethersChain.ts'
import { decodeHeader } from '../../node/core/ethereum/header.ts'
import { decode0x } from '../../node/core/ethereum/hex.ts'
import { readProvenTransaction } from '../../node/core/ethereum/transactions.ts'
import { openLog } from '../behaviors/chain.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { GrowingLog } from '../ledger/anchoring/support/growingLog.ts'
import { until } from './support/anvil.ts'
import { LyingNode } from './support/lyingNode.ts'
import { suiteAnvil } from './support/suiteAnvil.ts'

async function anchorOn(chain: Chain, log: LogOnChain, anchor: Anchor) {
  const { pending: nonce } = await chain.nonces()
  const signed = await chain.signAnchor(log, anchor, { nonce, fees: await chain.marketFees() })
  await chain.send(signed)
  const mined = await until(
    () => chain.transactionState(signed),
    ({ state }) => state === 'mined',
  )
  if (mined.state !== 'mined') throw new Error(mined.state)
  return { signed, block: mined.block }
}

describe('proofs of anchored roots', () => {
  const anvil = suiteAnvil()
  const source = new GrowingLog('test.example/proofs')
  const anchor = { size: 7, root: source.root(7), proof: [] }
  let node: LyingNode
  let chain: Chain
  let log: LogOnChain
  let block: BlockId
  let signed: SignedTransaction

  before(async () => {
    const plain = anvil.current.chain()
    log = await openLog(plain, source.origin)
    ;({ block, signed } = await anchorOn(plain, log, anchor))
    await plain.close()
  })

  beforeEach(async () => {
    node = await LyingNode.start(anvil.current.embedded.url)
    chain = new EthersChain({ url: node.url, key: anvil.current.embedded.key })
  })

  afterEach(async () => {
    await chain.close()
    await node.close()
  })

  it('hold against the header, which hashes to the block', async () => {
    const proof = await chain.proveRoot(log, anchor, block, signed.transaction)
    expect(proof?.block).to.deep.equal(block)
    expect(keccak256(proof?.header ?? '0x')).to.equal(block.hash)
    expect(decodeHeader(decode0x(proof!.header)).number).to.equal(block.number)
  })

  it('place the transaction in the block', async () => {
    const proof = await chain.proveRoot(log, anchor, block, signed.transaction)
    const { index, nodes } = proof!.transactionProof!
    const { transactionsRoot } = decodeHeader(decode0x(proof!.header))
    const hash = await readProvenTransaction(transactionsRoot, {
      index,
      proof: nodes.map(decode0x),
    })
    expect(hash).to.deep.equal(Uint8Array.from(decode0x(signed.transaction)))
  })

  it('are the same for a later block, without the transaction', async () => {
    await anvil.current.mine(3)
    const number = block.number + 2
    const hash = await chain.blockHash(number)
    const proof = await chain.proveRoot(log, anchor, { number, hash: hash! }, signed.transaction)
    expect(proof?.block).to.deep.equal({ number, hash })
    expect(proof?.transactionProof).to.equal(undefined)
  })

  it('are not given for a root that is not there', async () => {
    const other = { ...anchor, root: source.root(8) }
    expect(await chain.proveRoot(log, other, block)).to.equal(undefined)
    expect(await chain.proveRoot(log, { ...anchor, size: 8 }, block)).to.equal(undefined)
    const earlier = { number: block.number - 1, hash: (await chain.blockHash(block.number - 1))! }
    expect(await chain.proveRoot(log, anchor, earlier)).to.equal(undefined)
  })

  it('are not given for a block that is not there', async () => {
    const nowhere = { ...block, hash: `0x${'55'.repeat(32)}` } as const
    expect(await chain.proveRoot(log, anchor, nowhere)).to.equal(undefined)
  })

  it('are not given by a chain that knows no eth_getProof', async () => {
    node.lies.set('eth_getProof', () => ({ error: { code: -32601, message: 'Method not found' } }))
    expect(await chain.proveRoot(log, anchor, block)).to.equal(undefined)
  })

  it('are not given where the state was pruned', async () => {
    node.lies.set('eth_getProof', () => ({ error: { code: -32000, message: 'missing trie node' } }))
    expect(await chain.proveRoot(log, anchor, block)).to.equal(undefined)
  })

  it('are not given by a chain whose headers do not hash to its blocks', async () => {
    node.lies.set('eth_getBlockByHash', async (truth) => ({
      result: { ...((await truth()) as object), extraData: '0x1234' },
    }))
    expect(await chain.proveRoot(log, anchor, block)).to.equal(undefined)
  })

  it('are not believed when a single byte of them is wrong', async () => {
    for (const part of ['accountProof', 'storageProof'] as const) {
      node.lies.set('eth_getProof', async (truth) => {
        const proof = (await truth()) as {
          accountProof: string[]
          storageProof: [{ proof: string[] }]
        }
        const nodes = part === 'accountProof' ? proof.accountProof : proof.storageProof[0].proof
        const last = nodes.pop() ?? ''
        nodes.push(`${last.slice(0, -2)}${last.endsWith('00') ? '01' : '00'}`)
        return { result: proof }
      })
      expect(await chain.proveRoot(log, anchor, block), part).to.equal(undefined)
    }
  })

  it('lack the place of the transaction where the block holds other kinds of them', async () => {
    node.lies.set('eth_getBlockByHash', async (truth) => {
      const whole = (await truth()) as { transactions: unknown[] }
      const strange = whole.transactions.map((item) =>
        typeof item === 'object' ? { ...item, type: '0x7e' } : item,
      )
      return { result: { ...whole, transactions: strange } }
    })
    const proof = await chain.proveRoot(log, anchor, block, signed.transaction)
    expect(proof?.storageProof.length).to.be.greaterThan(0)
    expect(proof?.transactionProof).to.equal(undefined)
  })

  it('are asked for again when the answer is only late', async () => {
    node.lies.set('eth_getProof', () => 'silence')
    const hasty = new EthersChain({ url: node.url, key: anvil.current.embedded.key, timeout: 100 })
    expect(await codeOf(hasty.proveRoot(log, anchor, block))).to.equal('CHAIN_TIMEOUT')
    await hasty.close()
  })
})
