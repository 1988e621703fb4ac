import { JsonRpcProvider, Wallet } from 'ethers'
import { LedgerError } from '../../core/errors.ts'
import type { Registries } from '../../core/parties/registries.ts'
import type { Hex } from '../chain.ts'
import { deployContracts, isDeployed, planContracts } from '../deployment.ts'
import type { PlannedContract } from '../deployment.ts'
import type { RegistryChain, Relayer } from '../registries.ts'
import { Account } from './account.ts'
import * as answers from './answers.ts'
import { parseUrl } from './httpProvider.ts'
import { EthersRegistryChain } from './registryChain.ts'
import { registryErrorName } from './registryErrors.ts'
import { EthersRelayer } from './relayer.ts'
import { Rpc } from './rpc.ts'

export interface RegistriesOptions {
  /** http or https; may hold credentials or an API key, which appear in no error. */
  readonly url: string
  /** The account that accredits the first departments: the addresses of the contracts follow from it. */
  readonly authority: Hex
  /** Private key of the account that pays for relayed acts, another than the one that anchors; without it none are. */
  readonly relayerKey?: string
  /** Deploys what is missing, paid by the relayer. For a chain of one's own. */
  readonly deploys?: boolean
  /** The chain makes a block only when asked (evm_mine) or for a transaction. */
  readonly minesOnDemand?: boolean
  /** Milliseconds for one request. */
  readonly timeout?: number
}

export interface OpenedRegistries {
  readonly chain: RegistryChain
  /** Undefined without a key: then this node relays nothing. */
  readonly relayer: Relayer | undefined
  /** Ends what is under way, promptly. */
  close(): Promise<void>
}

const TIMEOUT = 10_000

/**
 * Opens the registries of an authority where they are deployed.
 *
 * @throws LedgerError unavailable/REGISTRIES_NOT_DEPLOYED the operator has to deploy them; details name which are
 *   missing
 * @throws LedgerError unverified/CHAIN_CODE_MISMATCH, and what deploying throws: see `deployContracts`
 * @throws LedgerError invalid/CHAIN_URL_MALFORMED, invalid/CHAIN_KEY_MALFORMED; neither holds the value
 * @throws LedgerError unavailable/CHAIN_*
 */
export async function openRegistries(options: RegistriesOptions): Promise<OpenedRegistries> {
  const closing = new AbortController()
  const rpc = new Rpc({
    url: parseUrl(options.url),
    timeout: options.timeout ?? TIMEOUT,
    signal: closing.signal,
  })
  const close = () => Promise.resolve(closing.abort())
  try {
    const account =
      options.relayerKey === undefined
        ? undefined
        : new Account(options.relayerKey, rpc, registryErrorName)
    const plan = planContracts(options.authority)
    const prepare = () => prepareContracts(rpc, plan, options)
    await prepare()
    const chainId = await rpc.call('eth_chainId', [], answers.Count)
    const registries = registriesOf(chainId, plan)
    const relayer =
      account &&
      new EthersRelayer(account, rpc, registries, {
        prepare,
        minesOnDemand: options.minesOnDemand ?? false,
      })
    const chain = new EthersRegistryChain(rpc, registries, account?.address)
    return { chain, relayer, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Where the registries of an authority stand, on whatever chain. */
function registriesOf(chainId: number, plan: readonly PlannedContract[]): Registries {
  const addressOf = (name: string): Hex => {
    const planned = plan.find((contract) => contract.name === name)
    if (planned === undefined) throw new TypeError(`no contract ${name} is planned`)
    return planned.address
  }
  return {
    chainId,
    parties: addressOf('PartyRegistry'),
    certificates: addressOf('CertificateRegistry'),
    grants: addressOf('GrantRegistry'),
  }
}

async function prepareContracts(
  rpc: Rpc,
  plan: readonly PlannedContract[],
  { authority, deploys, relayerKey, url }: RegistriesOptions,
): Promise<boolean> {
  const missing = await missingContracts(rpc, plan)
  if (missing.length === 0) return false
  if (!deploys || relayerKey === undefined) {
    const contracts = missing.map(({ name }) => name)
    throw new LedgerError('unavailable', 'REGISTRIES_NOT_DEPLOYED', { authority, contracts })
  }
  const provider = new JsonRpcProvider(url, undefined, {
    cacheTimeout: -1,
    batchStallTime: 0,
    pollingInterval: 50,
  })
  try {
    await deployContracts(new Wallet(relayerKey, provider), missing)
    return true
  } finally {
    provider.destroy()
  }
}

/** The log's own registry, which anchoring looks after, is left out. */
async function missingContracts(
  rpc: Rpc,
  plan: readonly PlannedContract[],
): Promise<PlannedContract[]> {
  const missing: PlannedContract[] = []
  const getCode = (address: unknown) =>
    rpc.call('eth_getCode', [address, 'latest'], answers.Data) as Promise<string>
  for (const contract of plan) {
    if (contract.name === 'CheckpointRegistry') continue
    if (!(await isDeployed({ getCode }, contract))) missing.push(contract)
  }
  return missing
}
