import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryChain } from '../../node/chain/memory/memoryChain.ts'
import { MemoryNetwork } from '../../node/chain/memory/memoryNetwork.ts'
import { behavesLikeChain } from '../behaviors/chain.ts'
import { TestAnvil } from './support/anvil.ts'

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
  let folder: string
  let anvil: TestAnvil

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'onceledger-'))
    anvil = await TestAnvil.start(folder)
  })

  after(async () => {
    await anvil.close()
    rmSync(folder, { recursive: true })
  })

  behavesLikeChain('anvil through ethers', async () => {
    await anvil.dropPending()
    await anvil.automine(true)
    return {
      chain: anvil.chain(),
      automine: (on) => anvil.automine(on),
      mine: (blocks) => anvil.mine(blocks),
      reorganise: (depth) => anvil.reorganise(depth),
      dropPending: () => anvil.dropPending(),
    }
  })
})
