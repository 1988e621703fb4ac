import type { BaseContract, BaseContractMethod, ContractTransactionResponse } from 'ethers'
import { network, tasks } from 'hardhat'
import type { NetworkConnection } from 'hardhat/types/network'

type Ethers = NetworkConnection['ethers']
export type Signer = Awaited<ReturnType<Ethers['getSigners']>>[number]
type Method = BaseContractMethod<unknown[], unknown, ContractTransactionResponse>

/** A deployed contract with the methods a test calls. */
export type Deployed<Names extends string> = BaseContract & Record<Names, Method>

export interface Chain {
  ethers: Ethers
  provider: NetworkConnection['provider']
  signers: Signer[]
  deploy<Names extends string>(name: string, args?: unknown[]): Promise<Deployed<Names>>
}

let built: Promise<unknown> | undefined

/** Compiles all contracts, once a process; unchanged ones come from Hardhat's cache. */
export function buildContracts(): Promise<unknown> {
  built ??= tasks.getTask('build').run({ quiet: true })
  return built
}

// Compiling for the first time takes longer than any test may; once for all of them.
before(function () {
  this.timeout(600_000)
  return buildContracts()
})

/** A fresh chain in this process, on the oldest hardfork that the contracts are compiled for. */
export async function openChain(name = 'london'): Promise<Chain> {
  await buildContracts()
  const { ethers, provider } = await network.create(name)
  return {
    ethers,
    provider,
    signers: await ethers.getSigners(),
    deploy: async <Names extends string>(name: string, args: unknown[] = []) =>
      (await ethers.deployContract(name, args)) as unknown as Deployed<Names>,
  }
}

/**
 * What a call was refused with: the custom error's name and arguments; undefined if it went through.
 * `contracts` are those whose errors may come.
 */
export async function refusalOf(
  contracts: BaseContract | BaseContract[],
  call: Promise<unknown>,
): Promise<{ name: string; args: unknown[] } | undefined> {
  try {
    await call
    return undefined
  } catch (error) {
    const { data } = error as { data?: string }
    const refusal = [contracts]
      .flat()
      .map((contract) => data && contract.interface.parseError(data))
      .find(Boolean)
    if (!refusal) throw error
    return { name: refusal.name, args: [...refusal.args] }
  }
}

/** Gas of the whole transaction, as its sender pays it. */
export async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait()
  return Number(receipt!.gasUsed)
}

/** The events of a transaction, by name and arguments. */
export async function eventsOf(
  contract: BaseContract,
  sent: Promise<ContractTransactionResponse>,
): Promise<{ name: string; args: unknown[] }[]> {
  const receipt = await (await sent).wait()
  return receipt!.logs.map((log) => {
    const event = contract.interface.parseLog(log)!
    return { name: event.name, args: [...event.args] }
  })
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

/** Seconds since 1970 of the newest block. */
export async function chainTime({ ethers }: Chain): Promise<number> {
  return (await ethers.provider.getBlock('latest'))!.timestamp
}

/** Moves the chain's clock and makes a block there, so that views see it too. */
export async function moveTime(chain: Chain, seconds: number): Promise<number> {
  const time = (await chainTime(chain)) + seconds
  await chain.provider.request({ method: 'evm_setNextBlockTimestamp', params: [time] })
  await chain.provider.request({ method: 'evm_mine' })
  return time
}
