import { isLedgerError } from '../../node/core/errors.ts'
import { SENTENCES } from '../../api/http/problems.ts'

/** One thing that is told, in both languages. */
export interface Words {
  readonly zh: string
  readonly en: string
}

/** Tells the story step by step, and counts what does not end as it is told. */
export class Narrator {
  readonly #write: (line: string) => void
  #steps = 0
  #refusals = 0
  readonly #wrong: string[] = []

  constructor(write: (line: string) => void) {
    this.#write = write
  }

  get summary(): { steps: number; refusals: number; wrong: readonly string[] } {
    return { steps: this.#steps, refusals: this.#refusals, wrong: this.#wrong }
  }

  chapter({ zh, en }: Words): void {
    this.#write(`\n== ${zh}\n   ${en}`)
  }

  /** What is signed, in the words that whoever signs was shown. */
  signed({ zh, en }: Words): void {
    this.#write(`      ✎ ${zh}\n        ${en}`)
  }

  note(text: string): void {
    this.#write(`      ${text}`)
  }

  /** Something that works. Goes on with what it gave; what it throws ends the story. */
  async step<T>(words: Words, act: () => Promise<T>, result?: (value: T) => string): Promise<T> {
    this.#begin(words)
    const value = await act()
    this.#write(`      ✓ ${result?.(value) ?? 'done'}`)
    return value
  }

  /** Something that must be refused, with this code. */
  async refused(words: Words, code: string, act: () => Promise<unknown>): Promise<void> {
    this.#begin(words)
    this.#refusals++
    const found = await codeOf(act)
    if (found === code) this.#write(`      ✗ ${code}: ${SENTENCES[code] ?? ''}`)
    else this.#fail(`${words.en}: ${code} expected, ${found ?? 'nothing refused'}`)
  }

  /** Something that must be found so. */
  async found(words: Words, expected: string, act: () => Promise<string>): Promise<void> {
    this.#begin(words)
    const found = await act()
    if (found === expected) this.#write(`      ✓ ${found}`)
    else this.#fail(`${words.en}: ${expected} expected, ${found} found`)
  }

  #begin({ zh, en }: Words): void {
    this.#steps++
    this.#write(`${String(this.#steps).padStart(3)}. ${zh}\n     ${en}`)
  }

  #fail(what: string): void {
    this.#wrong.push(what)
    this.#write(`      !! ${what}`)
  }
}

async function codeOf(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    if (isLedgerError(error)) return error.code
    throw error
  }
}
