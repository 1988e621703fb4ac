import iconv from 'iconv-lite'
import { LedgerError } from '../core/errors.ts'

/** GB 18030 is what spreadsheets of Chinese systems write. */
export const ENCODINGS = ['utf-8', 'gb18030'] as const
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
/** Runs of characters that are looked at for garbling: a text that was garbled was so all through. */
const MOST_RUNS = 5_000
const RUN = /[^\p{ASCII}]+/gu
/** What replaces what could not be read, and the same read as GB 18030. */
const REPLACED = /\uFFFD|锟斤拷|\p{Co}/u
const HAN = /\p{Script=Han}/gu

/** One encoding's way to read a text. */
class Reading {
  readonly encoding: Encoding
  /** Where the first character stands that says that it was read wrong before. */
  garbledLine: number | undefined
  readonly #decoder: TextDecoder
  #isBroken = false
  #isEnded = false
  #line = 1
  #runs = 0

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
    const lines = text.split('\n')
    for (const [i, line] of lines.entries()) {
      if (i > 0) this.#line++
      if (this.garbledLine === undefined && this.#isGarbled(line)) this.garbledLine = this.#line
    }
  }

  #isGarbled(line: string): boolean {
    if (REPLACED.test(line)) return true
    if (this.#runs >= MOST_RUNS) return false
    const runs = line.match(RUN) ?? []
    this.#runs += runs.length
    return runs.some(isGarbled)
  }
}

/** Ways in which a text is read wrong: what it was written in, and the bytes that it was before it was taken for another. */
const MISTAKES = [
  ['utf-8', (run: string) => iconv.encode(run, 'gb18030')],
  ['utf-8', encodeLatin],
  ['gb18030', encodeLatin],
] as const

/** Whether characters make sense once the mistake is undone, and so made none as they stand. */
function isGarbled(run: string): boolean {
  return MISTAKES.some(([written, bytesOf]) => {
    const bytes = bytesOf(run)
    // Of what cannot have come from there, question marks are left.
    if (bytes.includes(0x3f)) return false
    return isMostlyHan(new TextDecoder(written).decode(bytes), run)
  })
}

/** As Windows-1252, and where that has nothing, as Latin-1: software differs in what it makes of such bytes. */
function encodeLatin(run: string): Uint8Array {
  return Buffer.concat(
    Array.from(run, (character) => {
      const code = character.charCodeAt(0)
      return code <= 0xff ? Buffer.of(code) : iconv.encode(character, 'win1252')
    }),
  )
}

/** Two characters may look like it by chance, three do not. @param run what it was before, always longer */
function isMostlyHan(undone: string, run: string): boolean {
  const han = count(undone, HAN)
  const broken = count(undone, /\uFFFD/g)
  return han >= 3 && han > 2 * broken && undone.length < run.length
}

/** How much of what is no UTF-8 looks like it. */
class Damage {
  readonly #decoder = new TextDecoder('utf-8')
  #han = 0
  #broken = 0

  read(chunk: Uint8Array): void {
    const text = this.#decoder.decode(chunk, { stream: true })
    this.#han += count(text, HAN)
    this.#broken += count(text, /\uFFFD/g)
  }

  get isOfUtf8(): boolean {
    return this.#han > this.#broken
  }
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
