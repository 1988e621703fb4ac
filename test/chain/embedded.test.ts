import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { computeAddress } from 'ethers'
import { expect } from 'chai'
import { startEmbeddedChain } from '../../node/chain/embedded/embeddedChain.ts'
import type { EmbeddedChain, EmbeddedChainEvent } from '../../node/chain/embedded/embeddedChain.ts'
import { EthersChain } from '../../node/chain/ethers/ethersChain.ts'
import { openLog } from '../behaviors/chain.ts'
import { temporaryFolder } from '../store/temporaryFolder.ts'
import { rpc, until } from './support/anvil.ts'

/** The first account of everybody's test mnemonic. */
const PUBLIC_ACCOUNT = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

/** Two transactions: the registry and the log. */
async function use({ url, key }: Pick<EmbeddedChain, 'url' | 'key'>): Promise<EthersChain> {
  const chain = new EthersChain({ url, key, minesOnDemand: true })
  await openLog(chain, 'test.example/embedded')
  return chain
}

/** A process that ended may wait for somebody to take note of it: it is a zombie. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return /^[^Z\s]/.test(stdout)
}

describe('embedded chain', () => {
  const folder = temporaryFolder()
  let events: EmbeddedChainEvent[]
  let running: EmbeddedChain | undefined

  beforeEach(() => {
    events = []
  })

  afterEach(async () => {
    await running?.close()
    running = undefined
  })

  const at = (name: string) => join(folder.path, name)

  async function start(): Promise<EmbeddedChain> {
    running = await startEmbeddedChain({ folder: folder.path, report: (e) => events.push(e) })
    return running
  }

  async function stop(): Promise<void> {
    await running?.close()
    running = undefined
  }

  const processId = () =>
    (JSON.parse(readFileSync(at('process.json'), 'utf8')) as { pid: number }).pid

  it('continues with the same blocks, log and account', async () => {
    const first = await start()
    const chain = await use(first)
    const before = [await chain.head(), await openLog(chain, 'test.example/embedded')]
    await stop()
    const second = await start()
    expect(second.key).to.equal(first.key)
    const again = await use(second)
    expect([await again.head(), await openLog(again, 'test.example/embedded')]).to.deep.equal(
      before,
    )
    expect((await again.nonces()).mined).to.equal(2)
  })

  it('makes its account’s key itself, for its owner’s eyes only', async () => {
    const { key, url } = await start()
    expect(computeAddress(key).toLowerCase()).to.not.equal(PUBLIC_ACCOUNT)
    expect(await rpc(url, 'eth_accounts')).to.deep.equal([])
    expect(await rpc(url, 'eth_getBalance', [PUBLIC_ACCOUNT, 'latest'])).to.equal('0x0')
    expect(statSync(at('operator.key')).mode & 0o777).to.equal(0o600)
  })

  it('has a second account with coins, which pays for the acts of others', async () => {
    const { key, relayerKey, url } = await start()
    expect(relayerKey).to.not.equal(key)
    const relayer = computeAddress(relayerKey)
    expect(Number(await rpc(url, 'eth_getBalance', [relayer, 'latest']))).to.be.above(1e18)
    expect(statSync(at('relayer.key')).mode & 0o777).to.equal(0o600)
    await stop()
    expect((await start()).relayerKey).to.equal(relayerKey)
  })

  it('refuses web pages', async () => {
    const { url } = await start()
    const asked = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://page.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })
    expect(asked.ok).to.equal(false)
    // What a page may send without asking first.
    const sent = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"jsonrpc":"2.0","id":1,"method":"evm_mine","params":[]}',
    })
    expect(await sent.json()).to.have.property('error')
  })

  it('makes a block when asked', async () => {
    const chain = await use(await start())
    const { number } = await chain.head()
    await chain.mine?.()
    expect((await chain.head()).number).to.equal(number + 1)
  })

  it('leaves no process behind, and only whole files', async () => {
    await use(await start())
    const pid = processId()
    await stop()
    expect(isRunning(pid)).to.equal(false)
    expect(JSON.parse(readFileSync(at('state.json'), 'utf8'))).to.have.property('best_block_number')
    expect(() => statSync(at('process.json'))).to.throw(/ENOENT/)
  })

  it('is started again at the same address when its process dies', async () => {
    const { url, key } = await start()
    const chain = await use({ url, key })
    await running?.save()
    const head = await chain.head()
    process.kill(processId(), 'SIGKILL')
    await until(
      () => Promise.resolve(events),
      (seen) => seen.some(({ type }) => type === 'restarted'),
    )
    expect(await chain.head()).to.deep.equal(head)
    expect(running?.url).to.equal(url)
  })

  it('goes back to what was saved last when nothing could be saved at the end', async () => {
    const chain = await use(await start())
    await running?.save()
    const saved = await chain.head()
    await chain.mine?.()
    process.kill(processId(), 'SIGKILL')
    await until(
      () => Promise.resolve(events),
      (seen) => seen.some(({ type }) => type === 'restarted'),
    )
    expect(await chain.head()).to.deep.equal(saved)
  })

  it('goes back to the state before, and says so, when the last one is only half there', async () => {
    const chain = await use(await start())
    const head = await chain.head()
    await stop()
    writeFileSync(at('next.json'), readFileSync(at('state.json')).subarray(0, 1_000))
    expect(await (await use(await start())).head()).to.deep.equal(head)
    expect(events.map(({ type }) => type)).to.deep.equal(['fellBack'])
  })

  it('starts from nothing, and says so, when it can read no state', async () => {
    await use(await start())
    await stop()
    for (const name of ['state.json', 'previous.json']) writeFileSync(at(name), '{"block"')
    const { url } = await start()
    expect(await rpc(url, 'eth_blockNumber')).to.equal('0x0')
    expect(events.map(({ type }) => type)).to.deep.equal(['fellBack', 'reset'])
  })

  it('does not touch a stranger’s process that got the same id', async () => {
    writeFileSync(at('process.json'), JSON.stringify({ pid: process.pid }))
    await start()
    expect(processId()).to.not.equal(process.pid)
  })

  it('saves its state and ends when the process that runs it is killed', async () => {
    const holder = spawn(
      process.execPath,
      [fileURLToPath(new URL('support/holder.ts', import.meta.url)), folder.path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const [line] = (await once(holder.stdout, 'data')) as [Buffer]
    const url = line.toString().trim()
    const key = readFileSync(at('operator.key'), 'utf8').trim()
    const head = await (await use({ url, key })).head()
    const pid = processId()
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    // At once: whatever still runs on this state is waited for.
    const chain = await use(await start())
    expect(isRunning(pid)).to.equal(false)
    expect(await chain.head()).to.deep.equal(head)
  })
})
