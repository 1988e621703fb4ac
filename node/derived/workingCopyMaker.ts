import { Readable } from 'node:stream'
import { LedgerError } from '../core/errors.ts'
import type { CoverReason, DrawnDocument } from '../core/statements/use.ts'
import { archive, LONGEST_ARCHIVE } from './archive.ts'
import type { Composed, MarkableType, Order } from './composeCopy.ts'
import type { CopyFiles, CopyMaker, Mark, MarkedCopy, Source } from './copyMaker.ts'
import { attachmentsOf, originalName } from './names.ts'
import { appendFiles } from './pdf/attachments.ts'
import { Overrun, Workshop } from './workshop.ts'
import type { Limits } from './workshop.ts'

/** Bytes of an original that is drawn on; a longer one travels beside its copy. */
export const LONGEST_MARKED = 32 * 1024 * 1024

const LIMITS: Limits = { memory: 768 * 1024 * 1024, time: 30_000, waiting: 64 }

/** Marks PDF, JPEG and PNG in a worker thread; whatever else goes into an archive. */
export class WorkingCopyMaker implements CopyMaker {
  readonly #workshop: Workshop<Order, Composed>

  constructor(limits: Partial<Limits> = {}) {
    const script = new URL('copyWorker.ts', import.meta.url)
    this.#workshop = new Workshop(script, { ...LIMITS, ...limits })
  }

  async draw(source: Source, mark: Mark): Promise<DrawnDocument | undefined> {
    return closing(source, async () => {
      if (!isDrawnOn(source)) {
        source.content.destroy()
        return undefined
      }
      const { composed } = await this.#compose(source, mark)
      const { bytes, digests, because } = composed
      return { digests: [...digests], size: bytes.length, ...(because && { because }) }
    })
  }

  async make(
    source: Source,
    mark: Mark,
    files: CopyFiles,
    drawn: DrawnDocument | undefined,
  ): Promise<MarkedCopy> {
    return closing(source, async () => {
      if (!isDrawnOn(source)) return putBeside(source, mark, files)
      const { composed, original } = await this.#compose(source, mark, drawn)
      const { bytes, because } = composed
      // Else it would not be the document of its receipt, and whoever checks it would take it for altered.
      if (!isSame(composed, drawn))
        throw new LedgerError('unavailable', 'DERIVED_COPY_NOT_REPEATED')
      const { mediaType } = source
      const inside = because === undefined ? undefined : { mediaType, bytes: original }
      return {
        ...(because === undefined ? { form: 'marked' } : { form: 'covered', because }),
        mediaType: 'application/pdf',
        fileName: `${mark.use}.pdf`,
        body: Readable.from([appendFiles(bytes, attachmentsOf(files, inside))], {
          objectMode: false,
        }),
      }
    })
  }

  close(): Promise<void> {
    return this.#workshop.close()
  }

  /** @param drawn the form that it has to have; unless given, what takes too much goes into a cover */
  async #compose(
    source: Source & { readonly mediaType: MarkableType },
    mark: Mark,
    drawn?: DrawnDocument,
  ): Promise<{ readonly composed: Composed; readonly original: Uint8Array }> {
    const { mediaType } = source
    let original: Uint8Array | undefined
    const read = async () => (original ??= await collect(source))
    const compose = (cover?: CoverReason) =>
      this.#workshop.run(async () => ({
        bytes: await read(),
        mediaType,
        mark,
        ...(cover !== undefined && { cover }),
      }))
    const composed = await compose(drawn?.because)
      .catch((error: unknown) => {
        if (error instanceof Overrun && drawn === undefined) return compose('heavy')
        throw error
      })
      .catch((cause: unknown) => {
        // A cover looks into nothing, and what was drawn once can be drawn again: it is the machine that has no room.
        if (cause instanceof Overrun)
          throw new LedgerError('unavailable', 'DERIVED_COPIES_BUSY', {}, { cause })
        throw cause
      })
    return { composed, original: await read() }
  }
}

async function closing<T>({ content }: Source, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    content.destroy()
    throw error
  }
}

function isDrawnOn(source: Source): source is Source & { readonly mediaType: MarkableType } {
  return isMarkable(source.mediaType) && source.size <= LONGEST_MARKED
}

function isMarkable(mediaType: string): mediaType is MarkableType {
  return ['application/pdf', 'image/jpeg', 'image/png'].includes(mediaType)
}

function isSame({ bytes, digests }: Composed, drawn: DrawnDocument | undefined): boolean {
  return drawn?.size === bytes.length && drawn.digests.every((digest) => digests.includes(digest))
}

function putBeside({ content, size, mediaType }: Source, mark: Mark, files: CopyFiles): MarkedCopy {
  if (size > LONGEST_ARCHIVE)
    throw new LedgerError('tooLarge', 'DERIVED_COPY_TOO_LARGE', { maxBytes: LONGEST_ARCHIVE })
  return {
    form: 'beside',
    because: isMarkable(mediaType) ? 'heavy' : 'format',
    mediaType: 'application/zip',
    fileName: `${mark.use}.zip`,
    body: archive({ fileName: originalName(mediaType), content }, mark, files),
  }
}

async function collect({ content, size }: Source): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  let length = 0
  for await (const piece of content as AsyncIterable<Uint8Array>) {
    if (length + piece.length > size) throw new TypeError('longer than it says')
    bytes.set(piece, length)
    length += piece.length
  }
  if (length < size) throw new TypeError('shorter than it says')
  return bytes
}
