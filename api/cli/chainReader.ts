import type { FindChain } from '../../node/core/verify/anchor.ts'
import type { ChainReader } from '../../node/core/verify/chainReader.ts'
import type { TrustedChain } from '../../node/core/trust.ts'
import { misuse } from './context.ts'
import type { EthersChain } from '../../node/chain/ethers/ethersChain.ts'

export interface AskedChains {
  readonly findChain: FindChain
  close(): Promise<void>
}

/**
 * Chains that a verifier may ask, by their ids.
 *
 * @param rpc an address, which leads to whatever chain it leads to; true for the addresses that the trust names
 */
export async function askChains(
  rpc: string | true,
  trusted: readonly TrustedChain[],
): Promise<AskedChains> {
  // Loaded only when a chain is asked: it is half of the time that a start takes.
  const { openReadOnlyChain } = await import('./adapters.ts')
  const urls = rpc === true ? trusted.flatMap((chain) => chain.rpc ?? []) : [rpc]
  if (urls.length === 0) misuse('The trust names no address of a chain: give one with --rpc <url>.')
  const chains = urls.map(openReadOnlyChain)
  const readers = new Map<number, ChainReader>()
  for (const chain of chains) {
    // A chain that does not answer may be the one that was meant: then its checks stay unknown.
    const chainId = await chain.chainId().catch(() => undefined)
    const meant = chainId === undefined ? trusted.map((one) => one.chainId) : [chainId]
    for (const id of meant) if (!readers.has(id)) readers.set(id, readerOf(id, chain))
  }
  return {
    findChain: (chainId) => readers.get(chainId),
    close: async () => {
      for (const chain of chains) await chain.close()
    },
  }
}

function readerOf(chainId: number, chain: EthersChain): ChainReader {
  return {
    blockHash: (number) => chain.blockHash(number),
    rootAt: (registry, logId, size) => chain.rootAt({ chainId, registry, logId }, size),
    async blockOf(transaction) {
      const found = await chain.transactionState({ transaction, nonce: 0 })
      return found.state === 'mined' ? found.block.hash : undefined
    },
  }
}
