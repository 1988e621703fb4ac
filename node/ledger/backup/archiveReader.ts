import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { extract as createExtract } from 'tar-stream'
import type { Extract } from 'tar-stream'
import { z } from 'zod'
import { decodeUtf8 } from '../../core/bytes.ts'
import { LedgerError } from '../../core/errors.ts'
import { digestHead } from './archive.ts'
import { Manifest, parseMemberName, Trailer } from './format.ts'

/** What to do with the members of a backup, which come one after the other. */
export interface MemberTaker {
  contents(bytes: Buffer): Promise<void>
  large(index: number, chunks: AsyncIterable<Uint8Array>): Promise<void>
  records(generation: number, bytes: Buffer): Promise<void>
}

export interface ReadBackup {
  readonly manifest: Manifest
  readonly trailer: Trailer
}

/** Members of small things are read whole: none that was written is nearly as long. */
const LARGEST_GATHERED = 64 * 2 ** 20

type Member = Extract extends AsyncIterable<infer Source> ? Source : never

/**
 * Reads an archive to its end. What a taker was handed is only known to be right once this resolves.
 *
 * @throws LedgerError unverified/BACKUP_MALFORMED, unverified/BACKUP_VERSION_UNSUPPORTED
 * @throws LedgerError unverified/BACKUP_TRUNCATED when it ends before its trailer
 * @throws LedgerError unverified/BACKUP_DAMAGED when it is not what was written
 */
export async function readBackup(
  source: AsyncIterable<Uint8Array>,
  taker: MemberTaker,
): Promise<ReadBackup> {
  const extract = createExtract()
  // What goes wrong shows where the members are read; without a listener it would end the process.
  extract.on('error', () => {})
  let lost: { readonly reason: unknown } | undefined
  const feeding = feed(source, extract).catch((reason: unknown) => {
    lost = { reason }
    extract.destroy(reason as Error)
  })
  const reader = new BackupReader(taker)
  try {
    for await (const member of extract) await reader.take(member)
  } catch (error) {
    throw lost ? lost.reason : explainTar(error)
  } finally {
    extract.destroy()
    await feeding
  }
  return reader.finish()
}

/** Reads an archive for nothing but to see that it is whole. @throws LedgerError as `readBackup` */
export function checkBackup(source: AsyncIterable<Uint8Array>): Promise<ReadBackup> {
  return readBackup(source, {
    contents: async () => {},
    records: async () => {},
    large: async (_, chunks) => {
      for await (const _chunk of chunks) continue
    },
  })
}

async function feed(source: AsyncIterable<Uint8Array>, extract: Extract): Promise<void> {
  // An error closes it as well.
  const closed = once(extract, 'close').catch(() => {})
  for await (const chunk of source) {
    if (extract.destroyed) return
    if (!extract.write(chunk)) await Promise.race([once(extract, 'drain'), closed])
  }
  extract.end(null)
}

class BackupReader {
  readonly #taker: MemberTaker
  readonly #digest = createHash('sha256')
  #manifest: Manifest | undefined
  #trailer: Trailer | undefined

  constructor(taker: MemberTaker) {
    this.#taker = taker
  }

  async take(member: Member): Promise<void> {
    const { name, size } = member.header
    const parsed = parseMemberName(name)
    const isFirst = this.#manifest === undefined
    // The manifest begins it and the trailer ends it: nothing stands before or behind.
    if (!parsed || this.#trailer || isFirst !== (parsed.of === 'manifest')) throw malformed(name)
    if (parsed.of === 'trailer') return this.#takeTrailer(await buffer(member))
    digestHead(this.#digest, name, size)
    if (parsed.of !== 'large' && size > LARGEST_GATHERED) throw malformed(name)
    if (parsed.of === 'large') return this.#taker.large(parsed.index, this.#digesting(member))
    const bytes = await buffer(this.#digesting(member))
    if (parsed.of === 'manifest') this.#manifest = parseJson(Manifest, bytes)
    else if (parsed.of === 'contents') await this.#taker.contents(bytes)
    else await this.#taker.records(parsed.generation, bytes)
  }

  async *#digesting(member: Member): AsyncGenerator<Uint8Array> {
    for await (const chunk of member as AsyncIterable<Uint8Array>) {
      this.#digest.update(chunk)
      yield chunk
    }
  }

  #takeTrailer(bytes: Buffer): void {
    this.#trailer = parseJson(Trailer, bytes)
    if (this.#digest.digest('hex') !== this.#trailer.sha256) {
      throw new LedgerError('unverified', 'BACKUP_DAMAGED', { reason: 'digest' })
    }
  }

  /** @throws LedgerError unverified/BACKUP_TRUNCATED */
  finish(): ReadBackup {
    const [manifest, trailer] = [this.#manifest, this.#trailer]
    if (!manifest || !trailer) throw new LedgerError('unverified', 'BACKUP_TRUNCATED')
    return { manifest, trailer }
  }
}

function parseJson<T extends z.ZodType>(schema: T, bytes: Buffer): z.infer<T> {
  let value: unknown
  try {
    value = JSON.parse(decodeUtf8(bytes))
  } catch (cause) {
    throw malformed('JSON', cause)
  }
  const { v } = z.object({ v: z.unknown() }).safeParse(value).data ?? {}
  if (typeof v === 'number' && v > 1) {
    throw new LedgerError('unverified', 'BACKUP_VERSION_UNSUPPORTED', { v })
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw malformed('JSON')
  return parsed.data
}

/** The archive ends in the middle, or is no tar archive at all: the library has plain errors without codes for that. */
function explainTar(error: unknown): unknown {
  if (!(error instanceof Error) || error.constructor !== Error || 'code' in error) return error
  return error.message === 'Unexpected end of data'
    ? new LedgerError('unverified', 'BACKUP_TRUNCATED', {}, { cause: error })
    : malformed(error.message, error)
}

export function malformed(what: string, cause?: unknown): LedgerError {
  return new LedgerError('unverified', 'BACKUP_MALFORMED', { what: what.slice(0, 100) }, { cause })
}
