import { equalBytes } from '../../core/bytes.ts'
import { HASH_LENGTH } from '../../core/hash/hash.ts'
import type { Hash } from '../../core/hash/hash.ts'
import { TreeBuilder } from '../../core/merkle/builder.ts'
import type { TileContent } from '../../core/merkle/builder.ts'
import { TILE_WIDTH, tileWidth } from '../../core/merkle/tiles.ts'
import { EntryOrder } from './entryOrder.ts'
import { firstDifference, hashAt, LeafBlock } from './leafBlock.ts'
import { breathe } from './report.ts'
import type { Pass, Report } from './report.ts'

/**
 * Where a log is read from: a store, or a server that is not trusted.
 * It reports itself what is missing or cannot be read.
 */
export interface LogSource {
  /** The entries from index × 256 on; undefined for one that is missing or damaged. */
  bundle(index: number, width: number): Promise<readonly (Uint8Array | undefined)[]>

  /** `width` hashes side by side; undefined when they are missing or damaged. */
  tile(level: number, index: number, width: number): Promise<Uint8Array | undefined>
}

/** A root that the log once had, and what to do if it had another. */
export interface Milestone {
  readonly size: number
  readonly root: Hash
  readonly missed: () => void
}

export interface AuditedHead {
  readonly size: number
  /** As it was signed; undefined when no readable checkpoint says it. */
  readonly root: Hash | undefined
}

export interface TreeAudit {
  /** As computed from what was found to be right. */
  readonly root: Hash
  /** Entries that are not what was logged; those missing are not among them. */
  readonly altered: ReadonlySet<number>
}

/**
 * Computes the tree anew from the entries and compares it with the tiles, the signed root and the milestones.
 *
 * Who is to blame where entries and tiles differ: the signed root decides. If the entries give it, the tiles
 * were altered. If not, each differing tile of hashes is compared with the node above it, which tells whether
 * the tile or the entries belong there; the tree built so must give the root.
 *
 * @param milestones by size, ascending, none larger than the head
 */
export async function* auditTree(
  source: LogSource,
  head: AuditedHead,
  milestones: readonly Milestone[],
  report: Report,
  onProgress: (done: number) => void = () => {},
): Pass<TreeAudit> {
  const remembered = remembering(source, head.size)
  const auditor = new TreeAuditor(remembered, head, milestones, report, onProgress)
  return yield* auditor.run()
}

/** A tree built from what was chosen to be right, and where the log differs from it. */
interface Built {
  readonly root: Hash
  /** Position of the first hash that differs, for each tile that does. */
  readonly altered: ReadonlyMap<string, number>
  readonly missed: readonly Milestone[]
}

type Rule = 'entries' | 'tile'
type Choose = (block: LeafBlock) => Promise<Rule>

class TreeAuditor {
  readonly #source: LogSource
  readonly #head: AuditedHead
  readonly #milestones: readonly Milestone[]
  readonly #report: Report
  readonly #onProgress: (done: number) => void
  /** Blocks whose entries do not give their tile. */
  readonly #disputed = new Set<number>()
  readonly #order = new EntryOrder()
  /** The first leaf of which neither entry nor tile is left: no root from there on can be computed. */
  #blindFrom = Infinity

  constructor(
    source: LogSource,
    head: AuditedHead,
    milestones: readonly Milestone[],
    report: Report,
    onProgress: (done: number) => void,
  ) {
    this.#onProgress = onProgress
    this.#source = source
    this.#head = head
    this.#milestones = milestones
    this.#report = report
  }

  async *run(): Pass<TreeAudit> {
    const ofEntries = yield* this.#build((index, width) => this.#readFirst(index, width))
    if (this.#disputed.size === 0 || this.#isSigned(ofEntries)) return this.#conclude(ofEntries)
    // A partial tile has no node above it that could tell: each way is tried.
    for (const partial of ['tile', 'entries'] as const) {
      const choose: Choose = (block) => this.#ruleFor(block, partial)
      const built = yield* this.#build((index, width) => this.#readChosen(index, width, choose))
      if (this.#isSigned(built)) return this.#conclude(built, choose)
    }
    return this.#giveUp(ofEntries)
  }

  #isSigned({ root }: Built): boolean {
    return this.#head.root !== undefined && equalBytes(root, this.#head.root)
  }

  async *#build(leavesOf: (index: number, width: number) => Promise<Uint8Array>): Pass<Built> {
    const { size } = this.#head
    const builder = new TreeBuilder()
    const altered = new Map<string, number>()
    const missed: Milestone[] = []
    let next = 0
    const passMilestones = (): void => {
      for (; this.#milestones[next]?.size === builder.size; next++) {
        const milestone = this.#milestones[next] as Milestone
        if (!equalBytes(builder.root(), milestone.root)) missed.push(milestone)
      }
    }
    passMilestones()
    for (let index = 0; index * TILE_WIDTH < size; index++) {
      const width = tileWidth(0, index, size)
      const leaves = await leavesOf(index, width)
      for (let leaf = 0; leaf < width; leaf++) {
        builder.append(hashAt(leaves, leaf))
        passMilestones()
      }
      for (const tile of builder.tiles()) await this.#compare(tile, altered)
      builder.settle()
      this.#onProgress(builder.size)
      await breathe()
      yield
    }
    return { root: builder.root(), altered, missed }
  }

