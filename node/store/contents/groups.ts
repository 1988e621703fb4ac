import type { ContentStore, SegmentLocation } from '../contentStore.ts'

/** Contents that are written with one sync at most: bounds how long the first waits for the last. */
const GROUP_LIMIT = 256

interface Waiting {
  readonly content: Uint8Array
  readonly resolve: (location: SegmentLocation) => void
  readonly reject: (reason: unknown) => void
}

/** Writes small contents that come one by one: those that come while the disk syncs share the next sync. */
export class ContentGroups {
  readonly #contents: Pick<ContentStore, 'putGroup'>
  readonly #waiting: Waiting[] = []
  #isWriting = false

  constructor(contents: Pick<ContentStore, 'putGroup'>) {
    this.#contents = contents
  }

  /** As `putGroup` throws: what shares a sync shares its failure. */
  put(content: Uint8Array): Promise<SegmentLocation> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ content, resolve, reject })
      if (!this.#isWriting) void this.#write()
    })
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    // One turn of the event loop lets those join that were sealed together.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) await this.#writeGroup(this.#waiting.splice(0, GROUP_LIMIT))
    this.#isWriting = false
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const locations = await this.#contents.putGroup(group.map(({ content }) => content))
      for (const [i, { resolve }] of group.entries()) resolve(locations[i] as SegmentLocation)
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }
}
