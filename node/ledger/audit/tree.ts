import { equalBytes } from '../../core/bytes.ts'
import { parseEntry } from '../../core/entry.ts'
import { isLedgerError } from '../../core/errors.ts'
import { hashLeaf, HASH_LENGTH } from '../../core/hash/hash.ts'
import type { Hash } from '../../core/hash/hash.ts'
import { TreeBuilder } from '../../core/merkle/builder.ts'
import type { TileContent } from '../../core/merkle/builder.ts'
import { Subtree } from '../../core/merkle/subtree.ts'
import { TILE_HEIGHT, TILE_WIDTH, tileWidth } from '../../core/merkle/tiles.ts'
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

/** 256 entries, or fewer at the end of the log. */
interface Block {
  readonly index: number
  readonly width: number
  /** Leaf hashes of the entries; where there is no entry, as the tile says. */
  readonly ofEntries: Uint8Array
  /** Leaf hashes of the tile. */
  readonly ofTile: Uint8Array | undefined
}

/** A tree built from what was chosen to be right, and where the log differs from it. */
interface Built {
  readonly root: Hash
  /** Position of the first hash that differs, for each tile that does. */
  readonly altered: ReadonlyMap<string, number>
  readonly missed: readonly Milestone[]
}

type Rule = 'entries' | 'tile'
type Choose = (block: Block) => Promise<Rule>

class TreeAuditor {
  readonly #source: LogSource
  readonly #head: AuditedHead
  readonly #milestones: readonly Milestone[]
  readonly #report: Report
  readonly #onProgress: (done: number) => void
  /** Blocks whose entries do not give their tile. */
  readonly #disputed = new Set<number>()
  /** Entries that cannot be read, and pairs of neighbours that are out of order. */
  readonly #malformed: { readonly index: number; readonly reason: string }[] = []
  readonly #backwards: number[] = []
  /** The first leaf of which neither entry nor tile is left: no root from there on can be computed. */
  #blindFrom = Infinity
  #lastAt = ''

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
      if (entry) this.#inspect(index * TILE_WIDTH + position, entry)
    }
    const { ofEntries, ofTile } = await this.#blockOf(index, width, entries)
    if (ofTile && firstDifference(ofEntries, ofTile) !== undefined) this.#disputed.add(index)
    return ofEntries
  }

  #inspect(index: number, bytes: Uint8Array): void {
    try {
      const { at } = parseEntry(bytes)
      // One spelling per time: the order of the texts is the order of the times.
      if (at < this.#lastAt) this.#backwards.push(index)
      this.#lastAt = at
    } catch (error) {
      if (!isLedgerError(error)) throw error
      this.#malformed.push({ index, reason: error.code })
    }
  }

  async #readChosen(index: number, width: number, choose: Choose): Promise<Uint8Array> {
    const tile = this.#disputed.has(index) ? undefined : await this.#source.tile(0, index, width)
    if (tile) return tile
    const block = await this.#readBlock(index, width)
    return (await choose(block)) === 'tile' && block.ofTile ? block.ofTile : block.ofEntries
  }

  async #readBlock(index: number, width: number): Promise<Block> {
    return this.#blockOf(index, width, await this.#source.bundle(index, width))
  }

  async #blockOf(
    index: number,
    width: number,
    entries: readonly (Uint8Array | undefined)[],
  ): Promise<Block> {
    const ofTile = await this.#source.tile(0, index, width)
    const ofEntries = new Uint8Array(width * HASH_LENGTH)
    for (let position = 0; position < width; position++) {
      const entry = entries[position]
      if (entry) ofEntries.set(hashLeaf(entry), position * HASH_LENGTH)
      else if (ofTile) ofEntries.set(hashAt(ofTile, position), position * HASH_LENGTH)
      else this.#blindFrom = Math.min(this.#blindFrom, index * TILE_WIDTH + position)
    }
    return { index, width, ofEntries, ofTile }
  }

  async #ruleFor({ index, width, ofEntries, ofTile }: Block, partial: Rule): Promise<Rule> {
    if (width < TILE_WIDTH || ofTile === undefined) return partial
    const above = Math.floor(index / TILE_WIDTH)
    const nodes = await this.#source.tile(1, above, tileWidth(1, above, this.#head.size))
    const node = nodes && hashAt(nodes, index % TILE_WIDTH)
    return node && equalBytes(topOf(ofEntries), node) ? 'entries' : 'tile'
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
    this.#reportEntries(altered)
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
        for (const position of differences(block)) altered.add(index * TILE_WIDTH + position)
      }
    }
    return altered
  }

  /** More than one thing was altered, so that nothing gives the signed root any more. */
  async #giveUp(built: Built): Promise<TreeAudit> {
    const undecided = await this.#alteredEntries(async () => 'tile')
    this.#reportRoot()
    for (const index of undecided) this.#report.add('LEAF_UNDECIDED', `entry ${index}`, { index })
    this.#reportEntries(undecided)
    return { root: built.root, altered: undecided }
  }

  /** An altered entry may be malformed, or out of order with its neighbours: that is no finding of its own. */
  #reportEntries(altered: ReadonlySet<number>): void {
    for (const { index, reason } of this.#malformed) {
      if (!altered.has(index)) {
        this.#report.add('ENTRY_MALFORMED', `entry ${index}`, { index, reason })
      }
    }
    for (const index of this.#backwards) {
      if (!altered.has(index) && !altered.has(index - 1)) {
        this.#report.add('ENTRY_TIME_BACKWARDS', `entry ${index}`, { index })
      }
    }
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

function topOf(hashes: Uint8Array): Hash {
  return new Subtree(hashes).hash(TILE_HEIGHT, 0)
}

function hashAt(hashes: Uint8Array, position: number): Hash {
  return hashes.subarray(position * HASH_LENGTH, (position + 1) * HASH_LENGTH)
}

function* differences({ ofEntries, ofTile, width }: Block): Generator<number> {
  for (let position = 0; position < width; position++) {
    if (ofTile && !equalBytes(hashAt(ofEntries, position), hashAt(ofTile, position))) yield position
  }
}

/** Position of the first hash of `expected` that `stored` does not begin with. */
function firstDifference(expected: Uint8Array, stored: Uint8Array): number | undefined {
  if (equalBytes(expected, stored.subarray(0, expected.length))) return undefined
  for (let position = 0; ; position++) {
    if (!equalBytes(hashAt(expected, position), hashAt(stored, position))) return position
  }
}
