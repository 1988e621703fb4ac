/** One sentence for every code: what is wrong and what to do. Codes are stable, sentences may improve. */
export const SENTENCES: Readonly<Record<string, string>> = {}
