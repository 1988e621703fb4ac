import { LedgerError } from '../core/errors.ts'
import { countBroken, countHan, Garbling } from './garbling.ts'

/** GB 18030 is what spreadsheets of Chinese systems write. */
const ENCODINGS = ['utf-8', 'gb18030'] as const
export type Encoding = (typeof ENCODINGS)[number]

export interface InspectedText {
  readonly encoding: Encoding
  readonly lines: number
}

/**
 * Reads a text through to its end to learn how it is encoded: what is no UTF-8, with or without a byte order mark, is
 * GB 18030, if every byte of it is. What was read in another encoding before, and written so, is refused.
 *
 * @throws LedgerError invalid/TEXT_ENCODING_UNKNOWN: it is neither; TEXT_GARBLED {line}
 */
export async function inspectText(chunks: AsyncIterable<Uint8Array>): Promise<InspectedText> {
  const utf8 = new Reading('utf-8')
  const gb18030 = new Reading('gb18030')
  const damage = new Damage()
  let lines = 0
  let last = NEWLINE
  for await (const chunk of chunks) {
    utf8.read(chunk)
    gb18030.read(chunk)
    damage.read(chunk)
    for (const byte of chunk) if (byte === NEWLINE) lines++
    last = chunk.at(-1) ?? last
  }
  if (last !== NEWLINE) lines++
  const reading = utf8.end() ? utf8 : gb18030
  if (!reading.end()) throw new LedgerError('invalid', 'TEXT_ENCODING_UNKNOWN')
  // Nearly all UTF-8 is not GB 18030, only damaged.
  if (reading === gb18030 && damage.isOfUtf8) throw new LedgerError('invalid', 'TEXT_GARBLED')
  const garbled = reading.garbledLine
  if (garbled !== undefined) throw new LedgerError('invalid', 'TEXT_GARBLED', { line: garbled })
  return { encoding: reading.encoding, lines }
}

const NEWLINE = 0x0a

/** One encoding's way to read a text. */
class Reading {
  readonly encoding: Encoding
  readonly #garbling = new Garbling()
  readonly #decoder: TextDecoder
  #isBroken = false
  #isEnded = false
  #line = 1

  constructor(encoding: Encoding) {
    this.encoding = encoding
    this.#decoder = new TextDecoder(encoding, { fatal: true })
  }

  read(chunk: Uint8Array): void {
    if (this.#isBroken) return
    try {
      this.#inspect(this.#decoder.decode(chunk, { stream: true }))
    } catch {
      this.#isBroken = true
    }
  }

  /** Where it shows that it was read wrong before. */
  get garbledLine(): number | undefined {
    return this.#garbling.line
  }

  /** Whether all of it could be read. */
  end(): boolean {
    if (!this.#isBroken && !this.#isEnded) {
      try {
        this.#inspect(this.#decoder.decode())
      } catch {
        this.#isBroken = true
      }
    }
    this.#isEnded = true
    return !this.#isBroken
  }

  #inspect(text: string): void {
    for (const [i, line] of text.split('\n').entries()) {
      if (i > 0) this.#line++
      this.#garbling.inspect(line, this.#line)
    }
  }
}

/** How much of what is no UTF-8 looks like it. */
class Damage {
  readonly #decoder = new TextDecoder('utf-8')
  #han = 0
  #broken = 0

  read(chunk: Uint8Array): void {
    const text = this.#decoder.decode(chunk, { stream: true })
    this.#han += countHan(text)
    this.#broken += countBroken(text)
  }

  get isOfUtf8(): boolean {
    return this.#han > this.#broken
  }
}
