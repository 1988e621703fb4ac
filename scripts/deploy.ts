// Deploys the contracts to the chain at ONCE_CHAIN_RPC_URL, paid by ONCE_CHAIN_KEY; safe to repeat.
// ONCE_AUTHORITY is the account that accredits the first departments; their contracts are left out without it.
import { isAddress, JsonRpcProvider, Wallet } from 'ethers'
import type { Hex } from '../node/chain/chain.ts'
import { isLedgerError } from '../node/core/errors.ts'
import { deployContracts, planContracts, type DeployedContract } from '../node/chain/deployment.ts'

const { ONCE_CHAIN_RPC_URL: url, ONCE_CHAIN_KEY: key, ONCE_AUTHORITY: authority } = process.env
if (!url || !/^0x[0-9a-fA-F]{64}$/.test(key ?? '')) {
  console.error(
    'Set ONCE_CHAIN_RPC_URL to the chain and ONCE_CHAIN_KEY to the key that pays (0x and 64 hex digits).',
  )
  process.exit(2)
}
if (authority && !isAddress(authority)) {
  console.error('ONCE_AUTHORITY is not an address.')
  process.exit(2)
}

const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1 })
try {
  const deployed = await deployContracts(
    new Wallet(key!, provider),
    planContracts(authority as Hex | undefined),
  )
  const { chainId } = await provider.getNetwork()
  console.log(
    process.argv.includes('--json') ? asJson(chainId, deployed) : asLines(chainId, deployed),
  )
} catch (error) {
  console.error(
    isLedgerError(error)
      ? `${error.code} ${JSON.stringify(error.details)} ${reasonOf(error.cause)}`
      : reasonOf(error),
  )
  process.exitCode = 1
} finally {
  provider.destroy()
}

function asJson(chainId: bigint, deployed: DeployedContract[]): string {
  const contracts = deployed.map((contract) => ({ ...contract, gasUsed: Number(contract.gasUsed) }))
  return JSON.stringify({ chainId: Number(chainId), contracts })
}

function asLines(chainId: bigint, deployed: DeployedContract[]): string {
  const lines = deployed.map(
    ({ name, address, transaction, gasUsed }) =>
      `${name.padEnd(20)} ${address}  ${transaction ? `${gasUsed} gas, ${transaction}` : 'was there already'}`,
  )
  return [`chain ${chainId}`, ...lines].join('\n')
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : ''
}
