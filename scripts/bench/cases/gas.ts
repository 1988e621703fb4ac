import { Contract, hexlify, id } from 'ethers'
import type { ContractFactory } from 'ethers'
import { deployCheckpointRegistry, planCheckpointRegistry } from '../../../node/chain/deployment.ts'
import { hashLeaf } from '../../../node/core/hash/hash.ts'
import { TreeBuilder } from '../../../node/core/merkle/builder.ts'
import { consistencyProof, inclusionProof, rootOf } from '../../../node/core/merkle/tree.ts'
import type { TileReader } from '../../../node/core/merkle/tree.ts'
import { atMost } from '../lib/case.ts'
import type { BenchCase, Row } from '../lib/case.ts'
import { gasOf, startChain } from '../lib/chain.ts'
import type { LocalChain } from '../lib/chain.ts'
import { requirePeer } from '../lib/peers.ts'
import { attestationOf, openEas } from '../peers/eas.ts'

const ENTRIES = 1_000_000
/** What one anchor takes in. */
const GROUP = 10_000
/** Items in one transaction of a peer that takes several: more would hardly be cheaper for each. */
const BULK = 100

export const gas: BenchCase = {
  name: 'gas',
  summary: 'gas of whole transactions on one local chain; exact, the same on each run',
  async run() {
    const chain = await startChain()
    try {
      const ours = await anchor(chain)
      const perEntry = ours.next / GROUP
      const peers = [...(await attest(chain)), ...(await issue(chain))]
      const compare = ({ name, perItem }: Peer): Row => ({
        what: 'an entry, 10,000 in one anchor',
        unit: 'gas',
        ours: perEntry,
        peer: { name, value: perItem },
        better: 'lower',
        target: atMost(perEntry, 9, '9 gas'),
      })
      return {
        rows: [
          {
            what: `anchor at 1 M entries, consistency proven from ${ENTRIES - GROUP}`,
            unit: 'gas',
            ours: ours.next,
            better: 'lower',
            target: atMost(ours.next, 90_000, '90,000 gas'),
          },
          {
            what: 'anchor, worst case of 22 hashes',
            unit: 'gas',
            ours: ours.worst,
            better: 'lower',
          },
          { what: 'first anchor of a log', unit: 'gas', ours: ours.first, better: 'lower' },
          {
            what: 'the same anchor again, with its proof',
            unit: 'gas',
            ours: ours.again,
            better: 'lower',
          },
          { what: 'log created', unit: 'gas', ours: ours.created, better: 'lower' },
          {
            what: 'inclusion proven to a contract',
            unit: 'gas',
            ours: ours.inclusion,
            better: 'lower',
          },
          { what: 'contract deployed', unit: 'gas', ours: ours.deployed, better: 'lower' },
          ...peers.map(compare),
        ],
        notes: [
          `peers in bulk: ${BULK} items in one transaction`,
          'a peer stores each item on chain; here the chain keeps one root, and the entry is proven against it',
        ],
      }
    } finally {
      await chain.stop()
    }
  },
}

interface Peer {
  readonly name: string
  readonly perItem: number
}

