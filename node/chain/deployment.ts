import {
  dataSlice,
  getCreate2Address,
  id,
  Interface,
  keccak256,
  Transaction,
  type InterfaceAbi,
  type Provider,
  type Signer,
  type TransactionReceipt,
  type TransactionResponse,
} from 'ethers'
import { LedgerError } from '../core/errors.ts'
import certificateRegistry from './artifacts/CertificateRegistry.json' with { type: 'json' }
import checkpointRegistry from './artifacts/CheckpointRegistry.json' with { type: 'json' }
import grantRegistry from './artifacts/GrantRegistry.json' with { type: 'json' }
import partyRegistry from './artifacts/PartyRegistry.json' with { type: 'json' }
import type { Hex } from './chain.ts'

/** What `scripts/contracts.ts` keeps of a compiled contract. */
export interface ContractArtifact {
  contractName: string
  /** Of solc: with them anyone compiles the same bytecode. */
  compiler: { version: string; settings: object }
  abi: InterfaceAbi
  bytecode: string
  deployedBytecode: string
  /** Bytes of `deployedBytecode` that the constructor fills in. */
  immutableReferences: { start: number; length: number }[]
}

/** A contract at the address that its code and constructor arguments alone decide: the same on each chain. */
export interface PlannedContract {
  readonly name: string
  readonly artifact: ContractArtifact
  readonly address: Hex
  /** Creates it, sent by anyone. Reverts where it exists already. */
  readonly transaction: { readonly to: Hex; readonly data: Hex }
}

export interface DeployedContract {
  readonly name: string
  readonly address: Hex
  /** Absent, and no gas used, when the contract was there already. */
  readonly transaction?: Hex
  readonly gasUsed: bigint
}

// The deterministic deployment proxy (github.com/Arachnid/deterministic-deployment-proxy): its signature was made up,
// so nobody has its sender's key, and it is the same transaction on each chain.
const FACTORY_TRANSACTION = Transaction.from(
  '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222',
)
// The 14 bytes before it copy it into place.
const FACTORY_CODE = dataSlice(FACTORY_TRANSACTION.data, 14)
const FACTORY = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const SALT = id('onceledger/v1')

// For one transaction to be mined, in milliseconds.
const PATIENCE = 120_000

/**
 * The contracts of a ledger, each after those whose addresses it is given.
 *
 * @param authority the account that accredits the first departments; without one, only what needs none
 */
export function planContracts(authority?: Hex): PlannedContract[] {
  const alone = [planCheckpointRegistry()]
  if (!authority) return alone
  const parties = planContract(partyRegistry, authority)
  const underParties = [certificateRegistry, grantRegistry].map((artifact) =>
    planContract(artifact, parties.address),
  )
  return [...alone, parties, ...underParties]
}

export function planCheckpointRegistry(): PlannedContract {
  return planContract(checkpointRegistry)
}

/**
 * Deploys what is missing, one transaction after the other, and waits for each; safe to repeat.
 * Creates the factory first where the chain lacks it, which costs 0.01 of the chain's coin.
 *
 * @param signer with a provider; pays
 * @throws LedgerError unavailable/CHAIN_FACTORY_REFUSED the chain does not take the factory's transaction
 * @throws LedgerError unavailable/CHAIN_DEPLOYMENT_FAILED the transaction failed, or left no code
 * @throws LedgerError unverified/CHAIN_CODE_MISMATCH other code than ours stands at the address
 */
export async function deployContracts(
  signer: Signer,
  plan: readonly PlannedContract[],
): Promise<DeployedContract[]> {
  const deployed: DeployedContract[] = []
  for (const contract of plan) deployed.push(await deployContract(signer, contract))
  return deployed
}

export async function deployCheckpointRegistry(signer: Signer): Promise<DeployedContract> {
  return deployContract(signer, planCheckpointRegistry())
}

/**
 * Whether the contract stands at its address.
 *
 * @param block height to look at, else the newest; ethers may answer for the newest from a cache
 * @throws LedgerError unverified/CHAIN_CODE_MISMATCH when something else does
 */
