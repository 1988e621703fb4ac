import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Provider, Signer as EthersSigner } from 'ethers'
import {
  deployCheckpointRegistry,
  deployContracts,
  planCheckpointRegistry,
  planContracts,
} from '../../node/chain/deployment.ts'
import { LedgerError } from '../../node/core/errors.ts'
import { compileArtifacts } from '../../scripts/contracts.ts'
import { openChain, type Chain, type Signer } from './chain.ts'

const ARTIFACTS = new URL('../../node/chain/artifacts/', import.meta.url)
const FACTORY = '0x4e59b44847b379578588920cA78FbF26c0B4956C'

const AUTHORITY = '0x00000000000000000000000000000000000a1107'

describe('artifacts', () => {
  it('are what the compiler makes of the contracts', async () => {
    const compiled = await compileArtifacts()
    expect(readdirSync(ARTIFACTS).toSorted()).to.deep.equal([...compiled.keys()].toSorted())
    for (const [file, text] of compiled)
      expect(readFileSync(new URL(file, ARTIFACTS), 'utf8') === text, file).to.equal(true)
  })
})

describe('deployment', () => {
  let chain: Chain
  let payer: Signer

  beforeEach(async () => {
    chain = await openChain()
    payer = chain.signers[0]!
  })

  it('creates the factory where the chain lacks it, then each contract at its planned address', async () => {
    const plan = planContracts(AUTHORITY)
    const deployed = await deployContracts(payer, plan)
    expect(deployed.map(({ name }) => name)).to.deep.equal(plan.map(({ name }) => name))
    for (const [i, { address, transaction, gasUsed }] of deployed.entries()) {
      expect(address).to.equal(plan[i]!.address)
      expect(gasUsed > 0n).to.equal(true)
      expect((await chain.ethers.provider.getTransactionReceipt(transaction!))!.gasUsed).to.equal(
        gasUsed,
      )
      expect(await chain.ethers.provider.getCode(address)).to.not.equal('0x')
    }
  })

  it('plans the same addresses for each chain and payer', async () => {
    const newest = await openChain('default')
    const { address } = await deployCheckpointRegistry(newest.signers[3]!)
    expect(address).to.equal(planCheckpointRegistry().address)
    expect((await deployCheckpointRegistry(payer)).address).to.equal(address)
  })

  it('plans departments only under an authority, whose address is part of theirs', () => {
    expect(planContracts().map(({ name }) => name)).to.deep.equal(['CheckpointRegistry'])
    const [registry, parties] = planContracts(AUTHORITY)
    const [sameRegistry, otherParties] = planContracts(FACTORY)
    expect([registry!.name, parties!.name]).to.deep.equal(['CheckpointRegistry', 'PartyRegistry'])
    expect(sameRegistry!.address).to.equal(registry!.address)
    expect(otherParties!.address).to.not.equal(parties!.address)
  })

  it('sends nothing for what is there already', async () => {
    await deployContracts(payer, planContracts(AUTHORITY))
    const before = await payer.getNonce()
    for (const { transaction, gasUsed } of await deployContracts(payer, planContracts(AUTHORITY))) {
      expect(transaction).to.equal(undefined)
      expect(gasUsed).to.equal(0n)
    }
    expect(await payer.getNonce()).to.equal(before)
  })

  it('is content when another account deploys the same at the same time', async () => {
    const [one, two] = await Promise.all(
      chain.signers.slice(0, 2).map((signer) => deployCheckpointRegistry(signer)),
    )
    expect(one!.address).to.equal(two!.address)
    expect([one!.transaction, two!.transaction].filter(Boolean)).to.have.length(1)
  })

  it('deploys contracts that work', async () => {
    const [{ address, artifact }] = planContracts() as [ReturnType<typeof planContracts>[number]]
    await deployCheckpointRegistry(payer)
    const registry = await chain.ethers.getContractAt(artifact.abi as unknown[], address, payer)
    await registry.getFunction('createLog')('onceledger.example/log')
    const logId = await registry.getFunction('logIdOf')(payer.address, 'onceledger.example/log')
    expect(await registry.getFunction('operatorOf')(logId)).to.equal(payer.address)
  })

  it('says what to do when the chain takes only transactions with a chain id', async () => {
    const refusing = withProvider(payer, {
      broadcastTransaction: () =>
        Promise.reject(new Error('only replay-protected (EIP-155) transactions allowed over RPC')),
    })
    const error = await thrownBy(deployCheckpointRegistry(refusing))
    expect([error.kind, error.code]).to.deep.equal(['unavailable', 'CHAIN_FACTORY_REFUSED'])
    expect(error.details).to.include({ factory: FACTORY })
    expect(error.details['next']).to.include('--rpc.allow-unprotected-txs')
  })

  it('refuses a chain that has other code at the address', async () => {
    await setCode(planCheckpointRegistry().address, '0x00')
    const error = await thrownBy(deployCheckpointRegistry(payer))
    expect([error.kind, error.code]).to.deep.equal(['unverified', 'CHAIN_CODE_MISMATCH'])
    expect(error.details).to.include({ contract: 'CheckpointRegistry' })
  })

  it('refuses a chain that has other code in place of the factory', async () => {
    await setCode(FACTORY, '0x00')
    const error = await thrownBy(deployCheckpointRegistry(payer))
    expect([error.kind, error.code]).to.deep.equal(['unverified', 'CHAIN_CODE_MISMATCH'])
    expect(error.details).to.include({ address: FACTORY })
  })

  it('reports a transaction that left nothing', async () => {
    await deployCheckpointRegistry(payer)
    const [plan] = planContracts()
    const elsewhere = { ...plan!, address: '0x0000000000000000000000000000000000000bad' as const }
    const error = await thrownBy(deployContracts(payer, [elsewhere]))
    expect([error.kind, error.code]).to.deep.equal(['unavailable', 'CHAIN_DEPLOYMENT_FAILED'])
  })

  async function setCode(address: string, code: string): Promise<void> {
    await chain.provider.request({ method: 'hardhat_setCode', params: [address, code] })
  }
})

/** The signer on a chain that behaves differently in one method. */
function withProvider(signer: Signer, changed: Partial<Provider>): EthersSigner {
  const provider = bound(signer.provider!, changed)
  return bound(signer, { provider })
}

function bound<T extends object>(target: T, changed: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(target, {
    get(_, key) {
      if (key in changed) return changed[key as keyof T]
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

async function thrownBy(promise: Promise<unknown>): Promise<LedgerError> {
  const error: unknown = await promise.catch((error: unknown) => error)
  if (error instanceof LedgerError) return error
  throw error instanceof Error ? error : new Error('nothing was thrown')
}
