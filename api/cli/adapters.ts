import { Wallet } from 'ethers'
import { EthersChain } from '../../node/chain/ethers/ethersChain.ts'

/** A chain that is only read. The adapter wants an account to sign with: it gets one that nobody will use again. */
export function openReadOnlyChain(url: string): EthersChain {
  return new EthersChain({ url, key: Wallet.createRandom().privateKey })
}
