import { decodeHex, equalBytes } from '../../../node/core/bytes.ts'
import type { Hex } from '../../../node/core/ethereum/hex.ts'
import type { ChainReader } from '../../../node/core/verify/chainReader.ts'
import type { OnceClient } from '../../client/index.ts'
import type { Anchor } from '../../http/anchors/schema.ts'
import { askChains } from '../chainReader.ts'
import type { LearnedLedger } from './learn.ts'

export interface FoundBlocks {
  /** Hashes of the blocks that hold anchors, by chain id, the newest first. */
  readonly byChain: ReadonlyMap<number, readonly Hex[]>
  readonly found: number
  /** Anchors that the chain does not confirm. */
  readonly refused: number
}

/** Blocks that a file holds at most; older evidence is checked by asking a chain. */
const MOST_BLOCKS = 10_000

/** The blocks that hold the ledger's anchors: as it names them or, with an address, as a chain confirms them. */
export async function findBlocks(
  client: OnceClient,
  { chains }: LearnedLedger,
  rpc: string | undefined,
): Promise<FoundBlocks> {
  const asked =
    rpc === undefined
      ? undefined
      : await askChains(
          rpc,
          chains.map((chain) => ({ ...chain, blocks: [] })),
        )
  try {
    const byChain = new Map<number, Hex[]>(chains.map(({ chainId }) => [chainId, []]))
    let refused = 0
    for await (const anchor of client.log.anchors()) {
      const hashes = byChain.get(anchor.chainId)
      if (!isPinnable(anchor, chains) || !hashes || hashes.length === MOST_BLOCKS) continue
      const reader = asked?.findChain(anchor.chainId)
      // With an address, what no chain confirms is not believed.
      if (asked && !(reader && (await confirms(reader, anchor)))) refused++
      else hashes.push(anchor.block.hash)
    }
    const found = [...byChain.values()].reduce((sum, hashes) => sum + hashes.length, 0)
    return { byChain, found, refused }
  } finally {
    await asked?.close()
  }
}

type MinedAnchor = Anchor & { readonly block: NonNullable<Anchor['block']> }

function isPinnable(anchor: Anchor, chains: LearnedLedger['chains']): anchor is MinedAnchor {
  const { state, block, chainId, registry, logId } = anchor
  const isStanding = (state === 'confirmed' || state === 'final') && block !== undefined
  return (
    isStanding &&
    chains.some(
      (chain) => chain.chainId === chainId && chain.registry === registry && chain.logId === logId,
    )
  )
}

async function confirms(
  chain: ChainReader,
  { registry, logId, size, root, block }: MinedAnchor,
): Promise<boolean> {
  const [hash, anchored] = [
    await chain.blockHash(block.number),
    await chain.rootAt(registry, logId, size),
  ]
  return hash === block.hash && anchored !== undefined && equalBytes(anchored, decodeHex(root))
}
