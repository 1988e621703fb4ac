// Builds one tree and sends how long it took: `merkle.ts <contestant> <leaves>`, as a child of the bench.
import { createHash, hash } from 'node:crypto'
import { TreeBuilder } from '../../../node/core/merkle/builder.ts'
import { hand } from '../lib/child.ts'
import { requirePeer } from '../lib/peers.ts'

/** As the ledger's writer groups them under load. */
const GROUP = 1000

interface MerkleTreeJs {
  readonly MerkleTree: new (
    leaves: Buffer[],
    hash: (data: Uint8Array) => Buffer,
  ) => { getRoot(): Buffer }
}

interface OpenZeppelin {
  readonly SimpleMerkleTree: { of(leaves: Uint8Array[]): { root: string } }
  readonly StandardMerkleTree: { of(values: Uint8Array[][], types: string[]): { root: string } }
}

/** Each is given the leaf hashes in the form it takes, and leaves a root behind. */
const CONTESTANTS: Record<string, (slab: Uint8Array) => () => unknown> = {
  /** Every node of the tree stays in memory, as the peers do it. */
  ours(slab) {
    const builder = new TreeBuilder()
    return () => {
      for (let at = 0; at < slab.length; at += 32) builder.append(slab.subarray(at, at + 32))
      return builder.root()
    }
  },
  /** As the ledger does it: a root and the changed tiles for each group, which are then let go. */
  grouped(slab) {
    const builder = new TreeBuilder()
    return () => {
      let root = builder.root()
      for (let at = 0; at < slab.length; at += 32) {
        builder.append(slab.subarray(at, at + 32))
        if (builder.size % GROUP !== 0) continue
        root = builder.root()
        builder.tiles()
        builder.settle()
      }
      return root
    }
  },
  /** With the fastest SHA-256 it can be given. */
  merkletreejs: (slab) => merkleTreeJs(slab, (data) => hash('sha256', data, 'buffer')),
  /** With the SHA-256 that most programs give it. */
  'merkletreejs-createhash': (slab) =>
    merkleTreeJs(slab, (data) => createHash('sha256').update(data).digest()),
  openzeppelin(slab) {
    const { SimpleMerkleTree } = requirePeer('@openzeppelin/merkle-tree') as OpenZeppelin
    const leaves = slice(slab)
    return () => SimpleMerkleTree.of(leaves).root
  },
  'openzeppelin-standard'(slab) {
    const { StandardMerkleTree } = requirePeer('@openzeppelin/merkle-tree') as OpenZeppelin
    const values = slice(slab).map((leaf) => [leaf])
    return () => StandardMerkleTree.of(values, ['bytes32']).root
  },
}

function merkleTreeJs(slab: Uint8Array, sha256: (data: Uint8Array) => Buffer): () => unknown {
  const { MerkleTree } = requirePeer('merkletreejs') as MerkleTreeJs
  const leaves = slice(slab)
  return () => new MerkleTree(leaves, sha256).getRoot()
}

/** Distinct leaf hashes, side by side. */
function makeLeaves(count: number): Uint8Array {
  const slab = new Uint8Array(32 * count)
  const view = new DataView(slab.buffer)
  for (let leaf = 0; leaf < count; leaf++) {
    view.setUint32(32 * leaf, Math.imul(leaf + 1, 0x9e3779b1))
    view.setUint32(32 * leaf + 28, leaf)
  }
  return slab
}

function slice(slab: Uint8Array): Buffer[] {
  const whole = Buffer.from(slab.buffer)
  return Array.from({ length: slab.length / 32 }, (_, leaf) =>
    whole.subarray(32 * leaf, 32 * leaf + 32),
  )
}

const [contestant = '', leaves = ''] = process.argv.slice(2)
const build = CONTESTANTS[contestant]?.(makeLeaves(Number(leaves)))
if (build === undefined) throw new Error(`no contestant ${contestant}`)
const started = performance.now()
build()
hand((performance.now() - started) / 1000)