  /** Each tile is met again whenever it has grown, the last time at its full width. */
  async #compare(
    { level, index, hashes }: TileContent,
    altered: Map<string, number>,
  ): Promise<void> {
    const width = tileWidth(level, index, this.#head.size)
    const stored = await this.#source.tile(level, index, width)
    const position = stored === undefined ? undefined : firstDifference(hashes, stored)
    if (position !== undefined) altered.set(`${level}/${index}`, position)
  }

  /** The first reading: every entry is looked at, and blocks that differ from their tile are remembered. */
  async #readFirst(index: number, width: number): Promise<Uint8Array> {
    const entries = await this.#source.bundle(index, width)
    for (const [position, entry] of entries.entries()) {
      if (entry) this.#order.inspect(index * TILE_WIDTH + position, entry)
    }
    const tile = await this.#source.tile(0, index, width)
    const block = new LeafBlock({ index, width }, entries, tile)
    if (block.isDisputed) this.#disputed.add(index)
    this.#blindFrom = Math.min(this.#blindFrom, block.blindFrom)
    return block.ofEntries
  }

  async #readChosen(index: number, width: number, choose: Choose): Promise<Uint8Array> {
    const tile = this.#disputed.has(index) ? undefined : await this.#source.tile(0, index, width)
    if (tile) return tile
    const block = await this.#readBlock(index, width)
    return (await choose(block)) === 'tile' && block.ofTile ? block.ofTile : block.ofEntries
  }

  async #readBlock(index: number, width: number): Promise<LeafBlock> {
    const entries = await this.#source.bundle(index, width)
    return new LeafBlock({ index, width }, entries, await this.#source.tile(0, index, width))
  }

  async #ruleFor(block: LeafBlock, partial: Rule): Promise<Rule> {
    const { index, width, ofTile } = block
    if (width < TILE_WIDTH || ofTile === undefined) return partial
    const above = Math.floor(index / TILE_WIDTH)
    const nodes = await this.#source.tile(1, above, tileWidth(1, above, this.#head.size))
    return nodes && block.isBelow(hashAt(nodes, index % TILE_WIDTH)) ? 'entries' : 'tile'
  }

  /** The tree is what was signed, or nothing disputes it: whatever differs from it was altered. */
  async #conclude(built: Built, choose: Choose = async () => 'entries'): Promise<TreeAudit> {
    const altered = await this.#alteredEntries(choose)
    for (const [tile, position] of built.altered) {
      if (tile.startsWith('0/') || !this.#isBlind) {
        this.#report.add('TILE_ALTERED', `tile ${tile}`, { position })
      }
    }
    for (const index of altered) this.#report.add('ENTRY_ALTERED', `entry ${index}`, { index })
    if (!this.#isSigned(built)) this.#reportRoot()
    for (const { size, missed } of built.missed) if (size <= this.#blindFrom) missed()
    this.#order.report(altered, this.#report)
    return { root: built.root, altered }
  }

  get #isBlind(): boolean {
    return this.#blindFrom < this.#head.size
  }

  #reportRoot(): void {
    const { root, size } = this.#head
    if (root && !this.#isBlind) this.#report.add('CHECKPOINT_ROOT_WRONG', 'checkpoint', { size })
  }

  async #alteredEntries(choose: Choose): Promise<Set<number>> {
    const altered = new Set<number>()
    for (const index of this.#disputed) {
      const block = await this.#readBlock(index, tileWidth(0, index, this.#head.size))
      if ((await choose(block)) === 'tile') {
        for (const entry of block.disputed()) altered.add(entry)
      }
    }
    return altered
  }

  /** More than one thing was altered, so that nothing gives the signed root any more. */
  async #giveUp(built: Built): Promise<TreeAudit> {
    const undecided = await this.#alteredEntries(async () => 'tile')
    this.#reportRoot()
    for (const index of undecided) this.#report.add('LEAF_UNDECIDED', `entry ${index}`, { index })
    this.#order.report(undecided, this.#report)
    return { root: built.root, altered: undecided }
  }
}

/** Tiles near one another are asked for again and again, each at the width that the log has it. */
function remembering(source: LogSource, size: number): LogSource {
  const tiles = new Map<string, Uint8Array | undefined>()
  return {
    bundle: (index, width) => source.bundle(index, width),
    async tile(level, index, width) {
      const key = `${level}/${index}`
      const tile = tiles.has(key)
        ? tiles.get(key)
        : await source.tile(level, index, tileWidth(level, index, size))
      // In order of use, so that the one used longest ago goes first.
      tiles.delete(key)
      tiles.set(key, tile)
      for (const oldest of tiles.keys()) if (tiles.size > REMEMBERED) tiles.delete(oldest)
      return tile?.subarray(0, width * HASH_LENGTH)
    },
  }
}

/** One tile a level is in use at a time, and logs have fewer than eight levels. */
const REMEMBERED = 16
