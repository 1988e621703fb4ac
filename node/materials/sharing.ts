import type { MaterialSubmitted } from '../core/statement.ts'
import { sharedNameOf } from '../core/statements/material.ts'
import { ownerTerm, sharerTerm } from '../core/terms/materials.ts'
import type { FileLocation } from '../store/contentStore.ts'
import type { Write } from '../store/keyValueStore.ts'
import { locationWrites } from '../store/locations.ts'
import type { TermIndex } from '../store/terms.ts'
import type { MaterialReader, OpenedMaterial } from './reader.ts'

/** Sharers that are looked at together. */
const PAGE = 256

/**
 * The same bytes of the same holder lie beside one material, sealed with its key; the others go by them. Before the
 * owner is erased, the oldest of the others inherits them, sealed anew with a key of its own: so each key opens what
 * its own material says and nothing of another, and the last of them takes the bytes with it.
 */
export class SharedContents {
  readonly #reader: MaterialReader
  readonly #terms: TermIndex

  constructor(reader: MaterialReader, terms: TermIndex) {
    this.#reader = reader
    this.#terms = terms
  }

  /** The material beside which the bytes lie that this one speaks of. */
  async ownerOf(statement: MaterialSubmitted): Promise<OpenedMaterial | undefined> {
    const name = sharedNameOf(statement)
    if (name === undefined) return undefined
    const [index] = await this.#terms.findNewest([ownerTerm(name)])
    const owner = index === undefined ? undefined : await this.#reader.findAt(index)
    return owner?.location === undefined ? undefined : owner
  }

  /** The owner and all that go by its bytes. */
  async allOf(owner: OpenedMaterial): Promise<OpenedMaterial[]> {
    const name = sharedNameOf(owner.statement)
    const sharers = name === undefined ? [] : await this.#sharersOf(name)
    const opened = await Promise.all(sharers.map((index) => this.#reader.findAt(index)))
    return [owner, ...opened.filter((one) => one !== undefined)]
  }

  /** Who gets the bytes when their owner is erased: the oldest of those that go by them. */
  async heirOf({ statement, location }: OpenedMaterial): Promise<OpenedMaterial | undefined> {
    const name = sharedNameOf(statement)
    if (name === undefined || location === undefined) return undefined
    for (const index of await this.#sharersOf(name)) {
      const heir = await this.#reader.findAt(index)
      if (heir !== undefined) return heir
    }
    return undefined
  }

  /** For the batch that erases the owner, before what its heir inherits. */
  erasures({ statement, location }: OpenedMaterial): Write[] {
    const name = sharedNameOf(statement)
    return name === undefined || location === undefined
      ? []
      : this.#terms.newestDeletions([ownerTerm(name)])
  }

  /** For the batch that erases the owner: from then on the bytes lie beside the heir. */
  inheritance({ statement, index }: OpenedMaterial, location: FileLocation): Write[] {
    const name = sharedNameOf(statement)
    if (name === undefined) throw new TypeError('what is inherited was shared')
    return [
      ...this.#terms.deletions([sharerTerm(name)], index),
      ...locationWrites(index, location),
      ...this.#terms.newestWrites([ownerTerm(name)], index),
    ]
  }

  /** Oldest first. */
  async #sharersOf(name: string): Promise<number[]> {
    const sharers: number[] = []
    for (;;) {
      const before = sharers.at(-1)
      const page = { limit: PAGE, ...(before !== undefined && { before }) }
      const found = await this.#terms.find(sharerTerm(name), page)
      sharers.push(...found)
      if (found.length < PAGE) return sharers.toReversed()
    }
  }
}
