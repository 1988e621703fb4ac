import { inspect } from 'node:util'
import { expect } from 'chai'
import type { Chain } from '../../node/chain/chain.ts'
import { EthersChain } from '../../node/chain/ethers/ethersChain.ts'
import { isLedgerError } from '../../node/core/errors.ts'
import { codeOf } from '../behaviors/codeOf.ts'
import { LyingNode } from './support/lyingNode.ts'
import type { Lie } from './support/lyingNode.ts'

const KEY = `0x${'17'.repeat(32)}`
/** Milliseconds; short, for where silence is the test. */
const HASTE = 100

const BLOCK = { number: '0x5', hash: `0x${'ab'.repeat(32)}`, timestamp: '0x1' }
const LOG = {
  chainId: 5,
  registry: `0x${'ce'.repeat(20)}`,
  logId: `0x${'10'.repeat(32)}`,
} as const

describe('ethers chain before a node that is not to be trusted', () => {
  let node: LyingNode
  let chain: Chain

  beforeEach(async () => {
    node = await LyingNode.start()
    node.lies.set('eth_chainId', () => ({ result: '0x5' }))
    chain = new EthersChain({ url: node.url, key: KEY })
  })

  afterEach(async () => {
    await chain.close()
    await node.close()
  })

  function tell(method: string, lie: Lie): void {
    node.lies.set(method, () => lie)
  }

  it('gives up on a node that does not answer', async () => {
    tell('eth_getBlockByNumber', 'silence')
    const hasty = new EthersChain({ url: node.url, key: KEY, timeout: HASTE, chainId: 5 })
    expect(await codeOf(hasty.finalized())).to.equal('CHAIN_TIMEOUT')
  })

  it('does not wait for an answer once it is closed', async () => {
    tell('eth_getBlockByNumber', 'silence')
    const patient = new EthersChain({ url: node.url, key: KEY, timeout: 1_000_000 })
    const asked = codeOf(patient.head())
    await patient.close()
    expect(await asked).to.equal('CHAIN_CLOSED')
  })

  for (const [what, lie, code] of [
    ['a page', { raw: '<html>' }, 'CHAIN_NONSENSE'],
    ['nothing', { raw: '' }, 'CHAIN_NONSENSE'],
    ['half of an answer', { raw: '{"jsonrpc":"2.0","id":1,"resu' }, 'CHAIN_NONSENSE'],
    ['a bare null', { raw: 'null' }, 'CHAIN_NONSENSE'],
    ['a list', { raw: '[null]' }, 'CHAIN_NONSENSE'],
    ['the answer to another question', { raw: '{"id":999,"result":{}}' }, 'CHAIN_NONSENSE'],
    ['neither result nor error', { raw: '{"id":1}' }, 'CHAIN_NONSENSE'],
    ['an error without words', { error: { code: 5 } }, 'CHAIN_NONSENSE'],
    ['no block', { result: null }, 'CHAIN_NONSENSE'],
    ['a block without a hash', { result: { ...BLOCK, hash: undefined } }, 'CHAIN_NONSENSE'],
    ['a number for a quantity', { result: { ...BLOCK, number: 5 } }, 'CHAIN_NONSENSE'],
    [
      'a height beyond all',
      { result: { ...BLOCK, number: `0x${'f'.repeat(40)}` } },
      'CHAIN_NONSENSE',
    ],
    [
      'nanoseconds for seconds, as under Raft',
      { result: { ...BLOCK, timestamp: '0x17a2f0c5d1e3b680' } },
      'CHAIN_CLOCK_NOT_SECONDS',
    ],
    [
      'milliseconds',
      { result: { ...BLOCK, timestamp: '0x18bcfe56800' } },
      'CHAIN_CLOCK_NOT_SECONDS',
    ],
    ['a hash too short', { result: { ...BLOCK, hash: '0xab' } }, 'CHAIN_NONSENSE'],
    ['a refusal', { error: { code: -32601, message: 'no such method' } }, 'CHAIN_REFUSED'],
    [
      'a refusal in an HTTP error',
      { raw: '{"id":1,"error":{"code":-3,"message":"x"}}', status: 400 },
      undefined,
    ],
    ['server trouble', { raw: 'busy', status: 503 }, 'CHAIN_UNREACHABLE'],
    ['too many requests', { raw: '', status: 429 }, 'CHAIN_UNREACHABLE'],
    [
      'a way to somewhere else',
      { raw: '', status: 307, headers: { location: 'http://127.0.0.1:1' } },
      'CHAIN_UNREACHABLE',
    ],
    ['a broken line', 'hang up', 'CHAIN_UNREACHABLE'],
  ] as const satisfies readonly (readonly [string, Lie, string | undefined])[]) {
    it(`survives ${what}`, async () => {
      tell('eth_getBlockByNumber', lie)
      const found = await codeOf(chain.head())
      expect(found).to.match(/^CHAIN_/)
      if (code !== undefined) expect(found).to.equal(code)
    })
  }

  it('says so when nobody listens', async () => {
    const { url } = node
    await node.close()
    const lonely = new EthersChain({ url, key: KEY })
    expect(await codeOf(lonely.head())).to.equal('CHAIN_UNREACHABLE')
    node = await LyingNode.start()
  })

  it('accepts what some nodes add: a null error, blocks with more fields', async () => {
    tell('eth_getBlockByNumber', { result: { ...BLOCK, sealFields: [] }, error: null })
    expect((await chain.head()).number).to.equal(5)
  })

  it('refuses to go on with another chain at the same address', async () => {
    tell('eth_getBlockByNumber', { result: BLOCK })
    await chain.head()
    tell('eth_chainId', { result: '0x6' })
    expect(await codeOf(chain.head())).to.equal('CHAIN_ID_CHANGED')
  })

  it('refuses any chain but the configured one', async () => {
    const pinned = new EthersChain({ url: node.url, key: KEY, chainId: 6 })
    expect(await codeOf(pinned.chainId())).to.equal('CHAIN_ID_CHANGED')
  })

  it('does not believe in a checkpoint that no log can have', async () => {
    for (const result of ['0x12', `0x${'ff'.repeat(64)}`, `0x${'00'.repeat(63)}`]) {
      tell('eth_call', { result })
      expect(await codeOf(chain.latest(LOG)), result).to.equal('CHAIN_NONSENSE')
    }
  })

  it('takes a refusal for no log only when the log has no operator', async () => {
    const refusal = { error: { code: -32000, message: 'execution reverted' } }
    const operators = [`0x${'00'.repeat(32)}`, `0x${'00'.repeat(12)}${'0a'.repeat(20)}`]
    const answers: Lie[] = operators.flatMap((result) => [refusal, { result }])
    node.lies.set('eth_call', () => answers.shift() ?? refusal)
    expect(await chain.latest(LOG)).to.equal(undefined)
    expect(await codeOf(chain.latest(LOG))).to.equal('CHAIN_REFUSED')
  })

  it('takes no contract for no log', async () => {
    tell('eth_call', { result: '0x' })
    expect(await chain.latest(LOG)).to.equal(undefined)
    expect(await chain.rootAt(LOG, 3)).to.equal(undefined)
  })

  it('offers legacy fees on a chain without EIP-1559', async () => {
    tell('eth_getBlockByNumber', { result: BLOCK })
    tell('eth_gasPrice', { result: '0x64' })
    expect(await chain.marketFees()).to.deep.equal({ gasPrice: 100n })
  })

  it('offers twice the base fee and the usual tip, where the node does not know the tip', async () => {
    tell('eth_getBlockByNumber', { result: { ...BLOCK, baseFeePerGas: '0xa' } })
    tell('eth_maxPriorityFeePerGas', { error: { code: -32601, message: 'Method not found' } })
    expect(await chain.marketFees()).to.deep.equal({
      maxFeePerGas: 1_000_000_020n,
      maxPriorityFeePerGas: 1_000_000_000n,
    })
  })

  it('knows no final block where the chain has no such thing', async () => {
    tell('eth_getBlockByNumber', { error: { code: -39001, message: 'unknown block' } })
    expect(await chain.finalized()).to.equal(undefined)
    tell('eth_getBlockByNumber', { result: null })
    expect(await chain.finalized()).to.equal(undefined)
    tell('eth_getBlockByNumber', { result: { ...BLOCK, number: '0x0' } })
    expect(await chain.finalized()).to.equal(undefined)
    tell('eth_getBlockByNumber', { result: BLOCK })
    expect(await chain.finalized()).to.equal(5)
  })

  it('says that funds are low, and whose', async () => {
    tell('eth_sendRawTransaction', {
      error: { code: -32000, message: 'insufficient funds for gas * price + value' },
    })
    tell('eth_getTransactionByHash', { result: null })
    const transaction = {
      transaction: LOG.logId,
      raw: '0x02',
      nonce: 0,
      fees: { gasPrice: 1n },
    } as const
    const error: unknown = await chain.send(transaction).catch((thrown: unknown) => thrown)
    expect(isLedgerError(error, 'CHAIN_FUNDS_LOW') && error.details['account']).to.equal(
      chain.operator,
    )
  })

  it('is content when the node refuses a transaction that it has', async () => {
    tell('eth_sendRawTransaction', { error: { code: -32000, message: 'ALREADY_EXISTS: 42' } })
    tell('eth_getTransactionByHash', {
      result: { from: LOG.registry, to: LOG.registry, input: '0x' },
    })
    await chain.send({ transaction: LOG.logId, raw: '0x02', nonce: 0, fees: { gasPrice: 1n } })
  })

  it('says that the deployment proxy is missing, rather than to guess another way', async () => {
    tell('eth_getCode', { result: '0x' })
    expect(await codeOf(chain.openLog('test.example/log'))).to.equal('CHAIN_FACTORY_MISSING')
  })

  it('says that other code stands where the registry should', async () => {
    tell('eth_getCode', { result: '0x00' })
    expect(await codeOf(chain.openLog('test.example/log'))).to.equal('CHAIN_CODE_MISMATCH')
  })

  it('never searches for events: no limit on their ranges can matter', async () => {
    tell('*', { result: null })
    const { operator: _, ...calls } = {
      operator: 0,
      head: () => chain.head(),
      finalized: () => chain.finalized(),
      latest: () => chain.latest(LOG),
      nonces: () => chain.nonces(),
      openLog: () => chain.openLog('test.example/log'),
      state: () => chain.transactionState({ transaction: LOG.logId, nonce: 0 }),
    }
    for (const call of Object.values(calls)) await call().catch(() => undefined)
    expect(node.asked.filter((method) => /logs|filter/i.test(method))).to.deep.equal([])
  })
})

