import type { Encoding } from './encoding.ts'

export interface TextLine {
  /** From 1, as an editor counts. */
  readonly number: number
  /** Without its line end; undefined where it is too long. */
  readonly text: string | undefined
}

/** Characters of one line at most: a submission has 64 KiB. */
const LONGEST_LINE = 64 * 1024

/** Lines of a text that comes in chunks, as many at a time as each chunk ends. Empty ones are left out. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<TextLine[], void> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const lines = new LineBuilder()
  for await (const chunk of chunks) yield lines.push(decoder.decode(chunk, { stream: true }))
  yield [...lines.push(decoder.decode()), ...lines.end()]
}

class LineBuilder {
  #number = 0
  #held = ''
  #isTooLong = false

  push(text: string): TextLine[] {
    const parts = text.split('\n')
    const rest = parts.pop() ?? ''
    const found = parts.flatMap((part) => this.#finish(part))
    this.#hold(rest)
    return found
  }

  end(): TextLine[] {
    return this.#held === '' && !this.#isTooLong ? [] : this.#finish('')
  }

  #hold(part: string): void {
    this.#isTooLong ||= this.#held.length + part.length > LONGEST_LINE
    this.#held = this.#isTooLong ? '' : this.#held + part
  }

  #finish(part: string): TextLine[] {
    this.#hold(part)
    this.#number++
    const text = this.#isTooLong ? undefined : this.#held.replace(/\r$/, '')
    this.#held = ''
    this.#isTooLong = false
    return text === '' ? [] : [{ number: this.#number, text }]
  }
}
