import { Readable } from 'node:stream'
import { LedgerError } from '../core/errors.ts'
import { archive, LONGEST_ARCHIVE } from './archive.ts'
import type { Composed, MarkableType, Order } from './composeCopy.ts'
import type { Attachment, CopyMaker, Mark, MarkedCopy, Source } from './copyMaker.ts'
import { originalName } from './names.ts'
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

  async make(source: Source, mark: Mark, attachments: readonly Attachment[]): Promise<MarkedCopy> {
    try {
      if (!isMarkable(source.mediaType)) return putBeside(source, mark, attachments, 'format')
      if (source.size > LONGEST_MARKED) return putBeside(source, mark, attachments, 'heavy')
      return await this.#mark({ ...source, mediaType: source.mediaType }, mark, attachments)
    } catch (error) {
      source.content.destroy()
      throw error
    }
  }

  close(): Promise<void> {
    return this.#workshop.close()
  }

  async #mark(
    source: Source & { readonly mediaType: MarkableType },
    mark: Mark,
    attachments: readonly Attachment[],
  ): Promise<MarkedCopy> {
    const { mediaType } = source
    let bytes: Uint8Array | undefined
    const read = async () => (bytes ??= await collect(source))
    const compose = (cover?: Order['cover']) =>
      this.#workshop.run(async () => ({
        bytes: await read(),
        mediaType,
        mark,
        attachments,
        ...(cover !== undefined && { cover }),
      }))
    const composed = await compose()
      .catch((error: unknown) => {
        if (error instanceof Overrun) return compose('heavy')
        throw error
      })
      .catch((cause: unknown) => {
        // A cover looks into nothing: it is the machine that has no room.
        if (cause instanceof Overrun)
          throw new LedgerError('unavailable', 'DERIVED_COPIES_BUSY', {}, { cause })
        throw cause
      })
    return {
      ...(composed.because === undefined
        ? { form: 'marked' }
        : { form: 'covered', because: composed.because }),
      mediaType: 'application/pdf',
      fileName: `${mark.use}.pdf`,
      body: Readable.from([composed.bytes], { objectMode: false }),
    }
  }
}

function isMarkable(mediaType: string): mediaType is MarkableType {
  return ['application/pdf', 'image/jpeg', 'image/png'].includes(mediaType)
}

function putBeside(
  { content, size, mediaType }: Source,
  mark: Mark,
  attachments: readonly Attachment[],
  because: 'format' | 'heavy',
): MarkedCopy {
  if (size > LONGEST_ARCHIVE)
    throw new LedgerError('tooLarge', 'DERIVED_COPY_TOO_LARGE', { maxBytes: LONGEST_ARCHIVE })
  return {
    form: 'beside',
    because,
    mediaType: 'application/zip',
    fileName: `${mark.use}.zip`,
    body: archive({ fileName: originalName(mediaType), content }, mark, attachments),
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
