import { buffer } from 'node:stream/consumers'
import { LedgerError } from '../core/errors.ts'
import { parseDerivedCopy } from '../core/uses/derivedCopy.ts'
import type { CopyMaker, MarkedCopy } from '../derived/copyMaker.ts'
import type { Uses } from './uses.ts'

export interface UseDocumentParts {
  readonly uses: Pick<Uses, 'get' | 'openCopy' | 'openContent' | 'evidence'>
  readonly maker: Pick<CopyMaker, 'make'>
}

/**
 * Whole materials as a department gets them: marked with what they are for, the derived copy and the evidence of the
 * use inside. Each is made when it is asked for, and kept nowhere.
 */
export class UseDocuments {
  readonly #parts: UseDocumentParts

  constructor(parts: UseDocumentParts) {
    this.#parts = parts
  }

  /**
   * @param wait until the evidence inside is anchored
   * @throws LedgerError notFound/USE_NOT_FOUND, USE_NOTHING_RELEASED, USE_WITHOUT_CONTENT; MATERIAL_ERASED,
   *   CONTENT_NOT_KEPT
   * @throws LedgerError forbidden/DERIVED_COPY_EXPIRED
   * @throws LedgerError tooLarge/DERIVED_COPY_TOO_LARGE; unavailable/DERIVED_COPIES_BUSY, DERIVED_COPY_NOT_REPEATED
   */
  async open(id: string, wait?: { readonly anchored: AbortSignal }): Promise<MarkedCopy> {
    const { uses, maker } = this.#parts
    const copy = await buffer(await uses.openCopy(id))
    const { mark, material } = parseDerivedCopy(copy)
    if (material === undefined) throw new LedgerError('notFound', 'USE_WITHOUT_CONTENT', { id })
    const { statement } = await uses.get(id)
    const drawn = statement.kind === 'use.released' ? statement.document : undefined
    const evidence = await uses.evidence(id, wait)
    const { size, mediaType } = material
    const source = { content: await uses.openContent(id), size, mediaType }
    return maker.make(source, mark, { copy, evidence }, drawn)
  }
}
