import { MemoryChain } from '../../node/chain/memory/memoryChain.ts'
import { MemoryNetwork } from '../../node/chain/memory/memoryNetwork.ts'
import { behavesLikeChain } from '../behaviors/chain.ts'
import { suiteAnvil } from './support/suiteAnvil.ts'

behavesLikeChain('memory', async () => {
  const network = new MemoryNetwork()
  return {
    chain: new MemoryChain(network),
    automine: async (on) => {
      network.automine = on
    },
    mine: async (blocks) => network.mine(blocks),
    reorganise: async (depth) => {
      network.reorganise(depth, true)
      network.mine(depth)
    },
    dropPending: async () => network.dropPending(),
  }
})

describe('anvil', () => {
  const anvil = suiteAnvil()

  behavesLikeChain('anvil through ethers', async () => {
    const { current } = anvil
    await current.dropPending()
    await current.automine(true)
    return {
      chain: current.chain(),
      automine: (on) => current.automine(on),
      mine: (blocks) => current.mine(blocks),
      reorganise: (depth) => current.reorganise(depth),
      dropPending: () => current.dropPending(),
    }
  })
})
