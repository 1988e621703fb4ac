import { setImmediate as turn } from 'node:timers/promises'
import { EthersChain } from '../../../node/chain/ethers/ethersChain.ts'
import type { EthersChainOptions } from '../../../node/chain/ethers/ethersChain.ts'
import { startEmbeddedChain } from '../../../node/chain/embedded/embeddedChain.ts'
import type { EmbeddedChain } from '../../../node/chain/embedded/embeddedChain.ts'

/** Raw JSON-RPC, for what no port offers. */
export async function rpc(url: string, method: string, params: unknown[] = []): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const answer = (await response.json()) as { result?: unknown; error?: { message: string } }
  if (answer.error) throw new Error(`${method}: ${answer.error.message}`)
  return answer.result
}

/** A real chain for the tests of one suite, with the accidents that tests need. */
export class TestAnvil {
  readonly embedded: EmbeddedChain

  static async start(folder: string): Promise<TestAnvil> {
    return new TestAnvil(await startEmbeddedChain({ folder }))
  }

  private constructor(embedded: EmbeddedChain) {
    this.embedded = embedded
  }

  chain(options: Partial<EthersChainOptions> = {}): EthersChain {
    const { url, key } = this.embedded
    return new EthersChain({ url, key, ...options })
  }

  call(method: string, ...params: unknown[]): Promise<unknown> {
    return rpc(this.embedded.url, method, params)
  }

  async automine(on: boolean): Promise<void> {
    await this.call('evm_setAutomine', on)
  }

  async mine(blocks = 1): Promise<void> {
    await this.call('anvil_mine', `0x${blocks.toString(16)}`)
  }

  /** Takes the newest blocks back and makes others, without their transactions. */
  async reorganise(depth: number): Promise<void> {
    await this.call('anvil_reorg', depth, [])
  }

  async dropPending(): Promise<void> {
    await this.call('anvil_dropAllTransactions')
  }

  close(): Promise<void> {
    return this.embedded.close()
  }
}

/** Asks again until the answer fits. */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (fits(answer)) return answer
    await turn()
  }
}
