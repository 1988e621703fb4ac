import { expect } from 'chai'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { computeAddress, JsonRpcProvider, Wallet } from 'ethers'
import { OnceClient } from '../../api/client/index.ts'
import { encodeAct } from '../../node/chain/ethers/registryCalls.ts'
import { startEmbeddedChain } from '../../node/chain/embedded/embeddedChain.ts'
import type { EmbeddedChain } from '../../node/chain/embedded/embeddedChain.ts'
import { parseEvidence } from '../../node/core/evidence.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import type { UseRequest } from '../../node/core/uses/documents.ts'
import { codeOf } from '../support/codes.ts'
import { killAll, startNodeProcess, untilReadiness } from './support/nodeProcess.ts'
import { askFor, Chain, requestOf, Site, Town } from './support/town.ts'
import type { Player } from './support/town.ts'
import { watchChain } from './support/watchedChain.ts'
import type { WatchedChain } from './support/watchedChain.ts'

/** Milliseconds that nothing here takes, however busy the machine is. */
const LONG = 120_000

describe('a node that is killed while the chain counts a use', function () {
  this.timeout(LONG)
  let chain: EmbeddedChain
  let watched: WatchedChain
  let env: Readonly<Record<string, string>>
  let data: string
  let request: UseRequest
  let market: Player
  let landlord: Player & { readonly holder: Hex }
  let revocation: { readonly to: Hex; readonly data: Hex }

  beforeEach(async () => {
    const site = await Site.open()
    data = site.folder
    let authority: Hex
    try {
      const town = await Town.found(site)
      const grants = await new Chain(town).grant(town.landlord, town.market, { uses: 1 })
      const asked = askFor((await town.issue()).id)
      request = requestOf(asked, await grants.authorize(town.market, asked))
      ;({ market, landlord } = town)
      authority = town.authority.address
      revocation = encodeAct(await grants.signRevocation(landlord), site.registries)
    } finally {
      await site.serving.close()
    }
    // The same chain, which a killed node does not take along.
    chain = await startEmbeddedChain({ folder: join(data, 'chain') })
    watched = await watchChain(chain.url)
    env = {
      ONCE_CHAIN_RPC_URL: watched.url,
      ONCE_CHAIN_KEY: chain.key,
      ONCE_CONFIRMATIONS: '1',
      ONCE_AUTHORITY: authority,
      ONCE_RELAYER_KEY: chain.relayerKey,
    }
  })
  afterEach(async () => {
    await killAll()
    await watched.close()
    await chain.close()
    await rm(data, { recursive: true, force: true })
  })

  /** Answers the transactions that counted it; those that come later are added. */
  async function killedWhileItCounts(): Promise<readonly Hex[]> {
    const node = await startNodeProcess(data, env)
    const relayer = computeAddress(chain.relayerKey).toLowerCase()
    const counted: Hex[] = []
    watched.onMined = async (sender, transaction) => {
      if (sender !== relayer) return
      counted.push(transaction)
      await node.kill()
    }
    const { client } = await as(market, node.url)
    const broken = await client.uses.request(request).catch((error: Error) => error)
    expect(broken).to.be.instanceOf(Error)
    expect(counted).to.have.length(1)
    watched.onMined = async (sender, transaction) => {
      if (sender === relayer) counted.push(transaction)
    }
    return counted
  }

  it('answers it when it runs again, though nobody asks, by the count that there was', async () => {
    const counted = await killedWhileItCounts()
    const again = await startNodeProcess(data, env)
    const holder = await as(landlord, again.url)
    const stream = holder.client.uses.live(landlord.holder, { after: 0 })
    const { value: use } = await stream.next()
    expect(use).to.deep.include({ result: 'released', user: market.address, counted })
    await stream.return()

    const department = await as(market, again.url)
    const all = await Array.fromAsync(department.client.uses.list({ user: market.address }))
    expect(all.map(({ id }) => id)).to.deep.equal([use?.id])
    const { statement } = parseEvidence(await department.client.uses.evidence(use?.id ?? ''))
    expect(statement).to.deep.include({ kind: 'use.released', counted })
    expect(await codeOf(department.client.uses.request(request))).to.equal('USE_ALREADY_MADE')
    // The chain was asked to count once.
    expect(counted).to.have.length(1)
    expect(await again.stop()).to.equal(0)
  })

  it('refuses it when it runs again, where its holder revoked meanwhile, and tells the holder what was counted', async () => {
    const counted = await killedWhileItCounts()
    // Anybody may bring what the holder signed to the chain, also while the node is down.
    await send(chain, revocation)

    const again = await startNodeProcess(data, env)
    const holder = await as(landlord, again.url)
    const stream = holder.client.uses.live(landlord.holder, { after: 0 })
    const { value: use } = await stream.next()
    const code = 'GRANT_IS_REVOKED'
    expect(use).to.include({ result: 'refused', user: market.address })
    expect(use?.because?.code).to.equal(code)
    await stream.return()

    const department = await as(market, again.url)
    const all = await Array.fromAsync(department.client.uses.list({ user: market.address }))
    expect(all.map(({ id }) => id)).to.deep.equal([use?.id])
    for (const { client } of [holder, department]) {
      const { statement } = parseEvidence(await client.uses.evidence(use?.id ?? ''))
      if (statement.kind !== 'use.refused') throw new Error('it is refused')
      expect(statement.code).to.equal(code)
      expect(statement.counted?.map(({ transaction }) => transaction)).to.deep.equal(counted)
    }
    expect(await codeOf(department.client.uses.request(request))).to.equal('USE_ALREADY_MADE')
    expect(counted).to.have.length(1)
    expect(await again.stop()).to.equal(0)
  })
})

async function send(
  { url, relayerKey }: EmbeddedChain,
  call: { readonly to: Hex; readonly data: Hex },
): Promise<void> {
  const provider = new JsonRpcProvider(url)
  try {
    const sent = await new Wallet(relayerKey, provider).sendTransaction(call)
    expect(await sent.wait()).to.include({ status: 1 })
  } finally {
    provider.destroy()
  }
}

async function as({ wallet }: Player, url: string): Promise<{ readonly client: OnceClient }> {
  // A node that started just now has to reach the chain first.
  await untilReadiness(url, 200)
  const client = new OnceClient({ url, tries: 1 })
  await client.signIn(new Wallet(wallet.privateKey))
  return { client }
}
