import type { Readable } from 'node:stream'
import type { CoverReason, DrawnDocument } from '../core/statements/use.ts'
import type { Mark } from './markText.ts'
import type { CopyFiles } from './names.ts'

export type { CopyFiles, Mark }

/** The bytes of a material. */
export interface Source {
  /** Is read to its end, or destroyed. */
  readonly content: Readable
  /** Bytes. */
  readonly size: number
  readonly mediaType: string
}

export interface MarkedCopy {
  /** The original with the mark on it; untouched in a PDF that carries the mark; untouched beside it in a ZIP. */
  readonly form: 'marked' | 'covered' | 'beside'
  /** Why it is untouched; `format`: nothing is drawn on such bytes. */
  readonly because?: CoverReason | 'format'
  readonly mediaType: 'application/pdf' | 'application/zip'
  readonly fileName: string
  readonly body: Readable
}

/** Makes the bytes of derived copies, so that people see whose they are, what for and until when. */
export interface CopyMaker {
  /**
   * What the document of a copy will be, before there is any evidence to lie in it; undefined where nothing is drawn.
   * Never fails over what the source holds: what cannot be marked travels untouched.
   *
   * @throws LedgerError unavailable/DERIVED_COPIES_BUSY
   */
  draw(source: Source, mark: Mark): Promise<DrawnDocument | undefined>

  /**
   * The copy, its files inside.
   *
   * @param drawn what `draw` said of the same source and mark: it is drawn again
   * @throws LedgerError unavailable/DERIVED_COPIES_BUSY
   * @throws LedgerError unavailable/DERIVED_COPY_NOT_REPEATED: this release of the software draws it otherwise
   * @throws LedgerError tooLarge/DERIVED_COPY_TOO_LARGE {maxBytes}
   */
  make(
    source: Source,
    mark: Mark,
    files: CopyFiles,
    drawn: DrawnDocument | undefined,
  ): Promise<MarkedCopy>

  close(): Promise<void>
}
