import { AFRelationship, PDFDict, PDFDocument, PDFHexString, PDFName } from '@cantoo/pdf-lib'
import { LedgerError } from '../../core/errors.ts'

export interface Attachment {
  readonly fileName: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/**
 * Names files that the document will carry as PDF/A-3 (ISO 19005-3 §6.8) does, and keeps the last object numbers free
 * for them. What is saved then is a whole document whose attachments are still empty, and can be digested before they
 * are known: `appendFiles` puts them behind it.
 *
 * @param files in the order of their names
 */
export function reserveFiles(
  { context, catalog }: PDFDocument,
  files: readonly { readonly fileName: string; readonly relationship: 'Data' | 'Source' }[],
): void {
  const specs = files.map(({ fileName }) => ({
    name: PDFHexString.fromText(fileName),
    ref: context.nextRef(),
  }))
  for (const [index, { relationship }] of files.entries()) {
    const spec = specs[index]
    if (spec === undefined) throw new TypeError('one for each file')
    // Nothing but the files is numbered after this.
    const file = context.nextRef()
    context.assign(
      spec.ref,
      context.obj({
        Type: 'Filespec',
        F: spec.name,
        UF: spec.name,
        EF: { F: file },
        AFRelationship: AFRelationship[relationship],
      }),
    )
  }
  const names = catalog.lookup(PDFName.of('Names')) ?? context.obj({})
  if (!(names instanceof PDFDict)) throw new TypeError('names are no dictionary')
  names.set(
    PDFName.of('EmbeddedFiles'),
    context.obj({ Names: specs.flatMap(({ name, ref }) => [name, ref]) }),
  )
  catalog.set(PDFName.of('Names'), names)
  catalog.set(PDFName.of('AF'), context.obj(specs.map(({ ref }) => ref)))
}

/**
 * The document with the files that it reserved, as an incremental update (ISO 32000-2 §7.5.6): its own bytes, then one
 * object for each file, nothing packed, and where they lie. There is one way to write it, so that whoever has document
 * and files can tell whether there is anything else.
 *
 * @param document as `reserveFiles` left it, saved with a cross-reference table
 * @throws LedgerError invalid/DERIVED_COPY_MALFORMED: it is no such document
 */
export function appendFiles(
  document: Uint8Array,
  files: readonly Pick<Attachment, 'mediaType' | 'bytes'>[],
): Uint8Array {
  const { table, size, trailer } = readTrailer(document)
  const first = size - files.length
  const pieces: Uint8Array[] = [document]
  let length = document.length
  const write = (piece: Uint8Array | string) => {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
    pieces.push(bytes)
    length += bytes.length
  }
  write('\n')
  const rows = files.map(({ mediaType, bytes }, index) => {
    const row = `${String(length).padStart(10, '0')} 00000 n \n`
    write(
      `${first + index} 0 obj\n<<\n/Type /EmbeddedFile\n/Subtype /${nameOf(mediaType)}\n` +
        `/Length ${bytes.length}\n/Params <<\n/Size ${bytes.length}\n>>\n>>\nstream\n`,
    )
    write(bytes)
    write('\nendstream\nendobj\n')
    return row
  })
  const start = length
  write(`xref\n${first} ${files.length}\n${rows.join('')}`)
  write(`trailer\n<<\n/Prev ${table}${trailer}\nstartxref\n${start}\n%%EOF\n`)
  return Buffer.concat(pieces, length)
}

/**
 * ISO 32000-2 §7.5.5, as the library writes it: the table has digits only, so that the first trailer after it is its
 * own.
 */
function readTrailer(document: Uint8Array) {
  const text = Buffer.from(document.buffer, document.byteOffset, document.length)
  const [, start] =
    /\nstartxref\n(\d{1,10})\n%%EOF$/.exec(text.subarray(-40).toString('latin1')) ?? []
  const table = Number(start)
  const end = text.lastIndexOf('\n\nstartxref\n')
  const begin = text.indexOf('trailer\n<<', table)
  const [whole, trailer, size] =
    /^trailer\n<<(\n\/Size (\d{1,10})\n.*>>\n)$/s.exec(text.toString('latin1', begin, end + 1)) ??
    []
  if (start === undefined || begin < table || whole === undefined || trailer === undefined)
    throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED')
  return { table, size: Number(size), trailer }
}

/** ISO 32000-2 §7.3.5 */
function nameOf(mediaType: string): string {
  return mediaType.replace(
    /[^A-Za-z0-9.+-]/g,
    (character) => `#${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/**
 * What a marked copy or a cover carries, for whoever got one, also where something was done to it.
 *
 * @throws LedgerError invalid/DERIVED_COPY_MALFORMED: no document, or not one of ours
 */
export async function readAttachments(bytes: Uint8Array): Promise<Attachment[]> {
  try {
    const document = await PDFDocument.load(bytes, { updateMetadata: false, parseSpeed: Infinity })
    return document.getAttachments().map(({ name, mimeType = '', data }) => ({
      fileName: name,
      mediaType: mimeType,
      bytes: data,
    }))
  } catch (cause) {
    throw new LedgerError('invalid', 'DERIVED_COPY_MALFORMED', {}, { cause })
  }
}
