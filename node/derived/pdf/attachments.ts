import { AFRelationship, PDFDocument } from '@cantoo/pdf-lib'
import { LedgerError } from '../../core/errors.ts'

export interface Attachment {
  readonly fileName: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** Puts files into the document as PDF/A-3 (ISO 19005-3 §6.8) does, the mark's own as its data. */
export async function attach(
  document: PDFDocument,
  attachments: readonly Attachment[],
  relationship: 'Data' | 'Source' = 'Data',
): Promise<void> {
  for (const { fileName, mediaType, bytes } of attachments) {
    await document.attach(bytes, fileName, {
      mimeType: mediaType,
      afRelationship: AFRelationship[relationship],
    })
  }
}

/**
 * What a marked copy or a cover carries, for whoever got one.
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
