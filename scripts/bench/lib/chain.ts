import { Contract, ContractFactory, Interface, JsonRpcProvider } from 'ethers'
import type { ContractTransactionResponse, InterfaceAbi, JsonRpcSigner } from 'ethers'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { startServer } from './server.ts'

export interface LocalChain {
  readonly url: string
  readonly signer: JsonRpcSigner
  readonly deploy: (abi: InterfaceAbi, bytecode: string, ...args: unknown[]) => Promise<Contract>
  stop(): Promise<void>
}

/** A fresh anvil that mines each transaction at once. */
export async function startChain(): Promise<LocalChain> {
  const server = await startServer({
    command: anvil(),
    args: ['--port', '0', '--host', '127.0.0.1'],
    env: process.env,
    urlIn: (line) => {
      const address = /^Listening on (\S+)/.exec(line)?.[1]
      return address === undefined ? undefined : `http://${address}`
    },
  })
  const provider = new JsonRpcProvider(server.url, undefined, {
    staticNetwork: true,
    cacheTimeout: -1,
  })
  const signer = await provider.getSigner(0)
  return {
    url: server.url,
    signer,
    async deploy(abi, bytecode, ...args) {
      const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args)
      await contract.waitForDeployment()
      return new Contract(await contract.getAddress(), new Interface(abi), signer)
    },
    async stop() {
      provider.destroy()
      await server.stop()
    },
  }
}

/** Gas of the whole transaction, as its sender pays it. */
export async function gasOf(
  contract: Contract,
  method: string,
  ...args: unknown[]
): Promise<number> {
  const sent = (await contract.getFunction(method)(...args)) as ContractTransactionResponse
  const receipt = await sent.wait()
  if (receipt === null) throw new Error(`${method} was not mined`)
  return Number(receipt.gasUsed)
}

/** The binary itself: its wrapper would be one process more, between us and its end. */
function anvil(): string {
  const require = createRequire(import.meta.resolve('@foundry-rs/anvil/package.json'))
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  return join(
    dirname(require.resolve(`@foundry-rs/anvil-${platform}/package.json`)),
    'bin',
    'anvil',
  )
}
