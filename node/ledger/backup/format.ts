import { z } from 'zod'

/**
 * A backup is a tar archive with these members, in this order:
 *
 * | member | holds |
 * |---|---|
 * | `manifest.json` | what this is |
 * | `contents/<number>` | small contents, framed: index(6) ‖ length(4) ‖ sealed bytes |
 * | `large/<index>` | one large content, sealed |
 * | `records/<generation>/<number>` | key-value records, framed: length of key(2) ‖ key ‖ length of value(4) ‖ value |
 * | `trailer.json` | what makes it complete, and the digest of everything before |
 *
 * Contents and records may alternate. Numbers are big-endian. The records of the last generation are a snapshot
 * of one instant; earlier generations do not count, and neither do contents that no record leads to.
 *
 * Everything is as sealed as it is in the data folder: whoever has the archive, but not the master key, reads
 * nothing but the public log. The master key is not in it.
 */
export const BACKUP_VERSION = 1

export const Manifest = z.strictObject({
  v: z.literal(BACKUP_VERSION),
  what: z.literal('onceledger backup'),
  /** The log's. */
  origin: z.string(),
  /** RFC 3339. */
  startedAt: z.iso.datetime({ precision: 3 }),
})
export type Manifest = z.infer<typeof Manifest>

const count = z.int().min(0)

export const Trailer = z.strictObject({
  v: z.literal(BACKUP_VERSION),
  /** Whose records count. */
  generation: z.int().min(1),
  records: count,
  /** That the records lead to. */
  contents: count,
  /** Signed note of the checkpoint that the records hold. */
  checkpoint: z.string(),
  /** Of the members before: for each, name ‖ 0x00 ‖ length in digits ‖ 0x00 ‖ bytes. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Trailer = z.infer<typeof Trailer>

export const MANIFEST_MEMBER = 'manifest.json'
export const TRAILER_MEMBER = 'trailer.json'

export type MemberName =
  | { readonly of: 'manifest' }
  | { readonly of: 'contents' }
  | { readonly of: 'large'; readonly index: number }
  | { readonly of: 'records'; readonly generation: number }
  | { readonly of: 'trailer' }

const NAMED = /^(?<of>contents|large|records)\/(?<first>\d{1,15})(?:\/(?<second>\d{1,15}))?$/

/** Undefined: no member of a backup has this name. */
export function parseMemberName(name: string): MemberName | undefined {
  if (name === MANIFEST_MEMBER) return { of: 'manifest' }
  if (name === TRAILER_MEMBER) return { of: 'trailer' }
  const { of, first, second } = NAMED.exec(name)?.groups ?? {}
  if (of === 'contents' && second === undefined) return { of }
  if (of === 'large' && second === undefined) return { of, index: Number(first) }
  if (of === 'records' && second !== undefined) return { of, generation: Number(first) }
  return undefined
}
