import { unzipSync } from 'fflate'
import { LedgerError } from '../core/errors.ts'
import { COPY_NAME, EVIDENCE_NAME, isOriginalName } from './names.ts'

/** What whoever got a copy finds in it. */
export interface UnpackedCopy {
  /** The derived copy, byte for byte as the receipt of its use has its digests. */
  readonly copy: Uint8Array
  readonly evidence: Uint8Array
  /** Absent where it is drawn on. */
  readonly original?: Uint8Array
}

/**
 * Takes a copy apart. Undefined where it is neither a PDF nor a ZIP.
 *
 * @throws LedgerError invalid/DERIVED_COPY_MALFORMED: it is not one of ours, or was cut
 */
export async function unpackCopy(bytes: Uint8Array): Promise<UnpackedCopy | undefined> {
  const files = await readFiles(bytes)
  if (files === undefined) return undefined
  const [copy, evidence] = [COPY_NAME, EVIDENCE_NAME].map((name) =>
    only(files, (it) => it === name),
  )
  if (copy === undefined || evidence === undefined)
    throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED')
  const original = only(files, isOriginalName)
  return { copy, evidence, ...(original && { original }) }
}

type Files = readonly (readonly [name: string, bytes: Uint8Array])[]

async function readFiles(bytes: Uint8Array): Promise<Files | undefined> {
  const start = Buffer.from(bytes.subarray(0, 5)).toString('latin1')
  if (start === '%PDF-') {
    // Loaded for those who need it: most who verify have no PDF.
    const { readAttachments } = await import('./pdf/attachments.ts')
    return (await readAttachments(bytes)).map(({ fileName, bytes }) => [fileName, bytes])
  }
  if (!start.startsWith('PK')) return undefined
  return unzip(bytes)
}

/** Ours pack nothing, so that nothing unpacks to more than there is. */
function unzip(bytes: Uint8Array): Files {
  const names = new Set<string>()
  try {
    const files = unzipSync(bytes, {
      filter({ name, compression }) {
        if (compression !== 0 || names.has(name)) throw new RangeError(name)
        names.add(name)
        return true
      },
    })
    return Object.entries(files)
  } catch (cause) {
    throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED', {}, { cause })
  }
}

/** Of two with one name nobody knows which a reader would show. */
function only(files: Files, isNamed: (name: string) => boolean): Uint8Array | undefined {
  const [found, ...others] = files.filter(([name]) => isNamed(name))
  if (others.length > 0) throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED')
  return found?.[1]
}
