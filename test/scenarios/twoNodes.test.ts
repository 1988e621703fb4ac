import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computeAddress } from 'ethers'
import { startNode } from '../../api/startNode.ts'
import type { RunningNode } from '../../api/startNode.ts'
import type { RegistryNode } from '../../api/startRegistries.ts'
import type { Hex } from '../../node/core/ethereum/hex.ts'
import { audienceOf } from '../../node/core/grants/use.ts'
import type { UseRequest } from '../../node/core/uses/documents.ts'
import { EMBEDDED_POLICY } from '../../node/ledger/anchoring/policy.ts'
import { codeOf } from '../support/codes.ts'
import { askFor, Chain, newKey, requestOf, Site, Town } from './support/town.ts'

/** What the chain says to whoever comes second. */
const LATE = ['GRANT_USES_EXHAUSTED', 'USE_OUT_OF_SEQUENCE']

describe('two nodes with separate data folders on one chain', () => {
  let site: Site
  let town: Town
  let folder: string
  let other: RunningNode
  let certificate: string

  before(async function () {
    this.timeout(60_000)
    site = await Site.open()
    town = await Town.found(site)
    folder = await mkdtemp(join(tmpdir(), 'once-other-'))
    const [{ url } = { url: '' }] = site.serving.node.targets
    const [key, relayerKey] = [newKey(), newKey()]
    await fund(url, [key, relayerKey])
    other = await startNode({
      dataFolder: folder,
      digests: ['sha-256'],
      maxContent: 1_000_000,
      queueLimit: 1_000,
      chains: [{ name: 'shared', url, key, policy: EMBEDDED_POLICY }],
      registries: { url, authority: town.authority.address, relayerKey, from: 0, isOwn: true },
    })
    const { chain, mirror, directory, certificates } = registriesOf(other)
    await mirror.reached(await chain.head(), AbortSignal.timeout(20_000))
    const { address } = town.market
    const description = { department: address, name: '市场局（示例）', region: '310110' }
    await directory.describe({ ...description, by: town.city.address })
    const { id, credential } = await town.issue()
    expect((await certificates.issue(credential)).id).to.equal(id)
    certificate = id
  })
  after(async () => {
    await other.close()
    await rm(folder, { recursive: true })
    await site.close()
  })

  it('stand on the same registries', () => {
    expect(registriesOf(other).chain.registries).to.deep.equal(site.registries)
  })

  it('honour a one-time grant exactly once, whoever of them is asked first', async function () {
    this.timeout(30_000)
    const nodes = [site.serving.node, other]
    for (let round = 0; round < 3; round++) {
      const chain = new Chain(town)
      await chain.grant(town.landlord, town.tenant, { uses: 1 })
      await chain.grant(town.tenant, town.agent)
      const { chain: shared, mirror } = registriesOf(other)
      await mirror.reached(await shared.head(), AbortSignal.timeout(20_000))
      const requests = await Promise.all(nodes.map((node) => ask(chain, node)))
      const codes = await Promise.all(
        nodes.map((node, i) => codeOf(registriesOf(node).uses.request(requests[i] as UseRequest))),
      )
      expect(
        codes.filter((code) => code === undefined),
        codes.join(),
      ).to.have.length(1)
      const loser = codes.findIndex((code) => code !== undefined)
      expect(LATE).to.include(codes[loser])
      const { uses } = registriesOf(nodes[loser] as RunningNode)
      const { items } = await uses.ofHolder(town.landlord.holder, { limit: 1 })
      expect(items[0]?.statement).to.deep.include({ kind: 'use.refused', code: codes[loser] })
    }
  })

  it('see at once what the other one counted', async () => {
    const chain = await new Chain(town).grant(town.landlord, town.agent, { uses: 1 })
    const first = registriesOf(site.serving.node)
    const second = registriesOf(other)
    await first.uses.request(await ask(chain, site.serving.node))
    await second.mirror.reached(await second.chain.head(), AbortSignal.timeout(20_000))
    const late = second.uses.request(await ask(chain, other, 1))
    expect(await codeOf(late)).to.equal('GRANT_USES_EXHAUSTED')
  })

  async function ask(chain: Chain, { ledger }: RunningNode, sequence = 0): Promise<UseRequest> {
    const asked = askFor(certificate)
    const change = { audience: audienceOf(ledger.origin), sequence }
    const authorizing = { grantee: town.agent, change }
    const authorization = await chain.authorize(town.market, asked, authorizing)
    return requestOf(asked, authorization)
  }
})

function registriesOf({ registries }: RunningNode): RegistryNode {
  if (registries === undefined) throw new Error('the node knows no parties')
  return registries
}

async function fund(url: string, keys: readonly Hex[]): Promise<void> {
  for (const key of keys) {
    const params = [computeAddress(key), '0x56bc75e2d63100000']
    await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_setBalance', params }),
    })
  }
}
