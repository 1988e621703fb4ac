/** One sentence for each code of a LedgerError: what is wrong and what to do. */
export type Sentences = Readonly<Record<string, string>>
