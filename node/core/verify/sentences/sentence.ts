/** What a code means for whoever reads the verdict. */
export interface Sentence {
  readonly result: 'pass' | 'fail' | 'unknown' | 'skipped'
  readonly message: string
  readonly next: string
}

/** By code, which is stable; sentences may improve. */
export type Sentences = Readonly<Record<string, Sentence>>

export const ASK_AGAIN = 'Ask whoever gave you the evidence for the original file.'
export const DISTRUST = 'Do not rely on this evidence, and tell whoever gave it to you.'
export const UPDATE = 'Verify it with a newer release.'
export const REFUSE =
  'Treat the use as one that was not permitted, and tell the holder and the auditor of the ledger.'
export const REFETCH = 'Fetch the evidence again from the ledger.'

export const pass = (message: string): Sentence => ({ result: 'pass', message, next: '' })
export const skipped = (message: string, next = ''): Sentence => ({
  result: 'skipped',
  message,
  next,
})
export const unknown = (message: string, next: string): Sentence => ({
  result: 'unknown',
  message,
  next,
})
export const fail = (message: string, next: string): Sentence => ({ result: 'fail', message, next })