export async function isDeployed(
  provider: Pick<Provider, 'getCode'>,
  { name, artifact, address }: PlannedContract,
  block?: number,
): Promise<boolean> {
  const code = await provider.getCode(address, block)
  if (code === '0x') return false
  if (withoutImmutables(code, artifact) !== withoutImmutables(artifact.deployedBytecode, artifact))
    throw new LedgerError('unverified', 'CHAIN_CODE_MISMATCH', { contract: name, address })
  return true
}

function planContract(artifact: ContractArtifact, ...args: unknown[]): PlannedContract {
  // Joined as text and decoded once: ethers takes many times as long to read and write as much hex.
  const initCode = `${artifact.bytecode}${new Interface(artifact.abi).encodeDeploy(args).slice(2)}`
  const initCodeHash = keccak256(Buffer.from(initCode.slice(2), 'hex'))
  return {
    name: artifact.contractName,
    artifact,
    address: getCreate2Address(FACTORY, SALT, initCodeHash).toLowerCase() as Hex,
    transaction: { to: FACTORY, data: `${SALT}${initCode.slice(2)}` as Hex },
  }
}

async function deployContract(
  signer: Signer,
  contract: PlannedContract,
): Promise<DeployedContract> {
  const { name, address } = contract
  const provider = providerOf(signer)
  if (await isDeployed(provider, contract)) return { name, address, gasUsed: 0n }
  await ensureFactory(signer, provider)
  try {
    const { hash, gasUsed, blockNumber } = await send(signer, contract.transaction)
    if (await isDeployed(provider, contract, blockNumber))
      return { name, address, transaction: hash as Hex, gasUsed }
  } catch (cause) {
    // Somebody else may have been faster with the same contract, which is as good.
    if (await isDeployed(provider, contract)) return { name, address, gasUsed: 0n }
    throw deploymentFailed(contract, cause)
  }
  throw deploymentFailed(contract)
}

async function ensureFactory(signer: Signer, provider: Provider): Promise<void> {
  if (await hasFactory(provider)) return
  const { from, gasLimit, gasPrice, serialized } = FACTORY_TRANSACTION
  try {
    const missing = gasLimit * gasPrice! - (await provider.getBalance(from!))
    if (missing > 0n) await send(signer, { to: from!, value: missing })
    const receipt = await mined(await provider.broadcastTransaction(serialized))
    if (await hasFactory(provider, receipt.blockNumber)) return
  } catch (cause) {
    if (await hasFactory(provider)) return
    throw factoryRefused(cause)
  }
  throw factoryRefused()
}

async function hasFactory(provider: Provider, block?: number): Promise<boolean> {
  const code = await provider.getCode(FACTORY, block)
  if (code !== '0x' && code !== FACTORY_CODE)
    throw new LedgerError('unverified', 'CHAIN_CODE_MISMATCH', {
      contract: 'deterministic deployment proxy',
      address: FACTORY,
    })
  return code !== '0x'
}

function deploymentFailed({ name, address }: PlannedContract, cause?: unknown): LedgerError {
  const details = { contract: name, address }
  return new LedgerError('unavailable', 'CHAIN_DEPLOYMENT_FAILED', details, { cause })
}

function factoryRefused(cause?: unknown): LedgerError {
  return new LedgerError(
    'unavailable',
    'CHAIN_FACTORY_REFUSED',
    {
      factory: FACTORY,
      transaction: FACTORY_TRANSACTION.serialized,
      next: `The chain did not take the transaction of the deterministic deployment proxy, which is signed without a chain id (before EIP-155) at 100 gwei. Ask its operator to admit unprotected transactions for a moment (geth: --rpc.allow-unprotected-txs), or to put the proxy's code ${FACTORY_CODE} at ${FACTORY} in the genesis block; then deploy again.`,
    },
    { cause },
  )
}

async function send(signer: Signer, request: { to: string; data?: string; value?: bigint }) {
  return mined(await signer.sendTransaction(request))
}

async function mined(sent: TransactionResponse): Promise<TransactionReceipt> {
  return (await sent.wait(1, PATIENCE))!
}

function providerOf(signer: Signer): Provider {
  if (!signer.provider) throw new TypeError('the signer needs a provider')
  return signer.provider
}

function withoutImmutables(code: string, { immutableReferences }: ContractArtifact): string {
  const bytes = Buffer.from(code.slice(2), 'hex')
  for (const { start, length } of immutableReferences) bytes.fill(0, start, start + length)
  return bytes.toString('hex')
}
