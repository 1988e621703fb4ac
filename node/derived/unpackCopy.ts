import { unzipSync } from 'fflate'
import { LedgerError } from '../core/errors.ts'
import { COPY_NAME, EVIDENCE_NAME, isOriginalName } from './names.ts'
import type { CopyFiles } from './names.ts'

/** What whoever got a copy finds in it. */
export interface UnpackedCopy extends CopyFiles {
  readonly form: 'pdf' | 'zip'
  /** Absent where it is drawn on. */
  readonly original?: Uint8Array
}

/**
 * Takes a copy apart. Undefined where it is neither a PDF nor a ZIP.
 *
 * @throws LedgerError invalid/DERIVED_COPY_MALFORMED: it is not one of ours, or was cut
 */
export async function unpackCopy(bytes: Uint8Array): Promise<UnpackedCopy | undefined> {
  const form = formOf(bytes)
  if (form === undefined) return undefined
  const files = form === 'zip' ? unzip(bytes) : await readPdf(bytes)
  const [copy, evidence] = [COPY_NAME, EVIDENCE_NAME].map((name) =>
    only(files, (it) => it === name),
  )
  if (copy === undefined || evidence === undefined)
    throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED')
  const original = only(files, isOriginalName)
  return {
    form,
    copy: copy.bytes,
    evidence: evidence.bytes,
    ...(original && { original: original.bytes }),
  }
}

interface File {
  readonly fileName: string
  readonly bytes: Uint8Array
}

function formOf(bytes: Uint8Array): UnpackedCopy['form'] | undefined {
  const start = Buffer.from(bytes.subarray(0, 5)).toString('latin1')
  if (start === '%PDF-') return 'pdf'
  return start.startsWith('PK') ? 'zip' : undefined
}

async function readPdf(bytes: Uint8Array): Promise<readonly File[]> {
  // Loaded for those who need it: most who verify have no PDF.
  const { readAttachments } = await import('./pdf/attachments.ts')
  return readAttachments(bytes)
}

/** Ours pack nothing, so that nothing unpacks to more than there is. */
function unzip(bytes: Uint8Array): readonly File[] {
  const names = new Set<string>()
  try {
    const files = unzipSync(bytes, {
      filter({ name, compression }) {
        if (compression !== 0 || names.has(name)) throw new RangeError(name)
        names.add(name)
        return true
      },
    })
    return Object.entries(files).map(([fileName, bytes]) => ({ fileName, bytes }))
  } catch (cause) {
    throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED', {}, { cause })
  }
}

/** Of two with one name nobody knows which a reader would show. */
function only(files: readonly File[], isNamed: (name: string) => boolean): File | undefined {
  const [found, ...others] = files.filter(({ fileName }) => isNamed(fileName))
  if (others.length > 0) throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED')
  return found
}
