import { entryBundlePath, tilePath } from '../../node/core/merkle/tiles.ts'
import { AnchorPage, AnchorsAtSize } from '../http/anchors/schema.ts'
import type { Anchor } from '../http/anchors/schema.ts'
import { LoggedEntry } from '../http/entries/schema.ts'
import { getJson, getText, pages, PUBLIC, queryOf } from './requests.ts'
import type { Transport } from './transport.ts'

/**
 * The log as everybody may read it, without a token. Nothing here is checked: `verifyCheckpoint` and the tree tell
 * whether it holds together. Throws as `OnceClient` does.
 */
export class LogClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Signed note of the newest checkpoint, see C2SP tlog-checkpoint. */
  checkpoint(): Promise<string> {
    return getText(this.#transport, '/log/checkpoint', PUBLIC)
  }

  /** Hashes of a tile, see C2SP tlog-tiles; `width` of 256 is a full one. */
  tile(level: number, index: number, width: number): Promise<Uint8Array> {
    return this.#bytes(`/log/${tilePath(level, index, width)}`)
  }

  /** C2SP entry bundle, see `decodeEntryBundle`. */
  entryBundle(index: number, width: number): Promise<Uint8Array> {
    return this.#bytes(`/log/${entryBundlePath(index, width)}`)
  }

  entry(index: number): Promise<LoggedEntry> {
    return getJson(this.#transport, `/v1/entries/${index}`, LoggedEntry, PUBLIC)
  }

  /** All anchors, the largest checkpoints first. */
  anchors(): AsyncGenerator<Anchor, void> {
    return pages(
      (cursor) => {
        const path = `/v1/anchors${queryOf({ cursor, limit: '100' })}`
        return getJson(this.#transport, path, AnchorPage, PUBLIC)
      },
      ({ anchors }) => anchors,
    )
  }

  /** The anchors of the checkpoint of one size, on every chain. */
  anchorsAt(size: number): Promise<AnchorsAtSize> {
    return getJson(this.#transport, `/v1/anchors/${size}`, AnchorsAtSize, PUBLIC)
  }

  #bytes(path: string): Promise<Uint8Array> {
    return this.#transport.call(path, PUBLIC, async (response) => {
      return new Uint8Array(await response.arrayBuffer())
    })
  }
}