describe('secrets of an ethers chain', () => {
  let node: LyingNode

  beforeEach(async () => {
    node = await LyingNode.start()
  })

  afterEach(() => node.close())

  it('stay out of what it shows of itself and of its errors', async () => {
    const url = `http://user:pass-word@${node.host}/api-key-1234`
    const chain = new EthersChain({ url, key: KEY, timeout: HASTE })
    const shown = [inspect(chain, { depth: 9 })]
    for (const lie of [
      'hang up',
      'silence',
      { raw: '<' },
      { error: { code: 1, message: 'no' } },
    ] as const) {
      node.lies.set('*', () => lie)
      shown.push(inspect(await chain.head().catch((error: unknown) => error), { depth: 9 }))
    }
    await chain.close()
    for (const text of shown) expect(text).to.not.match(/pass-word|api-key|1717/)
    expect(node.authorizations.at(-1)).to.equal(`Basic ${btoa('user:pass-word')}`)
  })

  it('stay out of the errors about themselves', async () => {
    for (const [options, code] of [
      [{ url: node.url, key: `${KEY}17` }, 'CHAIN_KEY_MALFORMED'],
      [{ url: node.url, key: '' }, 'CHAIN_KEY_MALFORMED'],
      [{ url: 'api-key-1234', key: KEY }, 'CHAIN_URL_MALFORMED'],
      [{ url: 'ftp://api-key-1234', key: KEY }, 'CHAIN_URL_MALFORMED'],
    ] as const) {
      const error: unknown = await Promise.try(() => new EthersChain(options)).catch(
        (thrown: unknown) => thrown,
      )
      expect(isLedgerError(error, code)).to.equal(true)
      expect(inspect(error, { depth: 9 })).to.not.match(/api-key|1717/)
    }
  })
})
