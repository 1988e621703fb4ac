import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { isLedgerError, LedgerError } from '../core/errors.ts'
import { parseEvidence } from '../core/evidence.ts'
import type { DrawnDocument } from '../core/statements/use.ts'
import { parseDerivedCopy } from '../core/uses/derivedCopy.ts'
import type { DerivedCopy } from '../core/uses/derivedCopy.ts'
import type { GivenContent } from '../core/verify/content.ts'
import { archive } from './archive.ts'
import { digestsOf } from './digests.ts'
import { attachmentsOf, originalName } from './names.ts'
import { unpackCopy } from './unpackCopy.ts'
import type { UnpackedCopy } from './unpackCopy.ts'

/** What there is to verify of a document that somebody was handed. */
export interface ExaminedCopy {
  readonly evidence: Uint8Array
  /** The derived copy in it, and how the document compares with it. */
  readonly content: GivenContent
}

/**
 * Takes a copy apart, and puts it together again from what its receipt and its parts say it is made of. Undefined where
 * it is neither a PDF nor a ZIP. Nothing is checked of the receipt: that is for the verdict.
 *
 * Takes as much time and memory as its maker wants it to: others' are examined by `copyExaminer.ts`.
 *
 * @throws LedgerError invalid/DERIVED_COPY_MALFORMED: it is not one of ours, or was cut
 */
export async function examineCopy(bytes: Uint8Array): Promise<ExaminedCopy | undefined> {
  const unpacked = await unpackCopy(bytes)
  if (unpacked === undefined) return undefined
  const { form, copy, evidence, original } = unpacked
  const derived = readCopy(copy)
  const drawn = form === 'pdf' ? drawnOf(evidence) : undefined
  const isWhole =
    form === 'pdf'
      ? drawn !== undefined && (await isPdfOf(bytes, unpacked, derived, drawn))
      : await isArchiveOf(bytes, unpacked, derived)
  return {
    evidence,
    content: {
      ...contentOf(copy),
      marked: {
        stated: derived.material,
        given: original && contentOf(original),
        drawn: drawn && contentOf(bytes.subarray(0, drawn.size)),
        isWhole,
      },
    },
  }
}

function readCopy(copy: Uint8Array): DerivedCopy {
  try {
    return parseDerivedCopy(copy)
  } catch (cause) {
    if (!isLedgerError(cause)) throw cause
    throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED', {}, { cause })
  }
}

/** What the receipt says of the pages. */
function drawnOf(evidence: Uint8Array): DrawnDocument | undefined {
  try {
    const { statement } = parseEvidence(evidence)
    return statement.kind === 'use.released' ? statement.document : undefined
  } catch (error) {
    // The verdict will say so.
    if (!isLedgerError(error)) throw error
    return undefined
  }
}

/** Whether the original lies in it where its receipt says that it is a cover, and nothing else behind the pages. */
async function isPdfOf(
  bytes: Uint8Array,
  { copy, evidence, original }: UnpackedCopy,
  { material }: DerivedCopy,
  { size, because }: DrawnDocument,
): Promise<boolean> {
  if ((because === undefined) !== (original === undefined)) return false
  const inside = original && { mediaType: material?.mediaType ?? '', bytes: original }
  const { appendFiles } = await import('./pdf/attachments.ts')
  try {
    const made = appendFiles(bytes.subarray(0, size), attachmentsOf({ copy, evidence }, inside))
    return Buffer.from(made).equals(bytes)
  } catch (error) {
    if (!isLedgerError(error, 'DERIVED_COPY_MALFORMED')) throw error
    return false
  }
}

async function isArchiveOf(
  bytes: Uint8Array,
  { copy, evidence, original }: UnpackedCopy,
  { mark, material }: DerivedCopy,
): Promise<boolean> {
  if (original === undefined || material === undefined) return false
  const content = Readable.from([original], { objectMode: false })
  const fileName = originalName(material.mediaType)
  const made = await buffer(archive({ fileName, content }, mark, { copy, evidence }))
  return made.equals(bytes)
}

function contentOf(bytes: Uint8Array): Pick<GivenContent, 'digests' | 'size'> {
  return { digests: digestsOf(bytes), size: bytes.length }
}
