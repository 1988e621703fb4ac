import { buffer } from 'node:stream/consumers'
import { LedgerError } from '../core/errors.ts'
import { EVIDENCE_MEDIA_TYPE } from '../core/evidence.ts'
import { DERIVED_COPY_MEDIA_TYPE, parseDerivedCopy } from '../core/uses/derivedCopy.ts'
import type { CopyMaker, MarkedCopy } from '../derived/copyMaker.ts'
import { COPY_NAME, EVIDENCE_NAME } from '../derived/names.ts'
import type { Uses } from './uses.ts'

export interface UseDocumentParts {
  readonly uses: Pick<Uses, 'openCopy' | 'openContent' | 'evidence'>
  readonly maker: CopyMaker
}

/**
 * Whole materials as a department gets them: marked with what they are for, the derived copy and the evidence of the use
 * inside. Each is made when it is asked for, and kept nowhere.
 */
export class UseDocuments {
  readonly #parts: UseDocumentParts

  constructor(parts: UseDocumentParts) {
    this.#parts = parts
  }

  /**
   * @param wait until the evidence inside is anchored
   * @throws LedgerError notFound/USE_NOT_FOUND, USE_NOTHING_RELEASED, USE_WITHOUT_CONTENT; MATERIAL_ERASED, CONTENT_NOT_KEPT
   * @throws LedgerError forbidden/DERIVED_COPY_EXPIRED
   * @throws LedgerError tooLarge/DERIVED_COPY_TOO_LARGE; unavailable/DERIVED_COPIES_BUSY
   */
  async open(id: string, wait?: { readonly anchored: AbortSignal }): Promise<MarkedCopy> {
    const { uses, maker } = this.#parts
    const copy = await buffer(await uses.openCopy(id))
    const { mark, material } = parseDerivedCopy(copy)
    if (material === undefined) throw new LedgerError('notFound', 'USE_WITHOUT_CONTENT', { id })
    const evidence = await uses.evidence(id, wait)
    const { size, mediaType } = material
    return maker.make({ content: await uses.openContent(id), size, mediaType }, mark, [
      { fileName: COPY_NAME, mediaType: DERIVED_COPY_MEDIA_TYPE, bytes: copy },
      { fileName: EVIDENCE_NAME, mediaType: EVIDENCE_MEDIA_TYPE, bytes: evidence },
    ])
  }
}
