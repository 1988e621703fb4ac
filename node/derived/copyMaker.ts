import type { Readable } from 'node:stream'
import type { Mark } from './markText.ts'
import type { Attachment } from './pdf/attachments.ts'
import type { Reason } from './pdf/unmarkable.ts'

export type { Attachment, Mark, Reason }

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
  readonly because?: Reason | 'format'
  readonly mediaType: 'application/pdf' | 'application/zip'
  readonly fileName: string
  readonly body: Readable
}

/** Makes the bytes of derived copies, so that people see whose they are, what for and until when. */
export interface CopyMaker {
  /**
   * Never fails over what the source holds: what cannot be marked travels untouched.
   *
   * @param attachments with names that differ: the derived copy, and evidence of its use
   * @throws LedgerError unavailable/DERIVED_COPIES_BUSY
   * @throws LedgerError tooLarge/DERIVED_COPY_TOO_LARGE {maxBytes}
   */
  make(source: Source, mark: Mark, attachments: readonly Attachment[]): Promise<MarkedCopy>
  close(): Promise<void>
}