async function anchor({ signer }: LocalChain) {
  const { address, gasUsed } = await deployCheckpointRegistry(signer)
  const registry = new Contract(address, planCheckpointRegistry().artifact.abi, signer)
  const log = growingLog()
  const { readTile } = log
  log.add(ENTRIES + 48_577)

  const logs = new Map<string, unknown>()
  const create = async (origin: string) => {
    const used = await gasOf(registry, 'createLog', origin)
    logs.set(origin, await registry.getFunction('logIdOf')(await signer.getAddress(), origin))
    return used
  }
  const anchorOf = async (origin: string, from: number, to: number) =>
    gasOf(
      registry,
      'anchor',
      logs.get(origin),
      to,
      hexlify(await rootOf(to, readTile)),
      from === 0 ? [] : (await consistencyProof(from, to, readTile)).map((hash) => hexlify(hash)),
    )

  const created = await create('onceledger.example/log')
  const first = await anchorOf('onceledger.example/log', 0, ENTRIES - GROUP)
  const next = await anchorOf('onceledger.example/log', ENTRIES - GROUP, ENTRIES)
  const again = await anchorOf('onceledger.example/log', ENTRIES - GROUP, ENTRIES)
  await create('onceledger.example/worst')
  await anchorOf('onceledger.example/worst', 0, 1_048_575)
  const worst = await anchorOf('onceledger.example/worst', 1_048_575, 1_048_577)
  const index = ENTRIES / 2
  const inclusion = await registry.getFunction('verifyInclusion').estimateGas(
    logs.get('onceledger.example/log'),
    ENTRIES,
    index,
    hexlify(leafAt(index)),
    (await inclusionProof(index, ENTRIES, readTile)).map((hash) => hexlify(hash)),
  )
  return {
    deployed: Number(gasUsed),
    created,
    first,
    next,
    again,
    worst,
    inclusion: Number(inclusion),
  }
}

function leafAt(index: number): Uint8Array {
  return hashLeaf(Buffer.from(String(index)))
}

/** A log in memory, kept as its tiles. */
function growingLog() {
  const tiles = new Map<string, Uint8Array>()
  const builder = new TreeBuilder()
  const readTile: TileReader = async (level, index, width) => {
    const hashes = tiles.get(`${level}/${index}`)
    if (hashes === undefined) throw new Error(`no tile ${level}/${index}`)
    return hashes.subarray(0, 32 * width)
  }
  return {
    readTile,
    add(count: number) {
      for (let added = 0; added < count; added++) {
        builder.append(leafAt(builder.size))
        if (builder.size % 65_536 !== 0 && added < count - 1) continue
        for (const { level, index, hashes } of builder.tiles())
          tiles.set(`${level}/${index}`, hashes)
        builder.settle()
      }
    },
  }
}

async function attest(chain: LocalChain): Promise<Peer[]> {
  const { contract: eas, schema } = await openEas(chain)
  const attestation = () => attestationOf(newItem())
  // The first of each pays once for what later ones find in place.
  await gasOf(eas, 'attest', { schema, data: attestation() })
  return [
    { name: 'EAS attest', perItem: await gasOf(eas, 'attest', { schema, data: attestation() }) },
    {
      name: 'EAS multiAttest',
      perItem: (await gasOf(eas, 'multiAttest', [{ schema, data: bulk(attestation) }])) / BULK,
    },
    {
      name: 'EAS multiTimestamp',
      perItem: (await gasOf(eas, 'multiTimestamp', bulk(newItem))) / BULK,
    },
  ]
}

/** TradeTrust's document store, from the bytecode in its package's factory. */
async function issue(chain: LocalChain): Promise<Peer[]> {
  const { DocumentStore__factory: DocumentStoreFactory } = requirePeer(
    '@tradetrust-tt/document-store/dist/contracts/factories/DocumentStore__factory.js',
  ) as { DocumentStore__factory: new () => ContractFactory }
  const factory = new DocumentStoreFactory()
  const store = await chain.deploy(
    factory.interface.format(true),
    factory.bytecode,
    'bench',
    await chain.signer.getAddress(),
  )
  await gasOf(store, 'issue', newItem())
  return [
    { name: 'TradeTrust issue', perItem: await gasOf(store, 'issue', newItem()) },
    {
      name: 'TradeTrust bulkIssue',
      perItem: (await gasOf(store, 'bulkIssue', bulk(newItem))) / BULK,
    },
  ]
}

let items = 0

/** Not drawn at random: each zero byte in a call makes it cheaper. */
function newItem(): string {
  return id(`item ${items++}`)
}

function bulk<Item>(make: () => Item): Item[] {
  return Array.from({ length: BULK }, make)
}
